import Profiles
import Testing
import Verdicts

@testable import Campaigns

@Suite struct CapacityProfileTests {
    private func lengths(
        _ objectives: [String], stage: CapacitySearch.Stage, length: Int = 1,
        confirm: Double? = nil
    ) -> [Double] {
        let profile = Profile(
            name: "p",
            load: [
                Phase(
                    name: "steady", model: ConstantArrivalRate(Rate(perSecond: 100), .constant),
                    duration: .seconds(5))
            ], scenarios: [Scenario(name: "s", steps: [Step(operation: "ping")])],
            objectives: objectives.compactMap { Objective(parsing: $0) })
        let step = CapacitySearch.Step(
            stage: stage, rate: 500, confidence: 0.8, length: length)
        return CapacityProfile.profile(
            profile, for: step, at: "http://127.0.0.1:1", confirmSeconds: confirm
        ).load.map { $0.duration.inSeconds }
    }

    @Test func `a step is long enough for its latency bound, and a confirmation longer`() {
        #expect(lengths(["p(95) < 50ms"], stage: .bisect) == [1, 8])
        #expect(lengths(["p(95) < 1s"], stage: .bisect) == [2, 10])
        #expect(lengths(["p(95) < 1s"], stage: .bisect, length: 4) == [2, 40])
        #expect(lengths(["p(95) < 30s"], stage: .rise) == [10, 300])
        #expect(lengths(["p(95) < 50ms"], stage: .confirm) == [1, 60])
        #expect(lengths(["p(95) < 1s"], stage: .confirm, length: 2) == [2, 120])
        // The tightest bound counts.
        #expect(lengths(["p(95) < 5s", "p(99) < 9s"], stage: .confirm) == [10, 100])
        #expect(lengths(["p(95) < 5s"], stage: .confirm, confirm: 7) == [10, 7])
        #expect(lengths(["error rate < 1%"], stage: .confirm) == [1, 60])
    }

    @Test(arguments: [
        ("p(95) < 50ms", CapacityStep.Bound.target), ("error rate < 1%", .error),
        ("success >= 99%", .error), ("throughput >= 90/s", .target),
    ])
    func `whose limit a step was comes from the claim that was broken`(
        text: String, bound: CapacityStep.Bound
    ) throws {
        let objective = try #require(Objective(parsing: text))
        #expect(objective.capacityBound == bound)
    }
}
