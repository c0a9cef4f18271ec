import Exchanges
import Generator
import Measurements
import Testing

@testable import HTTP1Lane

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

    private static let chunked = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"

    @Test(
        arguments: [
            // Chunks end with CRLF, and nothing else.
            chunked + "4\r\npongXX0\r\n\r\n", chunked + "4\r\npong\rX0\r\n\r\n",
            chunked + "4\r\npong\n0\r\n\r\n", chunked + "4\rXpong\r\n0\r\n\r\n",
            chunked + "4\npong\r\n0\r\n\r\n", chunked + "4\r\npong\r\n0\rX\r\n",
            chunked + "4\r\npong\r\n0\r\n\rX",
            // Their sizes are hexadecimal digits, and have a bound.
            chunked + "\r\npong\r\n", chunked + "0x4\r\npong\r\n", chunked + "+4\r\npong\r\n",
            chunked + "-4\r\npong\r\n", chunked + " 4\r\npong\r\n", chunked + "4 \r\npong\r\n",
            chunked + "4_0\r\npong\r\n", chunked + "10000000000000000\r\npong\r\n",
            // Lines of the head end with LF, and fields have names of letters.
            "HTTP/1.1 200 OK\rXContent-Length: 0\r\n\r\n",
            "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\rX",
            "HTTP/1.1 200 OK\r\n: x\r\nContent-Length: 0\r\n\r\n",
            "HTTP/1.1 200 OK\r\n:\r\nContent-Length: 0\r\n\r\n",
            "HTTP/1.1 200 OK\r\nX Y: z\r\nContent-Length: 0\r\n\r\n",
            chunked + "0\r\n: x\r\n\r\n",
            // The reason is text, and the status has three digits.
            "HTTP/1.1 200 O\0K\r\nContent-Length: 0\r\n\r\n",
            "HTTP/1.1 200 \u{1B}[31m\r\nContent-Length: 0\r\n\r\n",
            "HTTP/1.1 20 OK\r\nContent-Length: 0\r\n\r\n",
            "HTTP/1.1  OK\r\nContent-Length: 0\r\n\r\n",
        ], [1, 10_000])
    func `what HTTP does not allow is no answer`(answer: String, piece: Int) {
        guard case .failed(let problem) = read(answer, piece: piece).progress else {
            Issue.record("read \(read(answer, piece: piece))")
            return
        }
        #expect(problem.outcome == .malformed && problem.detail.hasPrefix("not an HTTP answer"))
    }

    /// What an answer begins with, and what then comes many times.
    private static let floods: [(begin: String, part: String, times: Int)] = [
        ("HTTP/1.1 200 OK\r\nX: ", "x", 70_000), ("HTTP/1.1 200 ", "x", 70_000),
        ("HTTP/1.1 200 OK\r\n", "a:\r\n", 1002), (chunked + "4;", "x", 70_000),
        (chunked + "0\r\n", "a: b\r\n", 1002), (chunked + "0\r\nX: ", "x", 70_000),
        ("HTTP/1.1 200 OK\r\nContent-Type: ", "x", 5000),
    ]

    @Test(arguments: floods)
    func `what stands beside a body has a bound`(begin: String, part: String, times: Int) {
        let answer = begin + String(repeating: part, count: times)
        guard case .failed(let problem) = read(answer, piece: 1000).progress else {
            Issue.record("no end to \(answer.prefix(80))")
            return
        }
        #expect(problem.outcome == .malformed && problem.detail.contains(" of more than "))
    }

    @Test func `bytes behind the last answer of a connection are nobody's`() {
        let answer = "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 4\r\n\r\npong"
        let wanted = Reading(progress: .complete(keepAlive: false), body: "pong")
        #expect(read(answer + "more", piece: 10_000) == wanted)
        #expect(read(answer + "\r\n", piece: 10_000) == wanted)
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
