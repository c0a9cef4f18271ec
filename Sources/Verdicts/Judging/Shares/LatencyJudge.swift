import Evidence
import Histograms
import Measurements
import Profiles
import Statistics

/// Judges a latency quantile by counting the requests above its threshold: `p(95) < 10ms`.
struct LatencyJudge {
    private let objective: Objective
    private let judge: Judge
    private let sample: ObjectiveSample

    init(_ objective: Objective, judge: Judge) {
        self.objective = objective
        self.judge = judge
        sample = ObjectiveSample(objective, judge.evidence, judge.profile)
    }

    func verdict() -> RunVerdict.OfObjective {
        guard sample.total > 0, let limit = objective.allowedShare else {
            return judge.nothing(objective)
        }
        let all = sample.seconds[...]
        let share = ShareJudge(
            objective, judge: judge, sample: sample, limit: limit,
            counted: .init(least: counts(.least, all), most: counts(.most, all)))
        var words = ShareVerdict(share, by: judge)
        words.steadiness = judge.steadiness.note
        var result: RunVerdict.OfObjective
        if let window = objective.window {
            result = words.windowed(window) {
                test(.least, $0, limit)
            } most: {
                test(.most, $0, limit)
            }
        } else {
            words.quantile = quantile(share.test)
            result = words.verdict()
        }
        // Requests that failed did so whatever the generator's lag was.
        result.isOfTime =
            result.verdict == .fail
            && ErrorsJudge(objective, judge: judge).share(limit).verdict != .fail
        return result
    }

    private enum Edge { case least, most }

    /// By the edge of the bucket that the threshold divides.
    private func counts(
        _ edge: Edge, _ seconds: ArraySlice<ObjectiveSample.Second>
    ) -> [Proportion] {
        seconds.map { second in
            let count =
                edge == .least
                ? second.proven(
                    second.slow.least + second.failures, without: judge.ownFailures)
                : second.slow.most + second.failures
            return Proportion(min(second.total, count), of: second.total)
        }
    }

    private func test(_ edge: Edge, _ range: Range<Int>, _ limit: Double) -> ShareTest {
        ShareTest(perSecond: counts(edge, sample.seconds[range]), limit: limit)
    }

    /// The latency at the quantile, with the interval that the effective sample gives it.
    private func quantile(_ test: ShareTest) -> RunVerdict.OfObjective.Quantile? {
        guard let partsPerMillion = objective.claim.partsPerMillion else { return nil }
        return LatencyInterval(
            sample, histogram(), partsPerMillion: partsPerMillion,
            confidence: judge.confidence(of: objective), otherwise: test
        ).quantile
    }

    /// Right answers; those that failed lie above all of them.
    private func histogram() -> Histogram {
        let phases = judge.profile.judgedPhaseNames
        func merged(_ clock: Clock) -> Histogram {
            judge.evidence.histogram(clock) { phase, operation in
                phases.contains(phase) && objective.phase ?? phase == phase
                    && objective.operation ?? operation == operation
            }
        }
        let latency = merged(.latency)
        return latency.isEmpty && objective.operation != nil ? merged(.group) : latency
    }
}
