import EventLoops
import Evidence
import Histograms
import Measurements
import Profiles
import Targets
import Testing
import Verdicts

@testable import Campaigns

@Suite(.timeLimit(.minutes(20))) struct SingleRunTests {
    private let objectives = [
        Objective(
            claim: QuantileClaim(partsPerMillion: 950_000, thresholdNanoseconds: 10_000_000))
    ]

    @Test func `a target that keeps its objectives passes, one that is slower fails`()
        async throws
    {
        for (nanoseconds, verdict): (UInt64, RunVerdict.Word) in [
            (2_000_000, .pass), (20_000_000, .fail),
        ] {
            let simulation = try Simulation(["a": .loaded { _ in .init(nanoseconds: nanoseconds) }])
            let profile = Simulation.profile(rate: 100, seconds: 29.5, objectives: objectives)
            let result = try await simulation.result(of: profile)
            #expect(result.verdict.verdict == verdict)
            #expect(result.targetProblem == nil && result.writeProblem == nil)
            #expect(!result.isInterrupted && result.evidence.isComplete)
            let histogram = result.evidence.histogram(.latency) { _, _ in true }
            #expect(histogram.totalCount == 2950)
            let mean = try #require(histogram.mean)
            #expect(abs(mean - Double(nanoseconds)) < Double(nanoseconds) / 100)
            // No request is late on this clock.
            let lag = try #require(result.evidence.histogram(.lag) { _, _ in true }.maximum)
            #expect(lag < 1000)
        }
    }

    /// What a run comes to whose target answers what is no load's so, request by request.
    private func firstContacts(
        _ answers: [SimulatedTarget.Answer?]
    ) async throws -> SingleRun.Result {
        let simulation = try Simulation([
            "a": SimulatedTarget { request in
                guard request.isControl, request.number < answers.count else { return .init() }
                return answers[request.number]
            }
        ])
        return try await simulation.result(of: Simulation.profile(seconds: 1.5))
    }

    @Test func `a target that cannot be reached is not loaded, and that is the result`()
        async throws
    {
        let result = try await firstContacts([.init(outcome: .refused, text: "nobody listens")])
        #expect(result.targetProblem == "the target http://a:1 cannot be reached: nobody listens")
        #expect(result.evidence.rows.isEmpty && result.verdict.verdict == .invalid)
        #expect(result.evidence.events.map(\.kind) == [.target, .ended])
    }

    @Test func `a target that says nothing for a second and a half is not loaded`() async throws {
        let result = try await firstContacts([nil])
        let problem = try #require(result.targetProblem)
        #expect(problem.hasPrefix("the target http://a:1 does not answer within 1.5 s: "))
        #expect(result.evidence.rows.isEmpty)
    }

    @Test func `a target that breaks two connections and then answers is loaded`() async throws {
        let broken = SimulatedTarget.Answer(outcome: .reset, text: "reset")
        let loaded = try await firstContacts([broken, broken, .init()])
        #expect(loaded.targetProblem == nil && loaded.evidence.rows.count >= 2)
        let refused = try await firstContacts([broken, broken, broken])
        #expect(refused.targetProblem == "the target http://a:1 breaks the connection: reset")
    }

    @Test func `what does not speak HTTP is not loaded`() async throws {
        let result = try await firstContacts([.init(outcome: .malformed, text: "no status line")])
        #expect(
            result.targetProblem == "the target http://a:1 does not speak HTTP: no status line")
    }
}
