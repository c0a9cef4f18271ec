public import Profiles

/// A claim as verdicts, plans and comparisons see it; every claim of `Profiles` is one.
protocol JudgedClaim: Claim {
    /// The verdict on an objective that claims this.
    func verdict(on objective: Objective, by judge: Judge) -> RunVerdict.OfObjective

    /// What is to be expected of it before a run.
    func expectation(
        of objective: Objective, by planner: Planner, from load: Planner.Load
    ) -> Planner.Expectation

    /// What each run says of it, on a scale on which it is about normal; `nil` if there is none.
    func scaled(
        _ objective: Objective, _ runs: [Repetition.OfObjective]
    ) -> RepeatClaim.Scaled?

    /// Whose limit it is that a run which breaks it has found.
    var capacityBound: CapacityStep.Bound { get }
}

extension Objective {
    /// Its claim.
    var judgedClaim: any JudgedClaim {
        guard let claim = claim as? any JudgedClaim else {
            preconditionFailure("nothing judges \(self)")
        }
        return claim
    }

    /// Whose limit it is that a run which breaks it has found.
    public var capacityBound: CapacityStep.Bound { judgedClaim.capacityBound }
}
