import Collector
import Measurements
import Testing

@testable import Generator

@Suite(.timeLimit(.minutes(20))) struct ExactValuesTests {
    /// A profile of one scenario without a contract.
    private func scenario(_ steps: [String]) -> String {
        "contract: none\nscenarios: [{ s: { steps: [\(steps.joined(separator: ", "))] } }]"
    }

    private func get(_ url: String, _ keys: String) -> String {
        "{ request: { url: \"\(url)\", name: \"\(url.dropFirst())\"\(keys) } }"
    }

    @Test func `numbers of any size are compared, saved and sent as they are spelled`() async throws
    {
        let numbers = "[18446744073709551615,1.10,1e400,-0,9007199254740993]"
        let text = scenario([
            get(
                "/a",
                ", save: { n: $.n, b: '$.n[4]' }, expect: { $.n: "
                    + "[18446744073709551615, 1.1, 10e399, 0, 9007199254740993.0] }"),
            "{ if: { value: '${b}', above: 9007199254740992 }, then: [{ request: { "
                + "method: POST, url: /b, body: { was: '${n|json}', "
                + "n: [18446744073709551615, 1.10, 1e5, -0, 0x10, 1_000, .5] } } }] }",
        ])
        let result = try await FakeRun.run(try FakeRun.plan(try FakeRun.profile(text))) { _, _ in
            FakeTarget.Answer.json("{\"n\":\(numbers)}")
        }
        #expect(result.outcomes == [.ok: 2])
        #expect(
            result.requests.last?.hasSuffix(
                "{\"was\":\(numbers),\"n\":[18446744073709551615,1.10,1e5,-0,16,\"1_000\",0.5]}")
                == true, "\(result.requests)")
    }

    @Test func `an answer that is valid JSON is JSON`() async throws {
        let text = scenario([get("/a", ", expect: { $.ok: 1 }")])
        let deep = String(repeating: "[", count: 600) + String(repeating: "]", count: 600)
        let result = try await FakeRun.run(try FakeRun.plan(try FakeRun.profile(text))) { _, _ in
            FakeTarget.Answer.json(
                "{\"a\":1e400,\"b\":18446744073709551616,\"ok\":2,\"c\":\(deep),\"ok\":1}")
        }
        #expect(result.outcomes == [.ok: 1])
    }

    /// As doubles, and as Swift compares texts, these are the same.
    @Test(arguments: [
        ("$.n: 9007199254740992", "$.n is 9007199254740993, expected 90"),
        ("$.d: 0.1", "$.d is 0.1000000000000000055, expected 0.1"),
        ("$.e: \"e\u{301}\"", "$.e is \"\u{E9}\", expected"),
        ("\"$['e\u{301}']\": 1", "has nothing at"),
    ])
    func `numbers and texts that only look alike are not as expected`(
        expected: String, reason: String
    ) async throws {
        let text = scenario([get("/a", ", expect: { \(expected) }")])
        let result = try await FakeRun.run(try FakeRun.plan(try FakeRun.profile(text))) { _, _ in
            FakeTarget.Answer.json(
                "{\"n\":9007199254740993,\"d\":0.1000000000000000055,\"e\":\"\u{E9}\",\"\u{E9}\":1}"
            )
        }
        let failure = try #require(result.snapshot.failures.first)
        #expect(failure.outcome == .wrongContent)
        #expect(failure.detail.contains(reason), "\(failure.detail)")
    }
}
