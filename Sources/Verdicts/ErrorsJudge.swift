import Profiles
import Statistics

/// Judges how many requests fail: `error rate < 0.001%`, `success >= 99.999%`.
struct ErrorsJudge {
    let objective: Objective
    let judge: Judge
    let sample: ObjectiveSample
    let test: ShareTest

    init(_ objective: Objective, judge: Judge) {
        self.objective = objective
        self.judge = judge
        let sample = ObjectiveSample(objective, judge.evidence, judge.profile)
        self.sample = sample
        test = ShareTest(
            perSecond: sample.seconds.map { Proportion($0.failures, of: $0.total) },
            episodes: sample.failureTimes.map {
                ShareTest.episodes(at: $0, seconds: sample.length)
            })
    }

    func verdict() -> RunVerdict.OfObjective {
        guard sample.total > 0, let limit = objective.allowedShare else {
            return judge.nothing(objective)
        }
        let confidence = judge.confidence(of: objective)
        var share = ShareVerdict(
            objective: objective, limit: limit, confidence: confidence, test: test, sample: sample)
        share.assumptions = assumptions(limit, confidence)
        if let broken = judge.broken(objective) { return share.broken(broken) }
        if let window = objective.window {
            return share.windowed(window) { range in
                let seconds = sample.seconds[range]
                let times = sample.failureTimes?.filter {
                    (seconds.first?.start ?? 0) <= $0 && $0 < (seconds.last?.end ?? 0)
                }
                return ShareTest(
                    perSecond: seconds.map { Proportion($0.failures, of: $0.total) },
                    episodes: times.map {
                        ShareTest.episodes(at: $0, seconds: Double(seconds.count))
                    })
            }
        }
        return share.verdict(share.word(of: test))
    }

    /// What the bounds rest on, beside the batches.
    private func assumptions(_ limit: Double, _ confidence: Double) -> String {
        let failed = test.seen.count
        if failed == 0 {
            let burst = ErrorEpisodes.longestBurst(
                trials: test.seen.total, limit: limit, confidence: confidence)
            let hours = sample.length / 3600
            let most = ErrorEpisodes.mostPerHour(
                episodes: 0, hours: hours, confidence: confidence)
            return "; holds for bursts up to \(Figure.whole(burst)) "
                + (burst == 1 ? "error" : "errors")
                + "; no error episode in \(Figure.significant(hours)) h (< "
                + "\(Figure.significant(most)) per hour)"
        }
        if failed == 1 { return "; one error shows nothing of bursts" }
        if let times = sample.failureTimes {
            let episodes = ShareTest.episodes(at: times, seconds: sample.length)
            return "; \(Figure.whole(episodes.count)) "
                + (episodes.count == 1 ? "episode" : "episodes")
        }
        let kept = Figure.whole(sample.keptFailures)
        return "; bursts by the batches alone, since "
            + (sample.keptFailures < failed
                ? "\(kept) of \(Figure.whole(failed)) failures were kept whole"
                : "the counts of some of the \(kept) failures that were kept whole are lost")
    }
}
