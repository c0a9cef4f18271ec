import Generator
import Testing

@testable import HTTPTransport

@Suite struct AnswerParserTests {
    /// What the parser made of an answer.
    struct Reading: Equatable {
        var progress: AnswerParser.Progress
        var status = 200
        var contentType = ""
        var body = ""
    }

    /// Feeds an answer in pieces of so many bytes until it is whole or broken.
    func read(
        _ answer: String, piece: Int, isHead: Bool = false, endsStream: Bool = false
    ) -> Reading {
        let exchange = Exchange()
        exchange.isHead = isHead
        let parser = AnswerParser(placeholder: exchange)
        parser.expectAnswer(to: exchange)
        var rest = Array(answer.utf8)[...]
        var progress = AnswerParser.Progress.incomplete
        while !rest.isEmpty, progress == .incomplete {
            progress = Array(rest.prefix(piece)).withUnsafeBytes(parser.feed)
            rest = rest.dropFirst(piece)
        }
        if endsStream, progress == .incomplete, let end = parser.feedEnd() { progress = end }
        return Reading(
            progress: progress, status: exchange.status, contentType: exchange.contentType,
            body: String(decoding: exchange.body, as: UTF8.self))
    }

    @Test(arguments: [1, 2, 7, 10_000])
    func `an interim answer's type is not the answer's`(piece: Int) {
        let answer = """
            HTTP/1.1 103 Early Hints\r\nContent-Type: text/early\r\n\r\n\
            HTTP/1.1 200 OK\r\nContent-Type: text/final\r\nContent-Length: 1\r\n\r\nx
            """
        #expect(
            read(answer, piece: piece)
                == Reading(
                    progress: .complete(keepAlive: true), contentType: "text/final", body: "x"))
    }

    @Test(arguments: [1, 2, 7, 10_000])
    func `of two types the last one counts`(piece: Int) {
        let answer = """
            HTTP/1.1 200 OK\r\nContent-Type: a/b\r\ncontent-type: c/d\r\n\
            Content-Length: 0\r\n\r\n
            """
        #expect(
            read(answer, piece: piece)
                == Reading(progress: .complete(keepAlive: true), contentType: "c/d"))
    }

    @Test(arguments: [
        "HTTP/1.1 204 No Content\r\nTransfer-Encoding: chunked\r\n\r\n",
        "HTTP/1.1 304 Not Modified\r\nTransfer-Encoding: chunked\r\n\r\n",
        "HTTP/1.1 304 Not Modified\r\nContent-Length: 9\r\n\r\n",
        "HTTP/1.1 102 Processing\r\nContent-Length: 9\r\n\r\nHTTP/1.1 204 Done\r\n\r\n",
    ])
    func `a status without a body has none, whatever the fields say`(answer: String) {
        let reading = read(answer, piece: 1)
        #expect(reading.progress == .complete(keepAlive: true))
        #expect(reading.body.isEmpty)
    }

    @Test(arguments: [1, 2, 7, 10_000])
    func `a trailer's type is not the answer's`(piece: Int) {
        let answer = """
            HTTP/1.1 200 OK\r\nContent-Type: a/b\r\nTransfer-Encoding: chunked\r\n\r\n\
            4\r\npong\r\n0\r\nContent-Type: late\r\n\r\n
            """
        #expect(
            read(answer, piece: piece)
                == Reading(
                    progress: .complete(keepAlive: true), contentType: "a/b", body: "pong"))
    }
}
