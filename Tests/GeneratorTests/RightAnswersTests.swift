import Measurements
import Testing

@testable import Generator

@Suite(.timeLimit(.minutes(20))) struct RightAnswersTests {
    private typealias Answer = FakeTarget.Answer

    @Test func `an answer that is not the same to the byte is checked again`() async throws {
        let answers = [
            Answer(), Answer(), Answer(body: Array("pang".utf8)), Answer(),
            Answer(body: []), Answer(), Answer(status: 500), Answer(),
            Answer(contentType: "application/json"), Answer(), Answer(body: Array("pong ".utf8)),
        ]
        let plan = try FakeRun.plan(
            try FakeRun.profile(
                "scenarios: [{ s: { steps: [ping] } }]",
                load: "{ users: 1, iterations per user: \(answers.count), for: 20s }"))
        let result = try await FakeRun.run(plan) { _, index in answers[index] }
        #expect(result.outcomes == [.ok: 6, .wrongContent: 4, .wrongStatus: 1])
    }

    @Test func `a step does not take the right answer of another in the same row for its own`()
        async throws
    {
        let steps = [201, 200].map {
            "{ request: { url: /a, name: a, expect: { status: \($0) } } }"
        }
        let plan = try FakeRun.plan(
            try FakeRun.profile(
                "contract: none\nscenarios: [{ s: { steps: [\(steps.joined(separator: ", "))] } }]",
                load: "{ users: 1, iterations per user: 2, for: 20s }"))
        let result = try await FakeRun.run(plan) { _, _ in Answer(status: 201) }
        #expect(result.outcomes == [.ok: 2, .wrongStatus: 2])
    }

    @Test func `a value is taken from every answer, though they are the same`() async throws {
        let plan = try FakeRun.plan(
            try FakeRun.profile(
                """
                contract: none
                scenarios: [{ s: { steps: [
                  { request: { url: /a, save: { v: $.v } } }, { request: { url: '/b/${v}' } }] } }]
                """,
                load: "{ users: 1, iterations per user: 3, for: 20s }"))
        let result = try await FakeRun.run(plan) { request, index in
            request.hasPrefix("GET /a") ? Answer.json("{\"v\":\(index / 4)}") : Answer.json("{}")
        }
        #expect(
            result.lines.filter { $0.hasPrefix("GET /b") }.map { String($0.dropLast(9)) }
                == ["GET /b/0", "GET /b/0", "GET /b/1"])
    }
}
