/// A right answer made from random bytes, so that it is known how it reads.
struct MadeAnswer {
    /// The answer as it comes on the wire.
    private(set) var bytes: [UInt8] = []
    /// Its status.
    private(set) var status = 0
    /// Its last Content-Type; empty where it has none.
    private(set) var contentType = ""
    /// Its body; empty where the request was HEAD or the status has none.
    private(set) var body: [UInt8] = []
    /// Whether only the end of the stream ends it.
    private(set) var isUntilClose = false

    private static let statuses = [200, 201, 204, 304, 404, 500, 599, 299]
    private static let letters = Array("abcxyzABC019-+./;=\"! ~".utf8)

    /// Draws every part from `choices`; what is left of them is the body.
    init(from choices: [UInt8], isHead: Bool) {
        var choices = Choices(bytes: choices)
        for _ in 0..<choices.next(below: 3) {
            append("HTTP/1.1 \([100, 102, 103][choices.next(below: 3)]) Interim\r\n")
            for _ in 0..<choices.next(below: 3) { appendType(&choices) }
            append("\r\n")
        }
        status = Self.statuses[choices.next(below: Self.statuses.count)]
        let hasBody = !isHead && status != 204 && status != 304
        let framing = choices.next(below: 3)
        isUntilClose = hasBody && framing == 2
        append("HTTP/1.1 \(status) \(choices.text(Self.letters))\r\n")
        for _ in 0..<choices.next(below: 3) { contentType = appendType(&choices) }
        append("X-\(choices.next(below: 100)): \(choices.text(Self.letters))\r\n")
        let trailers = choices.next(below: 3)
        let sizes = (0..<4).map { _ in choices.next(below: 40) + 1 }
        let content = hasBody ? choices.rest() : []
        body = content
        switch framing {
        case 0: append("Content-Length: \(content.count)\r\n\r\n", content)
        case 1:
            append("Transfer-Encoding: chunked\r\n\r\n")
            if hasBody { appendChunks(content, sizes: sizes, trailers: trailers) }
        default: append("\r\n", content)
        }
    }

    /// A Content-Type in one of its spellings; gives its value.
    @discardableResult
    private mutating func appendType(_ choices: inout Choices) -> String {
        let name = ["Content-Type", "content-type", "CONTENT-TYPE"][choices.next(below: 3)]
        let value = "t/" + choices.text(Self.letters) + "x"
        append("\(name): \(value)\r\n")
        return value
    }

    private mutating func appendChunks(_ content: [UInt8], sizes: [Int], trailers: Int) {
        var rest = content[...]
        var turn = 0
        while !rest.isEmpty {
            let chunk = rest.prefix(sizes[turn % sizes.count])
            append("\(String(chunk.count, radix: 16));a=b\r\n", Array(chunk))
            append("\r\n")
            rest = rest.dropFirst(chunk.count)
            turn += 1
        }
        append("0\r\n")
        for number in 0..<trailers { append("Content-Type: trailer/\(number)\r\n") }
        append("\r\n")
    }

    private mutating func append(_ text: String, _ more: [UInt8] = []) {
        bytes += Array(text.utf8) + more
    }
}

/// Random bytes, drawn one after the other; zeros when they are spent.
private struct Choices {
    private var bytes: ArraySlice<UInt8>

    init(bytes: [UInt8]) { self.bytes = bytes[...] }

    mutating func next(below bound: Int) -> Int { Int(bytes.popFirst() ?? 0) % bound }

    /// Up to 19 letters.
    mutating func text(_ letters: [UInt8]) -> String {
        let count = next(below: 20)
        return String(
            decoding: (0..<count).map { _ in letters[next(below: letters.count)] }, as: UTF8.self)
    }

    mutating func rest() -> [UInt8] {
        defer { bytes = [] }
        return Array(bytes)
    }
}
