import Exchanges
import Generator
import Measurements
import Profiles
import Testing

@testable import LibcurlLane

@Suite(.timeLimit(.minutes(20))) struct HTTP2Tests {
    private static let request = "GET /a?b HTTP/1.1\r\nHost: target:1\r\nX-A: b\r\n\r\n"

    private func settings(
        _ server: NginxServer, _ flavour: NginxServer.Flavour, streams: Int = 100
    ) -> CurlSettings {
        var network = Network()
        network.http = .two
        network.streams = streams
        network.tls.authorities = server.certificates.authority
        let port = server.port(flavour)
        return CurlSettings(
            isSecure: flavour != .clear2 && flavour != .short2 && flavour != .clear,
            host: "localhost", port: port, place: .address("127.0.0.1", port: port),
            network: network)
    }

    @Test(arguments: [NginxServer.Flavour.http2, .clear2])
    func `HTTP/2 is spoken by ALPN over TLS, and by prior knowledge without`(
        flavour: NginxServer.Flavour
    ) async throws {
        let server = try NginxServer()
        let answers = try await settings(server, flavour).run { driver in
            [
                await driver.send(Self.request),
                await driver.send("HEAD / HTTP/1.1\r\nHost: target\r\n\r\n"),
                await driver.send("POST / HTTP/1.1\r\nHost: target\r\nContent-Length: 0\r\n\r\n"),
                await driver.send(Self.request),
            ]
        }
        #expect(answers.allSatisfy { $0.outcome == .ok }, "\(answers.map(\.detail))")
        #expect(answers.map(\.status) == [200, 200, 200, 200])
        #expect(answers[0].field("http") == "HTTP/2.0" && answers[0].field("host") == "target:1")
        #expect(answers[0].contentType == "text/plain" && answers[1].body.isEmpty)
        #expect(answers.map { $0.connect > 0 } == [true, false, false, false])
        #expect(answers[3].field("request") == "4")
    }

    @Test(arguments: [2, 100_000])
    func `a body is sent whole over HTTP/2`(size: Int) async throws {
        let (server, target) = (
            try NginxServer(),
            try ScriptedServer([.serve("HTTP/1.0 201 Created\r\nContent-Length: 0\r\n\r\n")])
        )
        defer { target.stop() }
        let body = String(repeating: "x", count: size)
        let answer = try await settings(server, .http2).run { driver in
            await driver.send(
                "PUT /up?port=\(target.port) HTTP/1.1\r\nHost: target\r\n"
                    + "Content-Length: \(size)\r\n\r\n\(body)")
        }
        #expect(answer.outcome == .ok && answer.status == 201, "\(answer.detail)")
        #expect(target.requests.map { $0.hasSuffix("\r\n\r\n" + body) } == [true])
        #expect(target.requests.allSatisfy { $0.hasPrefix("PUT / HTTP/1.0") })
    }

    @Test(arguments: [(1, 8, 8), (4, 8, 2), (10, 2, 1), (100, 3, 1)])
    func `so many streams share a connection, and no more`(
        streams: Int, users: Int, connections: Int
    ) async throws {
        let server = try NginxServer()
        let lane = settings(server, .http2, streams: streams)
        let answers = try await lane.run(maximumConnections: 8) { driver in
            let users = (0..<users).map { _ in Exchange() }
            var answers: [LaneAnswer] = []
            for _ in 0..<5 {
                for user in users { driver.begin(Self.request, as: user) }
                for user in users { answers.append(await driver.end(user)) }
            }
            return answers
        }
        #expect(answers.count == users * 5)
        #expect(answers.allSatisfy { $0.outcome == .ok }, "\(answers.map(\.detail))")
        #expect(Set(answers.map { $0.field("connection") }).count == connections)
    }

    @Test func `more requests than streams wait in line`() async throws {
        let server = try NginxServer()
        let lane = settings(server, .clear2, streams: 5)
        let answers = try await lane.run(maximumConnections: 2) { driver in
            let users = (0..<40).map { _ in Exchange() }
            for user in users { driver.begin(Self.request, as: user) }
            var answers: [LaneAnswer] = []
            for user in users { answers.append(await driver.end(user)) }
            return answers
        }
        #expect(answers.allSatisfy { $0.outcome == .ok }, "\(answers.map(\.detail))")
        #expect(Set(answers.map { $0.field("connection") }).count == 2)
    }

    @Test func `a server that ends its connections now and then loses no request`() async throws {
        let server = try NginxServer()
        let lane = settings(server, .short2, streams: 4)
        let answers = try await lane.run(maximumConnections: 2) { driver in
            let users = (0..<8).map { _ in Exchange() }
            var answers: [LaneAnswer] = []
            for _ in 0..<25 {
                for user in users { driver.begin(Self.request, as: user) }
                for user in users { answers.append(await driver.end(user)) }
            }
            return answers
        }
        #expect(answers.count { $0.outcome == .ok } == 200, "\(Set(answers.map(\.detail)))")
        let connections = Set(answers.map { $0.field("connection") }).count
        #expect(connections >= 10, "\(answers.suffix(9).map(\.text))")
    }

    @Test(arguments: [NginxServer.Flavour.tls: Outcome.malformed, .clear: .reset])
    func `a target without HTTP/2 is said to have none`(
        flavour: NginxServer.Flavour, outcome: Outcome
    ) async throws {
        let server = try NginxServer()
        let answer = try await settings(server, flavour).run { await $0.send(Self.request) }
        #expect(answer.outcome == outcome && answer.detail.contains("http: 2"), "\(answer.detail)")
    }

    @Test func `a request that does not end is a timeout, and its connection goes on`()
        async throws
    {
        let server = try ScriptedServer([.drain])
        defer { server.stop() }
        var network = Network()
        network.http = .two
        let lane = CurlSettings(
            isSecure: false, host: "localhost", port: server.port,
            place: .address("127.0.0.1", port: server.port), network: network)
        let outcomes = try await lane.run { driver in
            let users = (0..<4).map { _ in Exchange() }
            for user in users { driver.begin(Self.request, as: user) }
            await driver.wait { server.opened == 1 }
            driver.expire(users)
            var outcomes: [Outcome] = []
            for user in users { outcomes.append(await driver.end(user).outcome) }
            return outcomes
        }
        #expect(outcomes == [.timeout, .timeout, .timeout, .timeout])
    }
}
