import Testing

@testable import Profiles

/// `==` of what holds a load model or a claim is written by hand.
@Suite struct PhaseTests {
    @Test(
        arguments: [
            { $0.name = "q" }, { $0.model = ConstantUsers(2) },
            { $0.model = AsFastAsPossible(users: 1) }, { $0.duration = .seconds(2) },
            { $0.isJudged = false }, { $0.start = .after("a") }, { $0.delay = .seconds(1) },
            { $0.scenarios = ["s"] }, { $0.gracefulStop = .seconds(1) },
            { $0.rounds = Rounds(load: .seconds(1), idle: .seconds(1)) },
        ] as [@Sendable (inout Phase) -> Void])
    func `phases differ by any of their parts`(change: @Sendable (inout Phase) -> Void) {
        let phase = Phase(name: "p", model: ConstantUsers(1), duration: .seconds(1))
        var other = phase
        #expect(phase == other)
        change(&other)
        #expect(phase != other)
        #expect(Mirror(reflecting: phase).children.count == 9)
    }

    @Test(
        arguments: [
            { $0.claim = ErrorRateClaim(ratio: 0.2) }, { $0.claim = SuccessClaim(ratio: 0.1) },
            { $0.operation = "ping" }, { $0.phase = "p" }, { $0.window = .seconds(2) },
            { $0.confidence = 0.9 }, { $0.aborts = true },
        ] as [@Sendable (inout Objective) -> Void])
    func `objectives differ by any of their parts`(change: @Sendable (inout Objective) -> Void) {
        let objective = Objective(claim: ErrorRateClaim(ratio: 0.1))
        var other = objective
        #expect(objective == other)
        change(&other)
        #expect(objective != other)
        #expect(Mirror(reflecting: objective).children.count == 6)
    }
}
