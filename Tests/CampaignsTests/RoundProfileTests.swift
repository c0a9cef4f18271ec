import Profiles
import Testing

@testable import Campaigns

@Suite struct RoundProfileTests {
    private func profile(_ phases: [(seconds: Double, isJudged: Bool)]) -> Profile {
        Profile(
            name: "p",
            load: phases.enumerated().map { index, phase in
                Phase(
                    name: "\(index)",
                    model: ConstantArrivalRate(Rate(perSecond: 100), .constant),
                    duration: .milliseconds(Int64(phase.seconds * 1000)), isJudged: phase.isJudged)
            }, scenarios: [Scenario(name: "s", steps: [Step(operation: "ping")])])
    }

    @Test func `judged phases share the round, and warm-ups take a fifth of it at most`() {
        let long = profile([(10, false), (20, true), (60, true)])
        let round = RoundProfile.shortened(long, to: 2)
        #expect(
            round.load.map { $0.duration } == [
                .milliseconds(400), .milliseconds(500), .milliseconds(1_500),
            ])
        let short = profile([(0.1, false), (0.5, true)])
        #expect(
            RoundProfile.shortened(short, to: 2).load.map { $0.duration } == [
                .milliseconds(100), .seconds(2),
            ])
    }
}
