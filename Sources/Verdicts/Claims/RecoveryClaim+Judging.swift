import Profiles

extension RecoveryClaim: JudgedClaim {
    private var limitSeconds: Double { Double(limitNanoseconds) / 1e9 }

    func verdict(on objective: Objective, by judge: Judge) -> RunVerdict.OfObjective {
        guard share == nil else {
            return TrialJudge(objective, self, judge: judge, measure: .recovery).verdict()
        }
        return RecoveryJudge(objective, judge: judge, limit: limitSeconds).verdict()
    }

    func expectation(
        of objective: Objective, by planner: Planner, from load: Planner.Load
    ) -> Planner.Expectation {
        guard share == nil else { return planner.trials(objective, share, load) }
        let needed = limitSeconds + 10
        guard load.seconds >= needed else {
            return Planner.Expectation(
                objective, load, isDecidable: false,
                "CANNOT DECIDE: \(Figure.significant(load.seconds)) s of load; a recovery is seen "
                    + "in \(Figure.significant(needed)) s, 10 s without a failure after it.")
        }
        return Planner.Expectation(
            objective, load, isDecidable: true,
            "DECIDABLE once the target fails; without a failure it is INVALID.")
    }

    func scaled(
        _ objective: Objective, _ runs: [Repetition.OfObjective]
    ) -> RepeatClaim.Scaled? {
        nil
    }

    var capacityBound: CapacityStep.Bound { .target }
}
