import Glibc

/// Where the parts of a request stand in its bytes.
struct RequestParts: Equatable {
    /// The method.
    let method: Range<Int>
    /// What is asked for.
    let target: Range<Int>
    /// The header fields, each with its line end.
    let fields: Range<Int>
    /// The body; empty if there is none.
    let body: Range<Int>

    /// No request.
    init() {
        (method, target, fields, body) = (0..<0, 0..<0, 0..<0, 0..<0)
    }

    /// Takes a whole HTTP/1.1 request apart; `nil` if it is none.
    init?(_ request: UnsafeRawBufferPointer) {
        let (space, carriageReturn, lineFeed) = (UInt8(ascii: " "), UInt8(13), UInt8(10))
        guard let methodEnd = request.firstIndex(of: space),
            let targetEnd = request[(methodEnd + 1)...].firstIndex(of: space),
            let lineEnd = request[targetEnd...].firstIndex(of: lineFeed)
        else { return nil }
        var lineStart = lineEnd + 1
        while lineStart < request.count, request[lineStart] != carriageReturn {
            guard let end = request[lineStart...].firstIndex(of: lineFeed) else { return nil }
            lineStart = end + 1
        }
        guard lineStart + 1 < request.count, request[lineStart + 1] == lineFeed else { return nil }
        method = 0..<methodEnd
        target = methodEnd + 1..<targetEnd
        fields = lineEnd + 1..<lineStart
        body = lineStart + 2..<request.count
    }

    /// The lines of the header fields, without their ends.
    static func lines(
        _ fields: UnsafeRawBufferPointer
    ) -> [(name: String, value: String)] {
        fields.split(separator: 10).map { line in
            let text = line.last == 13 ? line.dropLast() : line
            let name = text.prefix { $0 != UInt8(ascii: ":") }
            let value = text.dropFirst(name.count + 1).drop { $0 == UInt8(ascii: " ") }
            return (
                String(decoding: name, as: UTF8.self), String(decoding: value, as: UTF8.self)
            )
        }
    }
}

extension UnsafeRawBufferPointer {
    /// Whether both hold the same bytes.
    func isEqual(to other: UnsafeRawBufferPointer) -> Bool {
        guard count == other.count else { return false }
        guard let own = baseAddress, let others = other.baseAddress else { return count == 0 }
        return memcmp(own, others, count) == 0
    }
}
