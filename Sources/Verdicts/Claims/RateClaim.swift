import Profiles

/// A claim about answers a second.
protocol RateClaim: JudgedClaim {
    /// The limit, above 0.
    var perSecond: Double { get }
}

extension ThroughputClaim: RateClaim {}
extension GoodputClaim: RateClaim {}

extension RateClaim {
    func verdict(on objective: Objective, by judge: Judge) -> RunVerdict.OfObjective {
        RateJudge(objective, judge: judge, limit: perSecond).verdict()
    }

    func expectation(
        of objective: Objective, by planner: Planner, from load: Planner.Load
    ) -> Planner.Expectation {
        planner.rate(objective, perSecond, load)
    }

    func scaled(
        _ objective: Objective, _ runs: [Repetition.OfObjective]
    ) -> RepeatClaim.Scaled? {
        .rate(of: runs, limit: perSecond)
    }

    var capacityBound: CapacityStep.Bound { .target }
}
