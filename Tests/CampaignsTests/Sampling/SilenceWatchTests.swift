import Contracts
import Generator
import Profiles
import Schedules
import Testing

@testable import Campaigns

@Suite struct SilenceWatchTests {
    private func plan() throws -> GeneratorPlan {
        let rate = ConstantArrivalRate(Rate(perSecond: 100), .constant)
        let profile = Profile(
            name: "test", target: .url("http://127.0.0.1:1"),
            load: [
                Phase(name: "warm up", model: rate, duration: .seconds(1), isJudged: false),
                Phase(name: "steady", model: rate, duration: .seconds(9)),
            ],
            scenarios: [
                Scenario(name: "a", steps: [Step(operation: "ping")])
            ])
        return try GeneratorPlan(
            profile, contract: Contract(builtIn: "moonbase-v0"), authority: "127.0.0.1:1",
            prefix: "", recordings: [:])
    }

    private func second(_ tenths: Int) -> UInt64 { UInt64(tenths) * 100_000_000 }

    @Test func `silence counts from the last right answer, in judged time alone`() throws {
        var watch = SilenceWatch([Objective(claim: ErrorRateClaim(ratio: 0.01))], try plan())
        for tenth in 0...9 {
            #expect(watch.look(at: second(tenth), lastRight: [0]).isEmpty)
        }
        // The warm-up's silence is none of the objective.
        var found: [SilenceWatch.Silence] = []
        for tenth in 10...25 { found = watch.look(at: second(tenth), lastRight: [0]) }
        #expect(found == [.init(objective: 0, seconds: 1.5, requests: 150)])
        for tenth in 26...40 {
            found = watch.look(at: second(tenth), lastRight: [second(min(tenth, 30))])
        }
        #expect(found == [.init(objective: 0, seconds: 1, requests: 100)])
        #expect(watch.look(at: second(41), lastRight: [second(41)]).isEmpty)
    }

    @Test func `time in which nobody looked is no silence`() throws {
        var watch = SilenceWatch([Objective(claim: ErrorRateClaim(ratio: 0.01))], try plan())
        for tenth in 0...20 { _ = watch.look(at: second(tenth), lastRight: [second(tenth)]) }
        #expect(watch.look(at: second(50), lastRight: [second(20)]).isEmpty)
        #expect(
            watch.look(at: second(52), lastRight: [second(20)])
                == [.init(objective: 0, seconds: 0.2, requests: 20)])
    }
}
