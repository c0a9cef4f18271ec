import Profiles
import Statistics

extension QuantileClaim: JudgedClaim {
    func verdict(on objective: Objective, by judge: Judge) -> RunVerdict.OfObjective {
        LatencyJudge(objective, judge: judge).verdict()
    }

    func expectation(
        of objective: Objective, by planner: Planner, from load: Planner.Load
    ) -> Planner.Expectation {
        planner.share(objective, load)
    }

    func scaled(
        _ objective: Objective, _ runs: [Repetition.OfObjective]
    ) -> RepeatClaim.Scaled? {
        let logarithm = RunScale.logarithm
        return RepeatClaim.Scaled(
            values: RepeatClaim.Scaled.positive(runs.map(\.quantileNanoseconds))?
                .map(logarithm.scaled),
            limit: logarithm.scaled(Double(threshold)), value: logarithm.value,
            text: { Figure.time(UInt64(clamping: min(1e18, max(0, $0)))) })
    }

    var capacityBound: CapacityStep.Bound { .target }
}
