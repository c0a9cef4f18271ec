import Exchanges
import Foundation
import Generator
import Measurements
import Profiles
import Testing

/// TLS in both lanes, against nginx: who is trusted, what is spoken, and what is taken up again.
@Suite(.timeLimit(.minutes(20))) struct TLSConformanceTests {
    private static let request = "GET / HTTP/1.1\r\nHost: target\r\n\r\n"

    private func setup(
        _ kind: LaneKind, _ server: NginxServer, _ flavour: NginxServer.Flavour = .tls,
        name: String = "localhost",
        _ change: (inout Network, Certificates) -> Void = { _, _ in }
    ) -> LaneSetup {
        var network = Network()
        network.tls.authorities = server.certificates.authority
        change(&network, server.certificates)
        return LaneSetup(kind: kind, port: server.port(flavour), name: name, network: network)
    }

    private func send(_ setup: LaneSetup, times: Int = 1) async throws -> [LaneAnswer] {
        try await setup.run { driver in
            var answers: [LaneAnswer] = []
            for _ in 0..<times { answers.append(await driver.send(Self.request)) }
            return answers
        }
    }

    @Test(arguments: LaneKind.secure)
    func `a certificate of a known authority is taken, and its name is asked for`(
        kind: LaneKind
    ) async throws {
        let server = try NginxServer()
        for (host, name) in [("localhost", "localhost"), ("127.0.0.1", "")] {
            let answers = try await send(setup(kind, server, name: host), times: 2)
            #expect(answers.map(\.outcome) == [.ok, .ok], "\(answers.map(\.detail))")
            #expect(answers.map { $0.field("name") } == [name, name])
            #expect(answers.map { $0.field("request") } == ["1", "2"])
            #expect(answers.map { $0.field("host") } == ["target", "target"])
            #expect(answers[0].connect > 0 && answers[0].tls > 0)
            #expect(answers[1].connect == 0 && answers[1].tls == 0)
        }
    }

    @Test(arguments: LaneKind.secure)
    func `who is not who the URL names is refused, and it is said why`(
        kind: LaneKind
    ) async throws {
        let server = try NginxServer()
        let rows: [(LaneSetup, String)] = [
            (setup(kind, server) { network, _ in network.tls.authorities = nil }, "certificate"),
            (
                setup(kind, server) { $0.tls.authorities = $1.stranger },
                "SSL certificate problem: unable to get local issuer certificate"
            ),
            (
                setup(kind, server, name: "127.0.0.2"),
                "subject name matches target host name '127.0.0.2'"
            ),
            (
                setup(kind, server) { network, _ in network.tls.serverName = "wrong.test" },
                "subject name matches target host name 'wrong.test'"
            ),
            (setup(kind, server, .clear), "wrong version number"),
            (setup(kind, server, .tls12) { network, _ in network.tls.least = "1.3" }, "version"),
        ]
        for (setup, words) in rows {
            let answer = try #require(try await send(setup).first)
            #expect(answer.outcome == .refused && answer.sent == 0)
            #expect(answer.detail.contains(words), "\(answer.detail)")
        }
    }

    @Test(arguments: LaneKind.secure)
    func `insecure takes any certificate`(
        kind: LaneKind
    ) async throws {
        let server = try NginxServer()
        let insecure = setup(kind, server, name: "127.0.0.2") { network, _ in
            network.tls.authorities = nil
            network.tls.isInsecure = true
        }
        #expect(try await send(insecure).map(\.outcome) == [.ok])
    }

    @Test(arguments: LaneKind.secure)
    func `a server name is asked for and checked instead of the host`(
        kind: LaneKind
    ) async throws {
        let server = try NginxServer()
        let other = setup(kind, server, name: "127.0.0.2") { network, _ in
            network.tls.serverName = "other.test"
        }
        let answers = try await send(other)
        #expect(answers.map(\.outcome) == [.ok], "\(answers.map(\.detail))")
        #expect(answers.map { $0.field("name") } == ["other.test"])
        #expect(answers.map { $0.field("host") } == ["target"])
    }

    @Test(arguments: LaneKind.secure)
    func `a client shows its certificate where it has one`(
        kind: LaneKind
    ) async throws {
        let server = try NginxServer()
        let known = setup(kind, server, .mutual) {
            $0.tls.certificate = $1.client
            $0.tls.key = $1.clientKey
        }
        #expect(try await send(known).map { $0.field("client") } == ["CN=client"])
        // nginx answers who has none with a status of its own.
        let unknown = try await send(setup(kind, server, .mutual))
        #expect(unknown.map(\.status) == [400])
    }

    @Test(arguments: LaneKind.secure)
    func `versions and ciphers are the profile's`(
        kind: LaneKind
    ) async throws {
        let server = try NginxServer()
        let rows:
            [(least: String?, most: String?, ciphers: String?, version: String, cipher: String)]
        rows = [
            (nil, nil, nil, "TLSv1.3", "TLS_AES_256_GCM_SHA384"),
            (nil, "1.2", nil, "TLSv1.2", "ECDHE-ECDSA-AES256-GCM-SHA384"),
            ("1.2", "1.2", "ECDHE-ECDSA-AES128-SHA", "TLSv1.2", "ECDHE-ECDSA-AES128-SHA"),
            ("1.3", "1.3", "TLS_AES_128_GCM_SHA256", "TLSv1.3", "TLS_AES_128_GCM_SHA256"),
        ]
        for row in rows {
            let setup = setup(kind, server) { network, _ in
                network.tls.least = row.least
                network.tls.most = row.most
                network.tls.ciphers = row.ciphers
            }
            let answer = try #require(try await send(setup).first)
            #expect(answer.outcome == .ok, "\(answer.detail)")
            #expect(answer.field("version") == row.version)
            #expect(answer.field("cipher") == row.cipher)
        }
    }

    @Test(arguments: LaneKind.secure)
    func `a connection for each request takes up the session of the one before`(
        kind: LaneKind
    ) async throws {
        let server = try NginxServer()
        let setup = setup(kind, server) { network, _ in network.connections = .request }
        let answers = try await send(setup, times: 4)
        #expect(answers.map(\.outcome) == [.ok, .ok, .ok, .ok])
        #expect(answers.map { $0.field("reused") } == [".", "r", "r", "r"])
        #expect(answers.allSatisfy { $0.tls > 0 && $0.field("request") == "1" })
    }

    @Test(arguments: LaneKind.secure)
    func `a user of its own connection has it over TLS`(
        kind: LaneKind
    ) async throws {
        let server = try NginxServer()
        let setup = setup(kind, server) { network, _ in network.connections = .user }
        let connections = try await setup.run { driver in
            let users = (0..<3).map { _ in Exchange() }
            var connections: [String] = []
            for turn in [0, 1, 2, 2, 1, 0] {
                let answer = await driver.send(Self.request, as: users[turn])
                connections.append(answer.field("connection"))
            }
            return connections
        }
        #expect(Set(connections).count == 3)
        #expect(connections == connections.reversed())
    }
}
