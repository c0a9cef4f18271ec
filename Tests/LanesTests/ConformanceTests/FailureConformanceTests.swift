import Exchanges
import Generator
import Measurements
import Testing

/// Answers that are none: each becomes a named outcome with a sentence, within its timeout.
@Suite(.timeLimit(.minutes(20))) struct FailureConformanceTests {
    /// What a peer does instead of a right answer.
    struct Row: Sendable, CustomTestStringConvertible {
        let name: String
        let steps: [ScriptedServer.Step]
        let outcome: Outcome
        /// A word of the sentence.
        let word: String
        /// How many bytes of a drip are waited for.
        let drips: Int

        var testDescription: String { name }

        init(
            _ name: String, _ steps: [ScriptedServer.Step], _ outcome: Outcome, _ word: String,
            drips: Int = 0
        ) {
            self.name = name
            self.steps = [.request] + steps
            self.outcome = outcome
            self.word = word
            self.drips = drips
        }
    }

    private static let kilobyte = String(repeating: "x", count: 1024)

    static let rows = [
        Row("text that is no HTTP", [.send("no HTTP at all\r\n\r\n"), .drain], .malformed, "HTTP"),
        Row("zeros", [.send([UInt8](repeating: 0, count: 400)), .drain], .malformed, "HTTP"),
        Row(
            "bytes of TLS", [.send([0x15, 3, 1, 0, 2, 2, 40, 10] + [UInt8](1...99)), .drain],
            .malformed, "HTTP"),
        Row(
            "a chunk without a size",
            [
                .send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\npong\r\n"),
                .drain,
            ], .malformed, "HTTP"),
        Row(
            "a length that is no number",
            [.send("HTTP/1.1 200 OK\r\nContent-Length: four\r\n\r\npong"), .drain], .malformed,
            "HTTP"),
        Row(
            "a field without a colon",
            [.send("HTTP/1.1 200 OK\r\nnonsense\r\nContent-Length: 4\r\n\r\npong"), .drain],
            .malformed, "HTTP"),
        Row(
            "two lengths",
            [
                .send("HTTP/1.1 200 OK\r\nContent-Length: 4\r\ncontent-length: 5\r\n\r\npong!"),
                .drain,
            ], .malformed, "HTTP"),
        Row(
            "line feeds alone", [.send("HTTP/1.1 200 OK\nContent-Length: 4\n\npong"), .drain],
            .malformed, "HTTP"),
        Row(
            "a chunk that two other bytes end",
            [
                .send(
                    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
                        + "4\r\npongXX0\r\n\r\n"), .drain,
            ], .malformed, "HTTP"),
        Row(
            "a NUL in the reason",
            [.send("HTTP/1.1 200 O\0K\r\nContent-Length: 4\r\n\r\npong"), .drain], .malformed,
            "HTTP"),
        Row(
            "a head of 1,002 fields",
            [
                .send("HTTP/1.1 200 OK\r\n" + String(repeating: "a: b\r\n", count: 1002)),
                .drain,
            ], .malformed, "fields"),
        Row("no byte, and the end", [], .reset, "closed"),
        Row(
            "half a head, and the end", [.send("HTTP/1.1 200 OK\r\nConte")], .reset, "closed"),
        Row(
            "half a body, and the end",
            [.send("HTTP/1.1 200 OK\r\nContent-Length: 40\r\n\r\npong")], .reset, "closed"),
        Row(
            "half of the chunks, and the end",
            [.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\npo")], .reset,
            "closed"),
        Row("a reset before an answer", [.reset], .reset, "reset"),
        Row(
            "a reset in an answer",
            [.send("HTTP/1.1 200 OK\r\nContent-Length: 40\r\n\r\npong"), .reset], .reset, "reset"),
        Row(
            "a head of many fields",
            [.send("HTTP/1.1 200 OK\r\n"), .flood(Array("X: \(kilobyte)\r\n".utf8))], .malformed,
            "head"),
        Row(
            "a field without an end",
            [.send("HTTP/1.1 200 OK\r\nX: "), .flood(Array(kilobyte.utf8))], .malformed, "head"),
        Row(
            "a body without an end",
            [
                .send("HTTP/1.1 200 OK\r\n\r\n"),
                .flood([UInt8](repeating: 120, count: 1 << 20)),
            ], .malformed, "body of more than 67108864"),
        Row(
            "chunks without an end",
            [
                .send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"),
                .flood(Array("100000\r\n\(String(repeating: "x", count: 1 << 20))\r\n".utf8)),
            ], .malformed, "body of more than 67108864"),
    ]

    @Test(arguments: LaneKind.allCases, rows)
    func `a broken answer is named, and the next request is not harmed`(kind: LaneKind, row: Row)
        async throws
    {
        let right = "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\npong"
        let server = try ScriptedServer(row.steps, [.serve(right)], secure: kind.isSecure)
        defer { server.stop() }
        let request = "GET / HTTP/1.1\r\nHost: x\r\n\r\n"
        let (broken, next) = try await kind.run(port: server.port, maximumConnections: 1) {
            driver in
            // 64 MiB through TLS take their time in a debug build.
            let broken = await driver.send(
                request, timeoutNanoseconds: 2 * LaneDriver.patienceNanoseconds)
            return (broken, await driver.send(request))
        }
        #expect(broken.outcome == row.outcome, "\(broken.detail)")
        #expect(broken.detail.lowercased().contains(row.word.lowercased()), "\(broken.detail)")
        #expect(broken.body.count <= 64 << 20)
        #expect(next.outcome == .ok && next.text == "pong", "\(next.detail)")
        #expect(server.opened == 2)
    }

    /// libcurl 7.88 adds such a field to the last one of the answer before, whose memory it has
    /// given back.
    @Test(arguments: LaneKind.allCases, ["HTTP/.", "HTTP/1.1 200 OK"])
    func `an answer that begins with a folded field is malformed, whatever came before`(
        kind: LaneKind, status: String
    ) async throws {
        let folded = "\(status)\r\n :\r\n\r\n"
        let right =
            "HTTP/1.1 200 OK\r\nX-Long: \(Self.kilobyte)\r\nContent-Length: 4\r\n\r\npong"
        let server = try ScriptedServer(
            [.request, .send(right), .request, .send(folded), .drain], secure: kind.isSecure)
        defer { server.stop() }
        let request = "GET / HTTP/1.1\r\nHost: x\r\n\r\n"
        let answers = try await kind.run(port: server.port, maximumConnections: 1) { driver in
            var answers: [LaneAnswer] = []
            for _ in 0..<6 { answers.append(await driver.send(request)) }
            return answers
        }
        #expect(
            answers.map(\.outcome) == [.ok, .malformed, .ok, .malformed, .ok, .malformed],
            "\(answers.map(\.detail))")
        #expect(server.opened == 3)
    }

    /// Peers that never come to an end of their own.
    static let slow: [Row] = [
        Row("no answer", [.drain], .timeout, "timeout"),
        Row(
            "an answer a byte at a time", [.send("HTTP/1.1 200 OK\r\nX: "), .drip], .timeout,
            "timeout", drips: 5),
        Row(
            "a body a byte at a time",
            [.send("HTTP/1.1 200 OK\r\nContent-Length: 9999\r\n\r\n"), .drip], .timeout,
            "timeout", drips: 5),
    ]

    @Test(arguments: LaneKind.allCases, slow)
    func `what does not end is a timeout when its time has come`(kind: LaneKind, row: Row)
        async throws
    {
        let right = "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\npong"
        let server = try ScriptedServer(row.steps, [.serve(right)], secure: kind.isSecure)
        defer { server.stop() }
        let request = "GET / HTTP/1.1\r\nHost: x\r\n\r\n"
        let (late, next) = try await kind.run(port: server.port, maximumConnections: 1) { driver in
            let (first, second) = (Exchange(), Exchange())
            driver.begin(request, as: first)
            // Waits for the one connection, and gets a new one when the first has given up.
            driver.begin(
                request, as: second, timeoutNanoseconds: 2 * LaneDriver.patienceNanoseconds)
            await driver.wait { server.requests.count == 1 && server.drips >= row.drips }
            driver.expire(first)
            return (await driver.end(first), await driver.end(second))
        }
        #expect(late.outcome == row.outcome && late.detail.contains(row.word), "\(late.detail)")
        #expect(late.body.count < 10_000)
        #expect(next.outcome == .ok && next.sent >= late.done, "\(next.detail)")
    }

    @Test(arguments: [LaneKind.loops])
    func `an answer that comes before its request is not taken for one`(kind: LaneKind)
        async throws
    {
        let right = "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\npong"
        let server = try ScriptedServer(
            [.send(right), .received, .gate(1), .drain], [.serve(right)], secure: kind.isSecure)
        defer { server.stop() }
        let request = "GET / HTTP/1.1\r\nHost: x\r\n\r\n"
        let (early, next) = try await kind.run(port: server.port, maximumConnections: 1) {
            driver in
            let user = Exchange()
            driver.begin(request, as: user)
            // The loop is held until the answer is there to be read.
            server.wait { server.hasReached(gate: 1) }
            server.open(gate: 1)
            return (await driver.end(user), await driver.send(request))
        }
        #expect(early.outcome == .malformed && early.sent == 0)
        #expect(early.detail.contains("before the request"), "\(early.detail)")
        #expect(next.outcome == .ok && next.text == "pong", "\(next.detail)")
    }

    @Test(arguments: LaneKind.allCases)
    func `interim answers without an end are named within the timeout`(kind: LaneKind) async throws
    {
        let flood = Array("HTTP/1.1 100 Continue\r\n\r\n".utf8)
        let server = try ScriptedServer([.request, .flood(flood)], secure: kind.isSecure)
        defer { server.stop() }
        let answer = try await kind.run(port: server.port) { driver in
            let user = Exchange()
            driver.begin("GET / HTTP/1.1\r\nHost: x\r\n\r\n", as: user)
            await driver.wait { server.requests.count == 1 }
            for _ in 0..<20 { await driver.turn() }
            driver.expire(user)
            return await driver.end(user)
        }
        #expect([.timeout, .malformed].contains(answer.outcome) && !answer.detail.isEmpty)
    }

    @Test(arguments: LaneKind.allCases)
    func `a port that nobody listens on is refused, with the system's words`(kind: LaneKind)
        async throws
    {
        let port = try Listener.RefusingPort()
        let answers = try await kind.run(port: port.number) { driver in
            let request = "GET / HTTP/1.1\r\nHost: x\r\n\r\n"
            return [await driver.send(request), await driver.send(request)]
        }
        for answer in answers {
            #expect(answer.outcome == .refused && answer.sent == 0)
            #expect(answer.detail == "connect: Connection refused")
        }
    }

    @Test(arguments: LaneKind.allCases)
    func `a peer that accepts no connection is a timeout`(kind: LaneKind) async throws {
        let server = try ScriptedServer(secure: kind.isSecure)
        defer { server.stop() }
        let request = "GET / HTTP/1.1\r\nHost: x\r\n\r\n"
        let outcomes = try await kind.run(port: server.port) {
            driver in
            // The system accepts a connection or two for a peer that has not come for them.
            let users = (0..<6).map { _ in Exchange() }
            for user in users { driver.begin(request, as: user) }
            for _ in 0..<20 { await driver.turn() }
            driver.expire(users)
            var outcomes: [Outcome] = []
            for user in users { outcomes.append(await driver.end(user).outcome) }
            return outcomes
        }
        #expect(outcomes.allSatisfy { $0 == .timeout })
    }

    @Test(arguments: LaneKind.allCases)
    func `requests in flight at the end, and those in line, are unfinished`(kind: LaneKind)
        async throws
    {
        let server = try ScriptedServer([.request, .drain], secure: kind.isSecure)
        defer { server.stop() }
        let users = try await kind.run(port: server.port, maximumConnections: 1) { driver in
            let users = (0..<3).map { _ in Exchange() }
            for user in users { driver.begin("GET / HTTP/1.1\r\nHost: x\r\n\r\n", as: user) }
            await driver.wait { server.requests.count == 1 }
            driver.close()
            var answers: [LaneAnswer] = []
            for user in users { answers.append(await driver.end(user)) }
            return answers
        }
        #expect(users.map(\.outcome) == [.unfinished, .unfinished, .unfinished])
        #expect(users.allSatisfy { !$0.detail.isEmpty })
    }
}
