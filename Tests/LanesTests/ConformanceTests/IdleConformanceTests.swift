import Collector
import Exchanges
import Generator
import Measurements
import Profiles
import Testing

/// What a peer sends while nobody waits for it.
@Suite(.timeLimit(.minutes(20))) struct IdleConformanceTests {
    private static let request = "GET / HTTP/1.1\r\nHost: x\r\n\r\n"
    private static let right = "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\npong"

    /// What comes after a right answer.
    enum Unasked: String, CaseIterable, Sendable {
        case timeout = "HTTP/1.1 408 Late\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"
        case answer = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nwrong"
        case byte = "x"
    }

    private static let users: [Network.Reuse] = [.pool, .user]

    @Test(arguments: LaneKind.allCases, Unasked.allCases)
    func `what comes on an idle connection is not taken for the next answer`(
        kind: LaneKind, unasked: Unasked
    ) async throws {
        for reuse in Self.users {
            let server = try ScriptedServer(
                [
                    .request, .send(Self.right), .gate(1), .send(unasked.rawValue), .received,
                    .gate(2), .drain,
                ],
                [.serve(Self.right)], secure: kind.isSecure)
            defer { server.stop() }
            let (answers, statistics) = try await kind.run(
                port: server.port, maximumConnections: 1, network: Network(connections: reuse)
            ) { driver in
                let user = Exchange()
                var answers = [await driver.send(Self.request, as: user)]
                server.open(gate: 1)
                await driver.wait { server.hasReached(gate: 2) }
                server.open(gate: 2)
                // Closed as soon as something comes.
                await driver.wait { server.closed == 1 }
                answers.append(await driver.send(Self.request, as: user))
                answers.append(await driver.send(Self.request, as: user))
                return (answers, driver.takeStatistics())
            }
            #expect(answers.map(\.outcome) == [.ok, .ok, .ok], "\(answers.map(\.detail))")
            #expect(answers.map(\.text) == ["pong", "pong", "pong"])
            #expect(server.opened == 2 && statistics.opened == 2)
        }
    }

    @Test(arguments: LaneKind.allCases, Unasked.allCases)
    func `what comes with an answer and is no part of it is not taken for the next`(
        kind: LaneKind, unasked: Unasked
    ) async throws {
        let server = try ScriptedServer(
            [.request, .send(Self.right + unasked.rawValue), .drain], [.serve(Self.right)],
            secure: kind.isSecure)
        defer { server.stop() }
        let answers = try await kind.run(port: server.port, maximumConnections: 1) { driver in
            [await driver.send(Self.request), await driver.send(Self.request)]
        }
        // libcurl leaves out what follows an answer, and ends the connection.
        let first: Outcome = [.curl, .curlTLS].contains(kind) ? .ok : .malformed
        #expect(answers.map(\.outcome) == [first, .ok], "\(answers.map(\.detail))")
        #expect(answers[1].text == "pong" && server.opened == 2)
    }

    /// The loop is held from its sockets until the bytes are there.
    @Test(arguments: [LaneKind.curl, .curlTLS], Unasked.allCases)
    func `an idle connection is looked at once more before it is used`(
        kind: LaneKind, unasked: Unasked
    ) async throws {
        let server = try ScriptedServer(
            [
                .request, .send(Self.right), .gate(1), .send(unasked.rawValue), .received, .gate(2),
                .drain,
            ],
            [.serve(Self.right)], secure: kind.isSecure)
        defer { server.stop() }
        let answers = try await kind.run(port: server.port, maximumConnections: 1) { driver in
            let first = await driver.send(Self.request)
            server.open(gate: 1)
            server.wait { server.hasReached(gate: 2) }
            server.open(gate: 2)
            return [first, await driver.send(Self.request)]
        }
        #expect(answers.map(\.outcome) == [.ok, .ok], "\(answers.map(\.detail))")
        #expect(answers.map(\.text) == ["pong", "pong"] && server.opened == 2)
    }
}
