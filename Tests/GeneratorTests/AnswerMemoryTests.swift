import Collector
import Measurements
import Profiles
import Testing

@testable import Generator

/// What steps read of bodies, and what becomes of what has no room.
@Suite(.timeLimit(.minutes(20))) struct AnswerMemoryTests {
    private static let mebibyte = [UInt8](repeating: UInt8(ascii: "x"), count: 1 << 20)

    /// Runs one step so many times for each user, with a budget in MiB; a step that is no more than
    /// further keys is a request without a contract.
    private func run(
        _ keys: String, _ times: Int = 1, users: Int = 1, memory: Int = 2, scenario: String = "",
        _ answer: @escaping @Sendable (Int) -> FakeTarget.Answer
    ) async throws -> FakeRun.Result {
        let hasContract = !keys.isEmpty && !keys.hasPrefix(",")
        let contract = hasContract ? "moonbase-v0" : "none"
        let step = hasContract ? "{ \(keys) }" : "{ request: { url: \"/a\", name: a\(keys) } }"
        let profile = try FakeRun.profile(
            "contract: \(contract)\nlimits: { memory: \(memory)MiB }\n"
                + "scenarios: [{ s: { \(scenario) steps: [\(step)] } }]",
            load: "{ users: \(users), iterations per user: \(times), for: 20s }")
        return try await FakeRun.run(try FakeRun.plan(profile)) { _, turn in answer(turn) }
    }

    @Test(arguments: [
        "", ", expect: { status: 200, content type: text/plain, time: 10s }",
        ", expect: { header: { a: b } }", ", save: { v: { header: a } }",
    ])
    func `a body that no check reads is dropped, however large it is`(keys: String) async throws {
        let result = try await run(keys, 3) { _ in
            var answer = FakeTarget.Answer(body: [UInt8](repeating: 1, count: 60 << 20))
            answer.headers = [("a", "b")]
            return answer
        }
        #expect(result.outcomes == [.ok: 3])
    }

    @Test(arguments: [
        ", expect: { matches: needle }", ", expect: { contains: needle }",
        ", expect: { body: needle }", ", expect: { $.a: 1 }", ", save: { v: $.a }",
        ", save: { v: { regex: needle } }",
    ])
    func `a body that is read has the run's memory, and no more`(keys: String) async throws {
        // What is parsed needs more than its text.
        let memory = keys.contains("$") ? 8 : 2
        let result = try await run(keys, memory: memory) { _ in
            FakeTarget.Answer(body: Self.mebibyte + [1])
        }
        #expect(result.outcomes == [.wrongContent: 1])
        let large = try await run(keys, 2, memory: memory) { turn in
            FakeTarget.Answer(body: turn == 0 ? Self.mebibyte + Self.mebibyte + [1] : [1])
        }
        // The first is given back before the second comes.
        #expect(large.outcomes == [.overBudget: 1, .wrongContent: 1])
        let kind = try #require(large.snapshot.failureCounts.first?.kind)
        #expect(kind.error == "no room in the run's memory; raise limits.memory")
    }

    @Test func `a body that the contract checks is read, and one that it does not is not`()
        async throws
    {
        let body = [UInt8](repeating: UInt8(ascii: "p"), count: 4 << 20)
        let result = try await run("ping: {}") { _ in
            FakeTarget.Answer(body: body)
        }
        #expect(result.outcomes == [.overBudget: 1])
        let plain = try await run("") { _ in FakeTarget.Answer(status: 500, body: body) }
        #expect(plain.outcomes == [.wrongStatus: 1])
        // The evidence has its beginning.
        #expect(plain.snapshot.failures.first?.answer.utf8.count == 2048)
    }

    /// 100 KiB of empty objects would be a tree of 20 MB.
    @Test func `JSON whose tree has no room is not parsed`() async throws {
        let objects = Array(("[" + String(repeating: "{},", count: 34_000) + "{}]").utf8)
        let small = try await run(", expect: { $.a: 1 }", memory: 16) { _ in
            FakeTarget.Answer(body: objects)
        }
        #expect(small.outcomes == [.overBudget: 1])
        let large = try await run(", expect: { $.a: 1 }", memory: 64) { _ in
            FakeTarget.Answer(body: objects)
        }
        #expect(large.outcomes == [.wrongContent: 1])
    }

    @Test func `a saved value has a bound, and the run's memory`() async throws {
        let keys = ", save: { v: { regex: 'x+' } }"
        let result = try await run(keys, 2, memory: 8) { turn in
            FakeTarget.Answer(body: turn == 0 ? Self.mebibyte + Self.mebibyte : Self.mebibyte)
        }
        #expect(result.outcomes == [.wrongContent: 1, .ok: 1])
        #expect(result.snapshot.failures.first?.detail.contains("1048576 bytes") == true)
    }

    @Test func `cookies have the run's memory`() async throws {
        let cookies = (0..<50).map {
            (name: "set-cookie", value: "c\($0)=\(String(repeating: "x", count: 4000))")
        }
        let keys = "cookies: true,"
        let few = try await run("", 2, users: 2, memory: 1, scenario: keys) { _ in
            FakeTarget.Answer(headers: cookies)
        }
        #expect(few.outcomes == [.ok: 4])
        let many = try await run("", users: 8, memory: 1, scenario: keys) { _ in
            FakeTarget.Answer(headers: cookies)
        }
        // Each has 200 kB of them.
        #expect((1...5).contains(many.outcomes[.ok] ?? 0))
        #expect(many.outcomes.values.reduce(0, +) == 8 && many.outcomes[.overBudget] != nil)
    }

    @Test func `a detail of a failure does not grow with the body`() async throws {
        let value = String(repeating: "x", count: 1 << 20)
        let result = try await run(", expect: { $.a: y }", memory: 64) { _ in
            .json("{\"a\":\"\(value)\"}")
        }
        #expect(result.outcomes == [.wrongContent: 1])
        #expect(result.snapshot.failures.first.map { $0.detail.utf8.count < 20_000 } == true)
    }
}
