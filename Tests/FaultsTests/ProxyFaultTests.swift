import EventLoops
import Foundation
import HTTPServer
import Profiles
import Sockets
import Testing

@testable import Faults

@Suite(.timeLimit(.minutes(5))) struct ProxyFaultTests {
    /// A server, a proxy before it, and a runner.
    private func withProxy(
        _ body: (FaultProxy, FaultRunner) async throws -> Void
    ) async throws {
        let stage = try FaultStage()
        try await withTaskExecutorPreference(stage.loop) {
            let server = try Responder(on: stage.loop)
            let target = try Endpoint(host: "127.0.0.1", port: server.port).address
            let proxy = try FaultProxy(on: stage.loop, to: target, seed: 7)
            let runner = try stage.runner()
            try await body(proxy, runner)
            await runner.close()
            proxy.stop()
            server.stop()
        }
    }

    private static func settings(_ change: (inout FaultSettings) -> Void) -> FaultSettings {
        var settings = FaultSettings()
        change(&settings)
        return settings
    }

    @Test func `without a fault a proxy passes every byte on`() async throws {
        try await withProxy { proxy, runner in
            let probe = ConnectionProbe(loop: proxy.loop, port: proxy.port)
            let answer = await probe.ask(milliseconds: 60_000)
            #expect(answer.end == .whole && answer.bytes == Responder.answerBytes)
            #expect(proxy.counters == ProxyCounters(connections: 1))
        }
    }

    @Test(arguments: [
        ("refuse", FaultSettings()), ("black hole", FaultSettings()),
        ("black hole", settings { $0.direction = .toTarget }),
        ("black hole", settings { $0.direction = .fromTarget }), ("hold", FaultSettings()),
        ("hold", settings { $0.direction = .fromTarget }), ("delay", FaultSettings()),
        ("delay", settings { $0.jitter = .milliseconds(50) }),
        ("bandwidth", settings { $0.bytesPerSecond = 200 }), ("reset", FaultSettings()),
        ("half open", FaultSettings()), ("truncation", settings { $0.limit = 20 }),
        ("corruption", FaultSettings()), ("slow drip", settings { $0.bytesPerSecond = 50 }),
    ])
    func `a client sees each fault of a proxy, and nothing of it afterwards`(
        kind: String, settings: FaultSettings
    ) async throws {
        try await withProxy { proxy, runner in
            let kind = try #require(FaultKinds.named(kind))
            let record = await runner.strike(
                kind, .proxy(proxy), settings: settings, for: .seconds(60))
            #expect(record.problem == nil)
            #expect(record.effect?.word == "yes", "\(record)")
            let undone = await runner.undo(record)
            #expect(undone.undo?.word == "yes", "\(undone)")
        }
    }

    @Test func `what was held arrives whole when the fault ends`() async throws {
        try await withProxy { proxy, runner in
            let record = await runner.strike(HoldFault.self, .proxy(proxy), for: .seconds(60))
            let probe = ConnectionProbe(loop: proxy.loop, port: proxy.port)
            let client = probe.open()
            defer { close(client) }
            let during = await probe.ask(on: client, milliseconds: 50)
            #expect(during.end == .silent && during.bytes.isEmpty)
            _ = await runner.undo(record)
            let after = await probe.ask(on: client, milliseconds: 60_000)
            #expect(after.end == .whole && after.bytes.starts(with: Responder.answerBytes))
        }
    }

    @Test func `a fault of connections needs a proxy, one of processes a process`() async throws {
        try await withProxy { proxy, runner in
            let one = await runner.strike(ResetFault.self, .processes([7]), for: .seconds(1))
            #expect(one.problem?.hint == "give target: proxy")
            let other = await runner.strike(CrashFault.self, .proxy(proxy), for: .seconds(1))
            #expect(other.problem?.message == "this fault strikes processes")
        }
    }
}

extension Responder {
    /// What it answers.
    static let answerBytes = Array(
        "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 4\r\n\r\npong".utf8)
}
