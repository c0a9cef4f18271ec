import Profiles

extension DetectionClaim: JudgedClaim {
    func verdict(on objective: Objective, by judge: Judge) -> RunVerdict.OfObjective {
        TrialJudge(objective, self, judge: judge, measure: .detection).verdict()
    }

    func expectation(
        of objective: Objective, by planner: Planner, from load: Planner.Load
    ) -> Planner.Expectation {
        planner.trials(objective, share, load)
    }

    func scaled(
        _ objective: Objective, _ runs: [Repetition.OfObjective]
    ) -> RepeatClaim.Scaled? {
        nil
    }

    var capacityBound: CapacityStep.Bound { .target }
}
