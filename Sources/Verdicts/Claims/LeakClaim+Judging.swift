import Profiles

extension LeakClaim: JudgedClaim {
    /// A leak is refuted at 95 % and proven at 99 %; more cannot be asked of it.
    func verdict(on objective: Objective, by judge: Judge) -> RunVerdict.OfObjective {
        guard judge.confidence(of: objective) <= 0.95 else {
            return judge.invalid(
                objective,
                "growth is bounded at 95 %, and at no higher confidence; write "
                    + "\(Objective(claim: self)) at 95%.")
        }
        return LeakJudge(judge.evidence, judge.profile, phase: objective.phase)
            .judge(objective, growth)
    }

    func expectation(
        of objective: Objective, by planner: Planner, from load: Planner.Load
    ) -> Planner.Expectation {
        Planner.Expectation(
            objective, load, isDecidable: true,
            "DEPENDS on the target's memory, which the run reads.")
    }

    func scaled(
        _ objective: Objective, _ runs: [Repetition.OfObjective]
    ) -> RepeatClaim.Scaled? {
        nil
    }

    var capacityBound: CapacityStep.Bound { .target }
}

extension Objective {
    /// The growth that it allows; `nil` if it is not about a leak.
    var growth: Objective.Growth? { (claim as? LeakClaim)?.growth }
}
