import Collector
import Exchanges
import Foundation
import Generator
import Measurements
import Profiles
import Testing

@testable import HTTP1Lane

/// How connections are opened, shared, kept and replaced.
@Suite(.timeLimit(.minutes(20))) struct ConnectionConformanceTests {
    static let request = "GET / HTTP/1.1\r\nHost: x\r\n\r\n"
    static let right = "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\npong"

    @Test(arguments: LaneKind.allCases)
    func `users share connections up to the bound, and wait in line beyond it`(kind: LaneKind)
        async throws
    {
        let server = try ScriptedServer([.serve(Self.right)], secure: kind.isSecure)
        defer { server.stop() }
        let answers = try await kind.run(port: server.port, maximumConnections: 3) { driver in
            await driver.sendTogether(10, Self.request)
        }
        #expect(answers.allSatisfy { $0.outcome == .ok })
        #expect(server.opened == 3 && server.requests.count == 10)
        #expect(answers.count { $0.connect > 0 } == 3)
    }

    @Test(arguments: [LaneKind.loops, .loopsTLS])
    func `users that start at once have as many connections`(kind: LaneKind) async throws {
        let server = try ScriptedServer([.serve(Self.right)], secure: kind.isSecure)
        defer { server.stop() }
        let answers = try await kind.run(port: server.port, maximumConnections: 40) { driver in
            await driver.sendTogether(40, Self.request)
        }
        #expect(answers.allSatisfy { $0.outcome == .ok })
        #expect(server.opened == 40)
    }

    /// A generator that is late must not open connections while answers lie unread.
    @Test(arguments: [LaneKind.loops, .loopsTLS])
    func `an answer that is there to be read frees its connection for what is due`(kind: LaneKind)
        async throws
    {
        let answer = ScriptedServer.Step.send(Self.right)
        let server = try ScriptedServer(
            [
                .request, answer, .request, .gate(1), answer, .received, .gate(2), .request, answer,
            ], secure: kind.isSecure)
        defer { server.stop() }
        let answers = try await kind.run(port: server.port) { driver in
            var answers = [await driver.send(Self.request)]
            let users = [Exchange(), Exchange()]
            for user in users { user.isArrival = true }
            driver.begin(Self.request, as: users[0])
            await driver.wait { server.hasReached(gate: 1) }
            // The loop is held until the answer is there to be read.
            server.open(gate: 1)
            server.wait { server.hasReached(gate: 2) }
            server.open(gate: 2)
            driver.begin(Self.request, as: users[1])
            for user in users { answers.append(await driver.end(user)) }
            return answers
        }
        #expect(answers.allSatisfy { $0.outcome == .ok })
        #expect(server.opened == 1 && server.requests.count == 3)
    }

    @Test(arguments: LaneKind.allCases)
    func `a user of its own connection keeps it, whoever sends in between`(kind: LaneKind)
        async throws
    {
        let network = Network(connections: .user)
        let server = try ScriptedServer([.serve(Self.right)], secure: kind.isSecure)
        defer { server.stop() }
        let connects = try await kind.run(port: server.port, network: network) { driver in
            let users = (0..<4).map { _ in Exchange() }
            var connects: [Bool] = []
            for turn in [0, 1, 2, 3, 2, 1, 0, 3, 3] {
                let answer = await driver.send(Self.request, as: users[turn])
                #expect(answer.outcome == .ok, "\(answer.detail)")
                connects.append(answer.connect > 0)
            }
            return connects
        }
        #expect(connects == [true, true, true, true, false, false, false, false, false])
        #expect(server.opened == 4)
    }

    @Test(arguments: LaneKind.allCases)
    func `a request of its own connection opens one, and closes it`(kind: LaneKind) async throws {
        let network = Network(connections: .request)
        let server = try ScriptedServer([.serve(Self.right)], secure: kind.isSecure)
        defer { server.stop() }
        let connects = try await kind.run(
            port: server.port, maximumConnections: 1, network: network
        ) { driver in
            var connects: [Bool] = []
            for _ in 0..<5 {
                let answer = await driver.send(Self.request)
                #expect(answer.outcome == .ok, "\(answer.detail)")
                connects.append(answer.connect > 0)
            }
            await driver.wait { server.closed == 5 }
            return connects
        }
        #expect(connects == [true, true, true, true, true])
        #expect(server.opened == 5 && server.closed == 5)
    }

    @Test(arguments: LaneKind.allCases, ["GET", "POST"])
    func `a connection that the peer closed while it was idle is replaced`(
        kind: LaneKind, method: String
    ) async throws {
        let server = try ScriptedServer(
            [.request, .send(Self.right), .end], secure: kind.isSecure)
        defer { server.stop() }
        let request = "\(method) / HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n"
        let answers = try await kind.run(port: server.port, maximumConnections: 1) { driver in
            var answers: [LaneAnswer] = []
            for turn in 1...4 {
                answers.append(await driver.send(request))
                await driver.wait { server.closed == turn }
            }
            return answers
        }
        #expect(answers.map(\.outcome) == [.ok, .ok, .ok, .ok], "\(answers.map(\.detail))")
        #expect(server.opened == 4)
    }

    @Test(arguments: LaneKind.allCases, ["GET", "POST"])
    func `a request that the peer may have received is not sent twice`(
        kind: LaneKind, method: String
    ) async throws {
        // The second request is read, and answered with the end of the connection.
        let server = try ScriptedServer(
            [.request, .send(Self.right), .request], secure: kind.isSecure)
        defer { server.stop() }
        let request = "\(method) / HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n"
        let answers = try await kind.run(port: server.port, maximumConnections: 1) { driver in
            [await driver.send(request), await driver.send(request), await driver.send(request)]
        }
        #expect(answers.map(\.outcome) == [.ok, .reset, .ok], "\(answers.map(\.detail))")
        #expect(answers[1].detail.contains("closed"))
        #expect(server.requests.count == 3)
    }

    @Test(arguments: LaneKind.allCases, [413, 200])
    func `an answer that comes before the request is whole counts`(kind: LaneKind, status: Int)
        async throws
    {
        let answer =
            "HTTP/1.1 \(status) Early\r\nConnection: close\r\nContent-Length: 4\r\n\r\npong"
        let server = try ScriptedServer(
            [.head, .send(answer), .drain], [.serve(Self.right)], secure: kind.isSecure)
        defer { server.stop() }
        let body = String(repeating: "x", count: 8 << 20)
        let (early, next) = try await kind.run(port: server.port, maximumConnections: 1) { driver in
            let early = await driver.send(
                "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)")
            return (early, await driver.send(Self.request))
        }
        #expect(early.outcome == .ok && early.status == status, "\(early.detail)")
        #expect(next.outcome == .ok, "\(next.detail)")
    }

    @Test(arguments: LaneKind.allCases)
    func `a large request is sent whole, and its sending is timed`(kind: LaneKind) async throws {
        let server = try ScriptedServer([.gate(1), .serve(Self.right)], secure: kind.isSecure)
        defer { server.stop() }
        // More than the systems of both sides hold while nobody reads.
        let body = String(repeating: "0123456789abcdef", count: 1 << 20)
        let request = "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: \(body.utf8.count)\r\n\r\n"
        let (outcome, send) = try await kind.run(port: server.port) { driver in
            let user = Exchange()
            driver.begin(request + body, as: user)
            await driver.wait { driver.takeStatistics().sent > 0 || user.isFinished }
            server.open(gate: 1)
            let answer = await driver.end(user)
            return (answer.outcome, user.stamps.setup.send)
        }
        #expect(outcome == .ok)
        #expect(send > 0)
        #expect(server.requests.map { $0.hasSuffix("\r\n\r\n" + body) } == [true])
    }

    @Test(arguments: LaneKind.allCases)
    func `IPv6 is an address like any other`(kind: LaneKind) async throws {
        let server = try ScriptedServer([.serve(Self.right)], at: .ipv6, secure: kind.isSecure)
        defer { server.stop() }
        let outcomes = try await kind.run(host: "::1", port: server.port) { driver in
            [await driver.send(Self.request).outcome, await driver.send(Self.request).outcome]
        }
        #expect(outcomes == [.ok, .ok] && server.peers == ["::1"])
    }

    @Test(arguments: LaneKind.allCases)
    func `a unix socket is connected to instead of the host`(kind: LaneKind) async throws {
        let path = "/tmp/loadgen-\(UUID().uuidString.prefix(8)).sock"
        defer { unlink(path) }
        let network = Network(connectTo: "unix:\(path)")
        let server = try ScriptedServer(
            [.serve(Self.right)], at: .unix(path), secure: kind.isSecure)
        defer { server.stop() }
        let outcomes = try await kind.run(port: 1, network: network) { driver in
            [await driver.send(Self.request).outcome, await driver.send(Self.request).outcome]
        }
        #expect(outcomes == [.ok, .ok] && server.opened == 1)
    }

    @Test(arguments: LaneKind.allCases)
    func `connections come from the source addresses in turn`(kind: LaneKind) async throws {
        let network = Network(sourceAddresses: ["127.0.0.7-127.0.0.9"])
        let server = try ScriptedServer([.serve(Self.right)], secure: kind.isSecure)
        defer { server.stop() }
        let outcomes = try await kind.run(
            port: server.port, maximumConnections: 6, network: network
        ) { driver in
            let users = (0..<6).map { _ in Exchange() }
            for user in users { driver.begin(Self.request, as: user) }
            var outcomes: [Outcome] = []
            for user in users { outcomes.append(await driver.end(user).outcome) }
            return outcomes
        }
        #expect(outcomes.allSatisfy { $0 == .ok })
        let wanted = ["127.0.0.7", "127.0.0.8", "127.0.0.9"]
        #expect(server.peers.sorted() == (wanted + wanted).sorted())
    }

    @Test(arguments: LaneKind.allCases)
    func `a lane counts the connections that it opens and has`(kind: LaneKind) async throws {
        let server = try ScriptedServer([.serve(Self.right)], secure: kind.isSecure)
        defer { server.stop() }
        let (first, second) = try await kind.run(port: server.port, maximumConnections: 3) {
            driver in
            let users = (0..<5).map { _ in Exchange() }
            for user in users { driver.begin(Self.request, as: user) }
            for user in users { _ = await driver.end(user) }
            return (driver.takeStatistics(), driver.takeStatistics())
        }
        #expect(first.opened == 3 && first.openConnections == 3 && first.reconnects == 0)
        #expect(second.opened == 0 && second.openConnections == 3)
        #expect(first.sent == 5 && second.sent == 0)
    }

    @Test(arguments: LaneKind.allCases)
    func `users beyond the bound get the place of one that is idle`(kind: LaneKind) async throws {
        let server = try ScriptedServer([.serve(Self.right)], secure: kind.isSecure)
        defer { server.stop() }
        let network = Network(connections: .user)
        let answers = try await kind.run(
            port: server.port, maximumConnections: 2, network: network
        ) { driver in
            let users = (0..<5).map { _ in Exchange() }
            var answers: [LaneAnswer] = []
            for user in users { answers.append(await driver.send(Self.request, as: user)) }
            for user in users { driver.begin(Self.request, as: user) }
            for user in users { answers.append(await driver.end(user)) }
            await driver.wait { server.opened - server.closed <= 2 }
            #expect(server.opened - server.closed <= 2)
            return answers
        }
        #expect(answers.allSatisfy { $0.outcome == .ok }, "\(answers.map(\.detail))")
    }
}
