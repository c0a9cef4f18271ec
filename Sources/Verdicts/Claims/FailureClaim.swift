import Profiles

/// A claim about how many requests fail, whichever side it counts them from.
protocol FailureClaim: JudgedClaim {}

extension ErrorRateClaim: FailureClaim {}
extension SuccessClaim: FailureClaim {}

extension FailureClaim {
    func verdict(on objective: Objective, by judge: Judge) -> RunVerdict.OfObjective {
        ErrorsJudge(objective, judge: judge).verdict()
    }

    func expectation(
        of objective: Objective, by planner: Planner, from load: Planner.Load
    ) -> Planner.Expectation {
        planner.share(objective, load)
    }

    func scaled(
        _ objective: Objective, _ runs: [Repetition.OfObjective]
    ) -> RepeatClaim.Scaled? {
        .share(of: runs, limit: objective.allowedShare ?? 0)
    }

    var capacityBound: CapacityStep.Bound { .error }
}
