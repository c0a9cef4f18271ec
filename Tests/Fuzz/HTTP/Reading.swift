import Exchanges
import FuzzSupport
import Generator

@testable import ContentCodings
@testable import HTTP1Lane

/// What the parser made of a stream of bytes.
struct Reading {
    /// The last word of the parser; `nil` if it wanted more.
    private(set) var end: AnswerParser.Progress?
    /// The answer's status, or 0.
    let status: Int
    /// The answer's Content-Type, or empty.
    let contentType: String
    /// The answer's body.
    let body: [UInt8]
    /// How long the body is.
    let bodyCount: Int

    private static let nextAnswer = Array("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok".utf8)
    private static let maximumHeadBytes = 64 << 10

    /// Feeds the bytes in pieces as long as `piece` says, and the end of the stream where asked.
    init(of bytes: [UInt8], _ choices: Choice, piece: (Int) -> Int) {
        let exchange = Exchange()
        let unpacks = choices.contains(.unpacks)
        let parser = AnswerParser(
            placeholder: exchange, decoders: unpacks ? DecoderPool() : nil)
        // Little input may unpack to much.
        if unpacks { exchange.keptBodyBytes = 1 << 16 }
        exchange.isHead = choices.contains(.isHead)
        parser.expectAnswer(to: exchange)
        var position = 0
        while position < bytes.count, end == nil {
            let count = piece(bytes.count - position)
            // Each piece is memory of its own, so that a read past its end is seen.
            let part = Array(bytes[position..<position + count])
            let progress = part.withUnsafeBytes(parser.feed)
            if progress != .incomplete { end = progress }
            position += count
        }
        if end == nil, choices.contains(.endsStream) { end = parser.feedEnd() }
        (status, contentType, body) = (exchange.status, exchange.contentType, exchange.body)
        bodyCount = exchange.bodyCount
        check(unpacks || body.count <= position, "a body of \(body.count) of \(position) bytes")
        check(contentType.utf8.count <= 3 * Self.maximumHeadBytes, "the type is \(contentType)")
        if case .complete(let keepAlive) = end {
            check((100...999).contains(status), "an answer with the status \(status)")
            if keepAlive { readNext(parser) }
        }
    }

    /// A connection that is kept takes the next answer.
    private func readNext(_ parser: AnswerParser) {
        let exchange = Exchange()
        parser.expectAnswer(to: exchange)
        let progress = Self.nextAnswer.withUnsafeBytes(parser.feed)
        check(progress == .complete(keepAlive: true), "the next answer came to \(progress)")
        check(
            exchange.status == 200 && exchange.body == Array("ok".utf8)
                && exchange.contentType.isEmpty,
            "the next answer reads \(exchange.status) \(exchange.contentType) \(exchange.body)")
    }

    /// Whether a right answer was read as it was made.
    func isRight(_ made: MadeAnswer) -> Bool {
        end == .complete(keepAlive: !made.isUntilClose) && status == made.status
            && contentType == made.contentType && body == made.body
    }

    /// Where two readings of the same bytes differ; `nil` if they do not.
    func difference(from pieces: Reading) -> String? {
        switch (end, pieces.end) {
        // In pieces, what stands after the end of the answer had not come yet.
        case (.failed, .failed), (.failed, .complete): return nil
        default: break
        }
        if end != pieces.end { return "progress" }
        if status != pieces.status { return "status" }
        if contentType != pieces.contentType { return "content type" }
        return body == pieces.body && bodyCount == pieces.bodyCount ? nil : "body"
    }
}
