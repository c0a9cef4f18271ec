import Exchanges
import Generator
import Testing

@testable import HTTP1Lane

/// An answer whose head was seen before is read as one whose head was not.
@Suite struct KnownHeadsTests {
    private func text(_ fields: String, _ body: String) -> String {
        "HTTP/1.1 200 OK\r\n\(fields)\r\n\r\n\(body)"
    }

    /// Reads an answer twice over one parser, the second time perhaps by its known head.
    private func read(
        _ answer: String, _ parser: AnswerParser, wantsHeaders: Bool = false, isHead: Bool = false
    ) -> (AnswerParser.Progress, Int, String, String) {
        let exchange = Exchange()
        exchange.wantsHeaders = wantsHeaders
        exchange.isHead = isHead
        parser.expectAnswer(to: exchange)
        let progress = Array(answer.utf8).withUnsafeBytes { parser.feed($0) }
        let body = String(decoding: exchange.body, as: UTF8.self)
        return (progress, exchange.status, exchange.contentType, body)
    }

    @Test(arguments: [
        "Content-Type: text/plain\r\nContent-Length: 4", "Content-Length: 4",
        "Content-Length: 4\r\nConnection: close", "Transfer-Encoding: chunked",
    ])
    func `the second answer says the same as the first`(fields: String) {
        let body = fields.hasPrefix("Transfer") ? "4\r\npong\r\n0\r\n\r\n" : "pong"
        let parser = AnswerParser(placeholder: Exchange())
        let first = read(text(fields, body), parser)
        #expect(first.3 == "pong" && first.1 == 200)
        for _ in 0..<3 { #expect(read(text(fields, body), parser) == first) }
    }

    @Test func `the body of a known head is the new one`() {
        let parser = AnswerParser(placeholder: Exchange())
        #expect(read(text("Content-Length: 4", "pong"), parser).3 == "pong")
        #expect(read(text("Content-Length: 4", "ping"), parser).3 == "ping")
    }

    @Test(arguments: [
        ("HTTP/1.1 404 OK\r\nContent-Length: 4\r\n\r\npong", 404),
        ("HTTP/1.1 200 OK\r\nContent-Lengt: 4\r\n\r\n\r\npong", 200),
    ])
    func `a head of the same length that differs is parsed`(answer: String, status: Int) {
        let parser = AnswerParser(placeholder: Exchange())
        _ = read(text("Content-Length: 4", "pong"), parser)
        #expect(read(answer, parser).1 == status)
    }

    @Test func `bytes beyond the known answer are no part of it`() {
        let parser = AnswerParser(placeholder: Exchange())
        let answer = text("Content-Length: 4", "pong")
        _ = read(answer, parser)
        let more = read(answer + answer, parser)
        guard case .failed = more.0 else {
            Issue.record("two answers to one request passed: \(more)")
            return
        }
    }

    @Test func `where fields are wanted, or no body, the head is parsed`() {
        let parser = AnswerParser(placeholder: Exchange())
        let answer = text("Content-Length: 4", "pong")
        _ = read(answer, parser)
        let exchange = Exchange()
        exchange.wantsHeaders = true
        parser.expectAnswer(to: exchange)
        _ = Array(answer.utf8).withUnsafeBytes { parser.feed($0) }
        #expect(exchange.headers.count == 1)
        #expect(
            read(text("Content-Length: 4", ""), parser, isHead: true).0
                == .complete(keepAlive: true))
    }

    @Test func `an interim answer's head is not taken for the final one's`() {
        let parser = AnswerParser(placeholder: Exchange())
        let answer = "HTTP/1.1 103 Early Hints\r\n\r\n" + text("Content-Length: 4", "pong")
        let first = read(answer, parser)
        #expect(first.0 == .complete(keepAlive: true) && read(answer, parser) == first)
    }
}
