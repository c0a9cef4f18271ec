import EventLoops
import Exchanges
import Generator
import Measurements
import Profiles
import Testing

@testable import Sockets

/// Both lanes go through proxies alike, libcurl's for HTTP/2.
@Suite(.timeLimit(.minutes(20))) struct ProxyConformanceTests {
    private static let request = "GET /a HTTP/1.1\r\nHost: target.test\r\n\r\n"
    private static let right = "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\npong"
    private static let connected = "HTTP/1.1 200 Connected\r\n\r\n"
    private static let login = Proxy.Credentials(user: "u", password: "p:@/w")

    private func setup(
        _ kind: LaneKind, _ scheme: Proxy.Scheme = .http, proxy: Int, target: Int,
        reuse: Network.Reuse = .pool, credentials: Proxy.Credentials? = nil
    ) -> LaneSetup {
        var setup = LaneSetup(
            kind: kind, port: target, name: "target.test", network: Network(connections: reuse))
        setup.network.tls.isInsecure = kind.isSecure
        setup.network.http = kind == .curl || kind == .curlTLS ? .two : .one
        setup.proxy = Proxy(
            scheme: scheme, host: "localhost", address: "127.0.0.1", port: proxy,
            credentials: credentials)
        return setup
    }

    /// What one request through a proxy comes to that follows `script` on each connection.
    private func answer(
        _ kind: LaneKind, _ script: [ScriptedServer.Step], credentials: Proxy.Credentials? = nil
    ) async throws -> LaneAnswer {
        let proxy = try ScriptedServer(script)
        defer { proxy.stop() }
        let setup = setup(kind, proxy: proxy.port, target: 443, credentials: credentials)
        return try await setup.run { await $0.send(Self.request) }
    }

    @Test(arguments: [Network.Reuse.pool, .user, .request])
    func `a proxy is asked for the whole URL of clear text`(reuse: Network.Reuse) async throws {
        let proxy = try ScriptedServer([.serve(Self.right)])
        defer { proxy.stop() }
        let setup = setup(
            .loops, proxy: proxy.port, target: 81, reuse: reuse, credentials: Self.login)
        let answers = try await setup.run { driver in
            let (one, other) = (Exchange(), Exchange())
            var answers: [LaneAnswer] = []
            for user in [one, one, other] {
                answers.append(await driver.send(Self.request, as: user))
                // The evidence keeps the request as the target sees it, without the password.
                #expect(user.request == Array(Self.request.utf8))
            }
            return answers
        }
        #expect(answers.allSatisfy { $0.outcome == .ok && $0.text == "pong" && $0.tls == 0 })
        let line = "GET http://target.test:81/a HTTP/1.1\r\n"
        #expect(proxy.requests.count == 3 && proxy.requests.allSatisfy { $0.hasPrefix(line) })
        #expect(proxy.requests.allSatisfy { $0.contains("Host: target.test\r\n") })
        // "u:p:@/w" in base64.
        let field = "Proxy-Authorization: Basic dTpwOkAvdw==\r\n"
        #expect(proxy.requests.allSatisfy { $0.contains(field) })
        let connections: [Network.Reuse: Int] = [.pool: 1, .user: 2, .request: 3]
        #expect(proxy.opened == connections[reuse])
    }

    @Test(arguments: LaneKind.secure)
    func `a proxy makes a tunnel for TLS, in which the target's name is asked for`(
        kind: LaneKind
    ) async throws {
        let server = try NginxServer()
        let port = server.port(kind == .curlTLS ? .http2 : .tls)
        let proxy = try ScriptedServer([.request, .send(Self.connected), .tunnel(port)])
        defer { proxy.stop() }
        let setup = setup(kind, proxy: proxy.port, target: port)
        let answers = try await setup.run { driver in
            [await driver.send(Self.request), await driver.send(Self.request)]
        }
        #expect(answers.map(\.outcome) == [.ok, .ok], "\(answers.map(\.detail))")
        #expect(answers.map { $0.field("name") } == ["target.test", "target.test"])
        #expect(answers.map { $0.field("request") } == ["1", "2"])
        #expect(answers[0].connect > 0 && answers[0].tls > 0)
        #expect(answers[1].connect == 0 && answers[1].tls == 0)
        #expect(proxy.requests.count == 1)
        let head = "CONNECT target.test:\(port) HTTP/1.1\r\nHost: target.test:\(port)\r\n"
        #expect(proxy.requests.allSatisfy { $0.hasPrefix(head) })
        #expect(proxy.requests.allSatisfy { !$0.contains("Authorization") })
    }

    @Test func `HTTP 2 in clear text goes through a tunnel, too`() async throws {
        let server = try NginxServer()
        let port = server.port(.clear2)
        let proxy = try ScriptedServer([.request, .send(Self.connected), .tunnel(port)])
        defer { proxy.stop() }
        let setup = setup(.curl, proxy: proxy.port, target: port)
        let answer = try await setup.run { await $0.send(Self.request) }
        #expect(answer.field("http") == "HTTP/2.0", "\(answer.detail)")
        #expect(proxy.requests.first?.hasPrefix("CONNECT target.test:\(port) HTTP/1.1") == true)
    }

    @Test(arguments: LaneKind.secure, [403, 407, 502])
    func `a proxy gets the password, and its refusal is one`(
        kind: LaneKind, status: Int
    ) async throws {
        let proxy = try ScriptedServer([
            .request, .send("HTTP/1.1 \(status) No\r\nContent-Length: 2\r\n\r\nno"), .drain,
        ])
        defer { proxy.stop() }
        let setup = setup(kind, proxy: proxy.port, target: 443, credentials: Self.login)
        let answer = try await setup.run { await $0.send(Self.request) }
        #expect(answer.outcome == .refused && answer.detail.contains("\(status)"))
        #expect(answer.detail.hasPrefix("the proxy opens no way to the target: "))
        #expect(!answer.detail.contains("p:@/w") && answer.status == 0 && answer.sent == 0)
        #expect(
            proxy.requests.first?.contains("Proxy-Authorization: Basic dTpwOkAvdw==\r\n") == true)
    }

    @Test func `a proxy that wants a password is said to want one`() async throws {
        let script: [ScriptedServer.Step] = [.request, .send("HTTP/1.1 407 No\r\n\r\n"), .drain]
        let without = try await answer(.loopsTLS, script)
        #expect(without.detail.hasSuffix("with 407; it wants a user and password in network.proxy"))
        let with = try await answer(.loopsTLS, script, credentials: Self.login)
        #expect(with.detail.hasSuffix("does not take the user and password of network.proxy"))
    }

    /// Answers to CONNECT that open no tunnel, and a part of what is said about them.
    static let broken: [(answer: [ScriptedServer.Step], words: String)] = [
        ([.end], "the proxy closed the connection before its answer to CONNECT target.test:443"),
        ([.reset], "the connection to the proxy broke: recv"),
        ([.send("HTTP/1.1 101 Switching\r\nUpgrade: a\r\n\r\n"), .drain], "with 101"),
        ([.send("HTTP/1.1 302 Found\r\nLocation: /\r\n\r\n"), .drain], "with 302"),
        ([.send("SSH-2.0-x\r\n\r\n"), .drain], "not an HTTP answer"),
        ([.send(connected + "hello"), .drain], "bytes after the end of the answer"),
        ([.flood(Array("HTTP/1.1 100 Continue\r\n\r\n".utf8))], "sent more than 65536 bytes"),
        (
            [.send("HTTP/1.1 200 OK\r\n"), .flood(Array("a: b\r\n".utf8))],
            "a head of more than 1000"
        ),
    ]

    @Test(arguments: broken.indices)
    func `what is no tunnel is refused with what came`(index: Int) async throws {
        let row = Self.broken[index]
        let answer = try await answer(.loopsTLS, [.request] + row.answer)
        #expect(answer.outcome == .refused && answer.sent == 0)
        let isSaid = answer.detail.contains(row.words) || answer.detail.contains("more than 65536")
        #expect(isSaid, "\(answer.detail)")
    }

    @Test func `an answer to CONNECT may come in parts, after interim ones, with a length`()
        async throws
    {
        let server = try NginxServer()
        let port = server.port(.tls)
        let head = "HTTP/1.1 200 OK\r\nContent-Length: 9\r\nConnection: close\r\n\r\n"
        let proxy = try ScriptedServer([
            .request, .send("HTTP/1.1 100 Continue\r\n\r\n"), .trickle(Array(head.utf8)),
            .tunnel(port),
        ])
        defer { proxy.stop() }
        let setup = setup(.loopsTLS, proxy: proxy.port, target: port)
        let answer = try await setup.run { await $0.send(Self.request) }
        #expect(answer.outcome == .ok, "\(answer.detail)")
    }

    @Test(arguments: [
        (LaneKind.loopsTLS, Proxy.Scheme.http, "no answer to CONNECT target.test:443 by the proxy"),
        (.loops, .socks5h, "no answer to SOCKS by the proxy"),
        (.loopsTLS, .https, "no end of the TLS handshake by the proxy"),
    ])
    func `a proxy that never answers is a timeout that says so`(
        kind: LaneKind, scheme: Proxy.Scheme, words: String
    ) async throws {
        let proxy = try ScriptedServer([.bytes(3), .gate(1)])
        defer { proxy.stop() }
        let setup = setup(kind, scheme, proxy: proxy.port, target: 443)
        let user = try await setup.run { driver in
            let user = Exchange()
            driver.begin(Self.request, as: user)
            await driver.wait { proxy.hasReached(gate: 1) }
            driver.expire(user)
            return await driver.end(user)
        }
        #expect(user.outcome == .timeout && user.detail == "\(words) within the timeout")
    }

    @Test(arguments: [LaneKind.loops, .loopsTLS])
    func `a proxy that speaks TLS has its own around all else`(kind: LaneKind) async throws {
        let server = try NginxServer()
        let port = server.port(kind.isSecure ? .tls : .clear)
        let proxy = try ScriptedServer(
            (kind.isSecure ? [.request, .send(Self.connected)] : []) + [.tunnel(port)],
            secure: true)
        defer { proxy.stop() }
        let setup = setup(kind, .https, proxy: proxy.port, target: port)
        let answers = try await setup.run { driver in
            [await driver.send(Self.request), await driver.send(Self.request)]
        }
        #expect(answers.map(\.outcome) == [.ok, .ok], "\(answers.map(\.detail))")
        #expect(answers.map { $0.field("request") } == ["1", "2"])
        #expect(answers[0].tls > 0)
    }

    @Test func `large answers come whole through TLS in TLS, in parts of any size`() async throws {
        let body = String(repeating: "0123456789abcdef", count: 40_000)
        let target = try ScriptedServer(
            [.serve("HTTP/1.1 200 OK\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)")],
            secure: true)
        let proxy = try ScriptedServer(
            [.request, .send(Self.connected), .tunnel(target.port)], secure: true)
        defer {
            target.stop()
            proxy.stop()
        }
        let setup = setup(.loopsTLS, .https, proxy: proxy.port, target: target.port)
        let answers = try await setup.run { driver in
            [await driver.send(Self.request), await driver.send(Self.request)]
        }
        #expect(answers.allSatisfy { $0.text == body }, "\(answers.map(\.detail))")
        #expect(proxy.opened == 1)
    }

    @Test func `a cut of the TLS around a tunnel is a reset of the answer inside`() async throws {
        let head = "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\npart"
        let target = try ScriptedServer([.request, .send(head), .cut], secure: true)
        let proxy = try ScriptedServer(
            [.request, .send(Self.connected), .tunnel(target.port)], secure: true)
        defer {
            target.stop()
            proxy.stop()
        }
        let setup = setup(.loopsTLS, .https, proxy: proxy.port, target: target.port)
        let answer = try await setup.run { await $0.send(Self.request) }
        #expect(answer.outcome == .reset, "\(answer.detail)")
    }

    @Test func `a proxy whose certificate is not for its name gets nothing`() async throws {
        let proxy = try ScriptedServer([.request], secure: true)
        defer { proxy.stop() }
        var setup = setup(.loops, .https, proxy: proxy.port, target: 80)
        setup.proxy?.host = "proxy.test"
        let answer = try await setup.run { await $0.send(Self.request) }
        #expect(answer.outcome == .refused && answer.detail.contains("'proxy.test'"))
        #expect(proxy.requests.isEmpty)
    }

    @Test func `a place to connect to is reached through a tunnel in clear text, too`()
        async throws
    {
        let target = try ScriptedServer([.serve(Self.right)])
        let proxy = try ScriptedServer([.request, .send(Self.connected), .tunnel(target.port)])
        defer {
            target.stop()
            proxy.stop()
        }
        var setup = setup(.loops, proxy: proxy.port, target: target.port)
        setup.network.connectTo = "127.0.0.1:\(target.port)"
        let answer = try await setup.run { await $0.send(Self.request) }
        #expect(answer.outcome == .ok && target.requests == [Self.request], "\(answer.detail)")
    }

    @Test(arguments: [LaneKind.loops, .curl])
    func `a SOCKS proxy is given the target's name`(kind: LaneKind) async throws {
        let server = try NginxServer()
        let port = server.port(kind == .curl ? .clear2 : .clear)
        let reply: [UInt8] = [5, 0, 0, 1, 127, 0, 0, 1, 0, 80]
        let name = Array("target.test".utf8)
        // Greeting: version, count, methods; request: version, CONNECT, 0, name, port.
        let proxy = try ScriptedServer([
            .bytes(2), .rest, .send([5, 0]), .bytes(5 + name.count + 2), .trickle(reply),
            .tunnel(port),
        ])
        defer { proxy.stop() }
        let setup = setup(kind, .socks5h, proxy: proxy.port, target: 80)
        let answer = try await setup.run { await $0.send(Self.request) }
        #expect(answer.field("host") == "target.test", "\(answer.detail)")
        #expect(proxy.received.contains { $0.contains(name) })
    }

    @Test(arguments: LaneKind.allCases)
    func `a proxy that is not there is refused`(kind: LaneKind) async throws {
        let port = try Listener.RefusingPort()
        let answer = try await setup(kind, proxy: port.number, target: 80).run {
            await $0.send(Self.request)
        }
        #expect(answer.outcome == .refused && answer.detail.contains("refused"))
    }
}
