import Evidence
import Histograms
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
        // A bucket that the threshold divides counts against whichever word is given.
        let (low, high) = (test(.least, sample.seconds[...]), test(.most, sample.seconds[...]))
        var share = ShareVerdict(
            objective: objective, limit: limit, confidence: judge.confidence(of: objective),
            test: high, sample: sample)
        share.assumptions = judge.steadiness.note
        if let broken = judge.broken(objective) { return share.broken(broken) }
        var result: RunVerdict.OfObjective
        if let window = objective.window {
            result = share.windowed(window) { test(.most, sample.seconds[$0]) }
        } else {
            var word = share.word(of: high)
            if word == .fail, low != high {
                word = share.word(of: low) == .fail ? .fail : .inconclusive
                if word == .fail { share.test = low }
            }
            result = share.verdict(word) { addQuantile(to: &$0, share.test) }
        }
        return result
    }

    private enum Edge { case least, most }

    private func test(_ edge: Edge, _ seconds: ArraySlice<ObjectiveSample.Second>) -> ShareTest {
        ShareTest(
            perSecond: seconds.map { second in
                let slow = edge == .least ? second.slow.least : second.slow.most
                return Proportion(min(second.total, slow + second.failures), of: second.total)
            })
    }

    /// The latency at the quantile, with the interval that the effective sample gives it.
    private func addQuantile(to result: inout RunVerdict.OfObjective, _ test: ShareTest) {
        guard case .latencyQuantile(let partsPerMillion, _) = objective.claim else { return }
        let histogram = histogram()
        // Where lines of the evidence are lost, what lies where among right answers is not known.
        guard histogram.totalCount >= UInt64(max(0, sample.total - sample.failures)) else { return }
        let point = QuantileRanks.point(trials: sample.total, partsPerMillion: partsPerMillion)
        let effective = max(
            1, min(sample.total, Int(test.effective(confidence: result.confidence ?? 0.95).total)))
        let ranks = QuantileRanks(
            trials: effective, partsPerMillion: partsPerMillion,
            confidence: result.confidence ?? 0.95
        ).spread(from: effective, to: sample.total)
        result.quantile = RunVerdict.OfObjective.Quantile(
            partsPerMillion: partsPerMillion,
            nanoseconds: histogram.value(atRank: UInt64(point)),
            lowerNanoseconds: ranks.lower.flatMap {
                histogram.bucket(atRank: UInt64($0))?.lowerBound
            },
            upperNanoseconds: ranks.upper.flatMap { histogram.value(atRank: UInt64($0)) })
    }

    /// Right answers; those that failed lie above all of them.
    private func histogram() -> Histogram {
        let phases = Set(judge.profile.load.filter(\.isJudged).map(\.name))
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
