import Exchanges
import Generator
import Measurements
import Profiles
import Testing

/// Bodies in content codings, over both lanes: a body that is cut, or goes on, is no right answer.
@Suite(.timeLimit(.minutes(20))) struct CompressionConformanceTests {
    /// A body on the wire.
    struct Row: Sendable, CustomTestStringConvertible {
        let coding: String
        let bytes: [UInt8]
        /// What must come of it: the body, or a word of what is wrong with it.
        var text: String?
        var word = ""
        var testDescription: String { "\(coding): \(text ?? word), \(bytes.count) bytes" }
    }

    static let right =
        Packed.pong.map { Row(coding: $0.coding, bytes: $0.bytes, text: "pong") } + [
            Row(coding: "x-gzip", bytes: Packed.gzip, text: "pong"),
            Row(coding: "GZip", bytes: Packed.gzip, text: "pong"),
            Row(coding: "identity", bytes: Array("pong".utf8), text: "pong"),
            Row(coding: "deflate", bytes: Packed.rawDeflate, text: "pong"),
            Row(coding: "gzip", bytes: Packed.gzip + Packed.gzip, text: "pongpong"),
            Row(
                coding: "zstd",
                bytes: Packed.zstandard("pi") + Packed.skippable + Packed.zstandard("ng"),
                text: "ping"),
            Row(coding: "gzip, br", bytes: Packed.brotli(Packed.gzip), text: "pong"),
            Row(
                coding: "gzip\r\nContent-Encoding:\tidentity ,br",
                bytes: Packed.brotli(Packed.gzip),
                text: "pong"),
            Row(coding: "gzip", bytes: [], text: ""), Row(coding: "gzip, br", bytes: [], text: ""),
            Row(coding: "zstd", bytes: Packed.zstandard(""), text: ""),
        ]

    static let wrong =
        Packed.pong.flatMap { coding, bytes in
            [
                Row(coding: coding, bytes: bytes + [0], word: coding),
                Row(coding: coding, bytes: bytes.dropLast(), word: "a \(coding) body that is cut"),
                Row(coding: coding, bytes: [bytes[0]], word: "a \(coding) body that is cut"),
                Row(
                    coding: coding, bytes: [0xff, 0xee, 0xdd, 0xcc, 0xbb, 0xaa, 0x99],
                    word: "not a \(coding) body"),
            ]
        } + [
            // Half of the second member, and what is none.
            Row(coding: "gzip", bytes: Packed.gzip + Packed.gzip.prefix(11), word: "cut short"),
            Row(coding: "gzip", bytes: Packed.gzip + Array("pong".utf8), word: "not a gzip body"),
            // A right outer body with half of the inner one.
            Row(
                coding: "gzip, br", bytes: Packed.brotli(Packed.gzip.dropLast(4)),
                word: "a gzip body that is cut"),
            Row(coding: "br, gzip", bytes: Packed.brotli(Packed.gzip), word: "not a gzip body"),
            Row(coding: "compress", bytes: Packed.gzip, word: "coding that was not asked for"),
            Row(coding: "gzip;q=1", bytes: Packed.gzip, word: "coding that was not asked for"),
            Row(
                coding: "gzip, gzip, gzip, gzip, gzip", bytes: Packed.gzip,
                word: "coding that was not asked for"),
            // A window of 64 MiB.
            Row(
                coding: "zstd", bytes: [0x28, 0xb5, 0x2f, 0xfd, 0x00, 0x80, 1, 0, 0],
                word: "not a zstd body"),
        ]
        + Packed.bombs.map {
            Row(coding: $0.coding, bytes: $0.bytes, word: "body of more than 67108864 bytes")
        }

    private func head(_ row: Row, isChunked: Bool = false) -> [UInt8] {
        let length =
            isChunked ? "Transfer-Encoding: chunked" : "Content-Length: \(row.bytes.count)"
        return Array(
            "HTTP/1.1 200 OK\r\nContent-Encoding: \(row.coding)\r\n\(length)\r\n\r\n".utf8)
    }

    /// Answers with rows, one after the other on one connection, to users that keep `kept` bytes.
    private func answers(
        _ kind: LaneKind, _ script: [ScriptedServer.Step], _ count: Int, isCompressed: Bool = true,
        keeping kept: Int = .max, budget: Int = .max
    ) async throws -> [LaneAnswer] {
        // What follows comes on the same connection where the lane keeps it, else on the next.
        let right = ScriptedServer.Step.serve("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\npong")
        let server = try ScriptedServer(script + [right], [right], secure: kind.isSecure)
        defer { server.stop() }
        var network = Network()
        network.isCompressed = isCompressed
        return try await kind.run(
            port: server.port, maximumConnections: 1, network: network
        ) { driver in
            let user = Exchange(memory: MemoryBudget(limitBytes: budget))
            user.keptBodyBytes = kept
            var answers: [LaneAnswer] = []
            for _ in 0..<count {
                answers.append(await driver.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n", as: user))
            }
            return answers
        }
    }

    @Test(arguments: LaneKind.allCases)
    func `a packed body is unpacked, and the connection goes on`(kind: LaneKind) async throws {
        let script = Self.right.flatMap { row in
            [ScriptedServer.Step.request, .send(head(row) + row.bytes)]
        }
        let answers = try await answers(kind, script, Self.right.count)
        for (answer, row) in zip(answers, Self.right) {
            #expect(answer.outcome == .ok && answer.text == row.text, "\(row) \(answer.detail)")
        }
        #expect(answers.dropFirst().allSatisfy { $0.connect == 0 })
    }

    @Test(arguments: LaneKind.allCases, right)
    func `a packed body may come a byte at a time`(kind: LaneKind, row: Row) async throws {
        let chunks = row.bytes.flatMap { Array("1\r\n".utf8) + [$0] + Array("\r\n".utf8) }
        let script: [ScriptedServer.Step] = [
            .request, .trickle(head(row, isChunked: true) + chunks + Array("0\r\n\r\n".utf8)),
        ]
        let answer = try await answers(kind, script, 1)[0]
        #expect(answer.outcome == .ok && answer.text == row.text, "\(answer.detail)")
    }

    @Test(arguments: LaneKind.allCases, wrong)
    func `a body that is not what it says is malformed, and the next request is not harmed`(
        kind: LaneKind, row: Row
    ) async throws {
        let answers = try await answers(kind, [.request, .send(head(row) + row.bytes)], 2)
        #expect(answers[0].outcome == .malformed, "\(answers[0].outcome)")
        #expect(answers[0].detail.contains(row.word), "\(answers[0].detail)")
        #expect(answers[0].body.count <= 64 << 20)
        #expect(answers[1].outcome == .ok && answers[1].text == "pong", "\(answers[1].detail)")
    }

    @Test(arguments: LaneKind.allCases, Packed.pong)
    func `half of a body that only the end of the connection ends is malformed`(
        kind: LaneKind, body: (coding: String, bytes: [UInt8])
    ) async throws {
        for count in 1..<body.bytes.count {
            let head = "HTTP/1.1 200 OK\r\nContent-Encoding: \(body.coding)\r\n\r\n"
            let part = Array(head.utf8) + body.bytes.prefix(count)
            let answer = try await answers(kind, [.request, .send(part), .end], 1)[0]
            #expect(answer.outcome == .malformed, "\(count): \(answer.outcome) \(answer.detail)")
        }
    }

    @Test(arguments: LaneKind.allCases)
    func `a body is left as it is where compression is not asked for`(kind: LaneKind) async throws {
        let row = Row(coding: "gzip", bytes: Packed.gzip)
        let answer = try await answers(
            kind, [.request, .send(head(row) + row.bytes)], 1, isCompressed: false)[0]
        #expect(answer.outcome == .ok && answer.body == Packed.gzip)
    }

    /// 63 MiB out of 102 bytes.
    @Test(arguments: LaneKind.allCases)
    func `a bomb is counted and dropped where nobody reads it, and has no room where it is kept`(
        kind: LaneKind
    ) async throws {
        let bomb = Row(coding: "br", bytes: Packed.largestBrotli)
        let script: [ScriptedServer.Step] = [.request, .send(head(bomb) + bomb.bytes)]
        let dropped = try await answers(kind, script, 1, keeping: 2048, budget: 16 << 20)[0]
        #expect(dropped.outcome == .ok && dropped.body.count == 2048, "\(dropped.detail)")
        let kept = try await answers(kind, script, 1, budget: 16 << 20)[0]
        #expect(kept.outcome == .overBudget && kept.detail.contains("limits.memory"))
        // A decoder needs memory as well.
        let none = try await answers(kind, script, 1, budget: 1000)[0]
        #expect(none.outcome == .overBudget, "\(none.outcome) \(none.detail)")
    }
}
