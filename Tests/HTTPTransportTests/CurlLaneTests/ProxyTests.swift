import Evidence
import Generator
import Profiles
import Testing

@testable import HTTPTransport

@Suite(.timeLimit(.minutes(5))) struct ProxyTests {
    private static let request = "GET /a HTTP/1.1\r\nHost: target.test\r\n\r\n"
    private static let right = "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\npong"

    private func settings(
        _ scheme: String, proxy: Int, target: Int, isSecure: Bool = false,
        reuse: Network.Reuse = .pool
    ) -> CurlSettings {
        var network = Network()
        network.connections = reuse
        network.tls.isInsecure = isSecure
        var settings = CurlSettings(
            isSecure: isSecure, host: "target.test", port: target,
            place: .address("127.0.0.1", port: target), network: network)
        settings.proxy = CurlSettings.Proxy(
            scheme: scheme, host: "proxy.test", address: "127.0.0.1", port: proxy,
            credentials: nil)
        return settings
    }

    @Test(arguments: [Network.Reuse.pool, .user, .request])
    func `a proxy is asked for the whole URL of clear text`(reuse: Network.Reuse) async throws {
        let proxy = try ScriptedServer([.serve(Self.right)])
        defer { proxy.stop() }
        let lane = settings("http", proxy: proxy.port, target: 81, reuse: reuse)
        let outcomes = try await lane.run { driver in
            let (one, other) = (Exchange(), Exchange())
            var outcomes: [Outcome] = []
            for user in [one, one, other] {
                outcomes.append(await driver.send(Self.request, as: user).outcome)
            }
            return outcomes
        }
        #expect(outcomes == [.ok, .ok, .ok])
        let line = "GET http://target.test:81/a HTTP/1.1\r\n"
        #expect(proxy.requests.count == 3 && proxy.requests.allSatisfy { $0.hasPrefix(line) })
        #expect(proxy.requests.allSatisfy { $0.contains("Host: target.test\r\n") })
        let connections: [Network.Reuse: Int] = [.pool: 1, .user: 2, .request: 3]
        #expect(proxy.opened == connections[reuse])
    }

    @Test func `a proxy makes a tunnel for TLS, in which the target's name is asked for`()
        async throws
    {
        let server = try NginxServer()
        let port = server.port(.tls)
        let proxy = try ScriptedServer([
            .request, .send("HTTP/1.1 200 Connected\r\n\r\n"), .tunnel(port),
        ])
        defer { proxy.stop() }
        let lane = settings("http", proxy: proxy.port, target: port, isSecure: true)
        let answers = try await lane.run { driver in
            [await driver.send(Self.request), await driver.send(Self.request)]
        }
        #expect(answers.map(\.outcome) == [.ok, .ok], "\(answers.map(\.detail))")
        #expect(answers.map { $0.field("name") } == ["target.test", "target.test"])
        #expect(answers.map { $0.field("request") } == ["1", "2"])
        #expect(proxy.requests.count == 1)
        #expect(proxy.requests.allSatisfy { $0.hasPrefix("CONNECT target.test:\(port) HTTP/1.1") })
    }

    @Test func `a proxy gets the password, and its refusal is one`() async throws {
        let proxy = try ScriptedServer([
            .request, .send("HTTP/1.1 407 No\r\nContent-Length: 0\r\n\r\n"),
        ])
        defer { proxy.stop() }
        var lane = settings("http", proxy: proxy.port, target: 443, isSecure: true)
        lane.proxy?.credentials = CurlSettings.Credentials(user: "u", password: "p:@/w")
        let answer = try await lane.run { await $0.send(Self.request) }
        #expect(answer.outcome == .refused && answer.detail.contains("407"), "\(answer.detail)")
        // "u:p:@/w" in base64.
        #expect(proxy.requests.first?.contains("Basic dTpwOkAvdw==") == true)
    }

    @Test func `a SOCKS proxy is given the target's name`() async throws {
        let target = try ScriptedServer([.serve(Self.right)])
        defer { target.stop() }
        let reply: [UInt8] = [5, 0, 0, 1, 127, 0, 0, 1, 0, 80]
        let name = Array("target.test".utf8)
        // Greeting: version, count, methods; request: version, CONNECT, 0, name, port.
        let proxy = try ScriptedServer([
            .bytes(2), .rest, .send([5, 0]), .bytes(5 + name.count + 2), .send(reply),
            .tunnel(target.port),
        ])
        defer { proxy.stop() }
        let lane = settings("socks5h", proxy: proxy.port, target: 80)
        let answer = try await lane.run { await $0.send(Self.request) }
        #expect(answer.outcome == .ok, "\(answer.detail)")
        #expect(target.requests == [Self.request])
        #expect(proxy.received.contains { $0.contains(name) })
    }

    @Test func `a proxy that is not there is refused`() async throws {
        let port = try Listener.RefusingPort()
        let answer = try await settings("http", proxy: port.number, target: 80).run {
            await $0.send(Self.request)
        }
        #expect(answer.outcome == .refused && answer.detail.contains("refused"))
    }
}
