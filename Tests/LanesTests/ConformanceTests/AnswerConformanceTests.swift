import Generator
import Measurements
import Testing

/// Right answers in every framing that HTTP/1.1 has.
@Suite(.timeLimit(.minutes(20))) struct AnswerConformanceTests {
    /// An answer on the wire, and what a user must see of it.
    struct Row: Sendable, CustomTestStringConvertible {
        let name: String
        var method = "GET"
        let wire: String
        /// Whether the peer closes after it, which ends some bodies.
        var closes = false
        var status = 200
        var body = "pong"
        var contentType = ""

        var testDescription: String { name }
    }

    static let rows = [
        Row(name: "a length", wire: "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\npong"),
        Row(
            name: "a content type",
            wire: "HTTP/1.1 200 OK\r\nCONTENT-TYPE:  text/plain; charset=utf-8 \r\n"
                + "content-length: 4\r\n\r\npong",
            contentType: "text/plain; charset=utf-8"),
        Row(
            name: "an empty body", wire: "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", body: ""),
        Row(
            name: "chunks",
            wire: "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
                + "1\r\np\r\n3;name=value\r\nong\r\n0\r\n\r\n"),
        Row(
            name: "chunks with a trailer",
            wire: "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: X-Sum\r\n\r\n"
                + "4\r\npong\r\n0\r\nX-Sum: 1\r\n\r\n"),
        Row(
            name: "the end of the connection", wire: "HTTP/1.1 200 OK\r\n\r\npong", closes: true),
        Row(
            name: "HTTP/1.0", wire: "HTTP/1.0 200 OK\r\n\r\npong", closes: true),
        Row(
            name: "the wish to close",
            wire: "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 4\r\n\r\npong",
            closes: true),
        Row(
            name: "HEAD with a length", method: "HEAD",
            wire: "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\n", body: ""),
        Row(
            name: "HEAD with chunks", method: "HEAD",
            wire: "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", body: ""),
        Row(name: "204", wire: "HTTP/1.1 204 No Content\r\n\r\n", status: 204, body: ""),
        Row(
            name: "304 with the length of what it does not send",
            wire: "HTTP/1.1 304 Not Modified\r\nContent-Length: 4\r\n\r\n", status: 304, body: ""),
        Row(
            name: "100 before the answer", method: "POST",
            wire: "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\npong"),
        Row(
            name: "103 with fields before the answer",
            wire: "HTTP/1.1 103 Early Hints\r\nLink: </a>\r\nContent-Type: text/no\r\n\r\n"
                + "HTTP/1.1 200 OK\r\nContent-Type: text/yes\r\nContent-Length: 4\r\n\r\npong",
            contentType: "text/yes"),
        Row(
            name: "404", wire: "HTTP/1.1 404 Not Found\r\nContent-Length: 4\r\n\r\npong",
            status: 404),
        Row(name: "no reason", wire: "HTTP/1.1 503 \r\nContent-Length: 4\r\n\r\npong", status: 503),
        Row(
            name: "a head of 60,000 bytes",
            wire: "HTTP/1.1 200 OK\r\n"
                + (0..<60).map { "X-Field-\($0): \(String(repeating: "x", count: 985))\r\n" }
                .joined() + "Content-Length: 4\r\n\r\npong"),
        Row(
            name: "a body of a mebibyte",
            wire: "HTTP/1.1 200 OK\r\nContent-Length: 1048576\r\n\r\n"
                + String(repeating: "0123456789abcdef", count: 65536),
            body: String(repeating: "0123456789abcdef", count: 65536)),
    ]

    @Test(arguments: LaneKind.allCases, rows)
    func `an answer is read whole, and its connection is used again where it may be`(
        kind: LaneKind, row: Row
    ) async throws {
        let body = row.method == "POST" ? "Content-Length: 2\r\n\r\n{}" : "\r\n"
        let request = "\(row.method) /a HTTP/1.1\r\nHost: x\r\n\(body)"
        let once: [ScriptedServer.Step] = [.request, .send(row.wire)]
        let server = try ScriptedServer(
            row.closes ? once + [.end] : [.serve(once)], secure: kind.isSecure)
        defer { server.stop() }
        let answers = try await kind.run(port: server.port) {
            driver in
            let first = await driver.send(request)
            if row.closes { await driver.wait { server.closed == 1 } }
            return [first, await driver.send(request)]
        }
        check(answers, row, server, request)
    }

    private func check(
        _ answers: [LaneAnswer], _ row: Row, _ server: ScriptedServer, _ request: String
    ) {
        for answer in answers {
            #expect(answer.outcome == .ok, "\(answer.detail)")
            #expect(answer.status == row.status && answer.contentType == row.contentType)
            #expect(answer.text == row.body)
            #expect(answer.sent > 0 && answer.sent <= answer.firstByte)
            #expect(answer.firstByte <= answer.done)
        }
        #expect(server.opened == (row.closes ? 2 : 1))
        #expect((answers[0].connect > 0) && (answers[1].connect > 0) == row.closes)
        #expect(server.requests == [request, request])
    }

    @Test(arguments: LaneKind.allCases, rows.filter { $0.wire.utf8.count < 1000 })
    func `an answer may come a byte at a time`(kind: LaneKind, row: Row) async throws {
        let body = row.method == "POST" ? "Content-Length: 2\r\n\r\n{}" : "\r\n"
        let server = try ScriptedServer(
            [.request, .trickle(Array(row.wire.utf8))], secure: kind.isSecure)
        defer { server.stop() }
        let answer = try await kind.run(port: server.port) {
            await $0.send("\(row.method) / HTTP/1.1\r\nHost: x\r\n\(body)")
        }
        #expect(answer.outcome == .ok, "\(answer.detail)")
        #expect(answer.text == row.body && answer.contentType == row.contentType)
    }

    @Test(arguments: LaneKind.allCases)
    func `header fields are kept where they are wanted, without those of interim answers`(
        kind: LaneKind
    ) async throws {
        let server = try ScriptedServer(
            [
                .serve(
                    "HTTP/1.1 103 Early Hints\r\nLink: no\r\n\r\nHTTP/1.1 200 OK\r\nX-A: one\r\n"
                        + "X-B:   two words \r\nX-C:\r\nContent-Length: 0\r\n\r\n")
            ], secure: kind.isSecure)
        defer { server.stop() }
        let answer = try await kind.run(port: server.port) {
            await $0.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        }
        #expect(answer.fields == ["one", "two words", "", "0"])
    }

    @Test(arguments: LaneKind.allCases)
    func `requests of every method go out as they are rendered, one after another`(kind: LaneKind)
        async throws
    {
        let large = String(repeating: "x", count: 200_000)
        let requests = [
            "GET /a?b=%20c&d HTTP/1.1\r\nHost: h:1\r\nAccept: */*\r\n\r\n",
            "POST /p HTTP/1.1\r\nHost: h\r\nContent-Type: application/json\r\n"
                + "Content-Length: 2\r\n\r\n{}",
            "POST /none HTTP/1.1\r\nHost: h\r\nContent-Length: 0\r\n\r\n",
            "PUT /p HTTP/1.1\r\nHost: h\r\nX-Empty:\r\nContent-Length: 3\r\n\r\nabc",
            "PUT /p HTTP/1.1\r\nHost: h\r\nX-Empty:\r\nContent-Length: 3\r\n\r\nxyz",
            "DELETE /p/1 HTTP/1.1\r\nHost: h\r\n\r\n",
            "DELETE /p HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\n\r\n{}",
            "PATCH /p HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\n\r\n{}",
            "OPTIONS /../a/./b HTTP/1.1\r\nHost: h\r\n\r\n",
            "HEAD /a HTTP/1.1\r\nHost: h\r\n\r\n",
            "GET /a HTTP/1.1\r\nHost: h\r\n\r\n",
            "POST /large HTTP/1.1\r\nHost: h\r\nContent-Length: 200000\r\n\r\n\(large)",
            "GET /a HTTP/1.1\r\nHost: h\r\n\r\n",
        ]
        let server = try ScriptedServer(
            [.serve("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")], secure: kind.isSecure)
        defer { server.stop() }
        let outcomes = try await kind.run(port: server.port) {
            driver in
            var outcomes: [Outcome] = []
            for request in requests { outcomes.append(await driver.send(request).outcome) }
            return outcomes
        }
        #expect(outcomes == requests.map { _ in .ok })
        #expect(server.requests.map(Self.canonical) == requests.map(Self.canonical))
        #expect(server.opened == 1)
    }

    /// A request with its fields in order: libcurl writes Host first and Content-Length last.
    private static func canonical(_ request: String) -> [String] {
        let end = request.firstRange(of: "\r\n\r\n")
        let head = request[..<(end?.lowerBound ?? request.endIndex)].components("\r\n")
        return [head[0]] + head.dropFirst().sorted() + [
            String(request[(end?.upperBound ?? request.endIndex)...])
        ]
    }
}

extension Substring {
    fileprivate func components(_ separator: String) -> [String] {
        split(separator: separator, omittingEmptySubsequences: false).map(String.init)
    }
}
