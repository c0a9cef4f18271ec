import Collector
import Exchanges
import Foundation
import Generator
import Measurements
import Profiles
import Testing

@testable import HTTP1Lane

/// What ends with a user, a lane or its time.
extension ConnectionConformanceTests {
    @Test(arguments: [LaneKind.loops, .loopsTLS])
    func `the end of a lane closes the idle connections of users`(kind: LaneKind) async throws {
        let server = try ScriptedServer([.serve(Self.right)], secure: kind.isSecure)
        defer { server.stop() }
        try await kind.run(port: server.port, network: Network(connections: .user)) { driver in
            let user = Exchange()
            #expect(await driver.send(Self.request, as: user).outcome == .ok)
            driver.close()
            await driver.wait { server.closed == 1 }
        }
        #expect(server.closed == 1)
    }

    @Test func `one that is too late is taken out of the line wherever it stands`() {
        var line = WaitingLine()
        let exchanges = ([5, 1, 9, 1] as [UInt64]).map { deadline in
            let exchange = Exchange()
            exchange.prepare(due: 0, deadline: deadline)
            return exchange
        }
        for exchange in exchanges { line.append(exchange) }
        #expect(line.takeExpired(at: 4).map(\.deadline) == [1, 1])
        #expect(line.takeExpired(at: 4).isEmpty && line.count == 2)
        #expect(line.popFirst() === exchanges[0] && line.popFirst() === exchanges[2])
        #expect(line.popFirst() == nil && line.count == 0)
    }

    @Test(arguments: LaneKind.allCases)
    func `a user that ends makes room for the next in line`(kind: LaneKind) async throws {
        let server = try ScriptedServer([.serve(Self.right)], secure: kind.isSecure)
        defer { server.stop() }
        let network = Network(connections: .user)
        let answers = try await kind.run(
            port: server.port, maximumConnections: 1, network: network
        ) { driver in
            let (first, second) = (Exchange(), Exchange())
            let answer = await driver.send(Self.request, as: first)
            driver.begin(Self.request, as: second)
            driver.release(first)
            return [answer, await driver.end(second)]
        }
        #expect(answers.map(\.outcome) == [.ok, .ok], "\(answers.map(\.detail))")
    }

    @Test(arguments: LaneKind.allCases)
    func `a user that ends leaves no connection to who comes after it`(kind: LaneKind)
        async throws
    {
        let server = try ScriptedServer([.serve(Self.right)], secure: kind.isSecure)
        defer { server.stop() }
        let network = Network(connections: .user)
        let connects = try await kind.run(port: server.port, network: network) { driver in
            let user = Exchange()
            var connects: [Bool] = []
            for turn in 1...3 {
                connects.append(await driver.send(Self.request, as: user).connect > 0)
                driver.release(user)
                await driver.wait { server.closed == turn }
            }
            return connects
        }
        #expect(connects == [true, true, true])
        #expect(server.closed == 3)
    }

    /// Begins more requests when the one that it is told of has ended.
    private final class Follower: ExchangeHandler {
        let next: () -> Void

        init(_ next: @escaping () -> Void) { self.next = next }

        func exchangeEnded() { next() }
    }

    /// The request waits for the end of the turn, in which the end of the peer is read.
    @Test(arguments: [LaneKind.loops, .loopsTLS])
    func `a connection that closes under a request that is not sent yet is replaced`(
        kind: LaneKind
    ) async throws {
        let answer = ScriptedServer.Step.send(Self.right)
        let server = try ScriptedServer(
            [.request, answer, .request, .gate(1), answer, .received, .gate(2), .request, answer],
            [.request, answer, .gate(3), .end], [.serve([.request, answer])],
            secure: kind.isSecure)
        defer { server.stop() }
        let (outcomes, reconnects) = try await kind.run(port: server.port) { driver in
            let users = (0..<4).map { _ in Exchange() }
            var answers = [await driver.send(Self.request, as: users[0])]
            // Its end frees the first connection for one request, and the next finds the second.
            let follower = Follower {
                for user in users[2...] { driver.begin(Self.request, as: user) }
            }
            users[0].handler = follower
            driver.begin(Self.request, as: users[0])
            answers.append(await driver.send(Self.request, as: users[1]))
            // The loop is held: first there is an answer to read, and then the end of a peer.
            server.open(gate: 1)
            server.wait { server.hasReached(gate: 2) }
            server.open(gate: 3)
            server.wait { server.closed == 1 }
            server.open(gate: 2)
            answers.append(await driver.end(users[0]))
            for user in users[2...] { answers.append(await driver.end(user)) }
            withExtendedLifetime(follower) {}
            return (answers.map(\.outcome), driver.takeStatistics().reconnects)
        }
        #expect(reconnects == 1)
        #expect(outcomes == [.ok, .ok, .ok, .ok, .ok])
    }
}
