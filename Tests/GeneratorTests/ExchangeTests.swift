import Collector
import Measurements
import Testing

@testable import Exchanges
@testable import Generator

@Suite(.timeLimit(.minutes(20))) struct ExchangeTests {
    /// As of a certificate, or of a proxy.
    private static let name = "CN=\u{1B}[2K\u{202E}moc\u{9B}31m"
    private static let shown = "CN=\u{FFFD}[2K\u{FFFD}moc\u{FFFD}31m"

    @Test func `what a peer says in a failure controls no terminal`() {
        let exchange = Exchange()
        exchange.finish(.refused, detail: "the name \(Self.name) is wrong", at: 1)
        #expect(exchange.detail == "the name \(Self.shown) is wrong")
    }

    @Test func `what an answer has instead of the expected controls no terminal`() async throws {
        let text = """
            contract: none
            scenarios:
              - s:
                  steps: [{ request: { url: /a, name: a, expect: { header: { A: no } } } }]
            """
        let result = try await FakeRun.run(try FakeRun.plan(try FakeRun.profile(text))) { _, _ in
            var answer = FakeTarget.Answer()
            answer.headers = [("A", Self.name)]
            return answer
        }
        let failure = try #require(result.snapshot.failures.first)
        #expect(failure.detail.contains("is \"\(Self.shown)\""), "\(failure.detail)")
    }
}
