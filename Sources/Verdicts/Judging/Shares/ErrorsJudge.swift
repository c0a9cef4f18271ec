import Profiles
import Statistics

/// Judges how many requests fail: `error rate < 0.001%`, `success >= 99.999%`.
struct ErrorsJudge {
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
        let words = ShareVerdict(share(limit), by: judge)
        guard let window = objective.window else { return words.verdict() }
        return words.windowed(window) {
            test($0, limit)
        } most: {
            test($0, limit)
        }
    }

    /// What is decided of failures alone.
    func share(_ limit: Double) -> ShareJudge {
        let most = sample.seconds.map { Proportion($0.failures, of: $0.total) }
        let least = sample.seconds.map {
            Proportion($0.proven($0.failures, without: judge.ownFailures), of: $0.total)
        }
        return ShareJudge(
            objective, judge: judge, sample: sample, limit: limit,
            counted: .init(least: least, most: most),
            episodes: sample.failureTimes.map {
                ShareTest.episodes(at: $0, seconds: sample.length, requests: sample.total)
            })
    }

    /// The test of a window.
    private func test(_ range: Range<Int>, _ limit: Double) -> ShareTest {
        let seconds = sample.seconds[range]
        let times = sample.failureTimes?.filter {
            (seconds.first?.start ?? 0) <= $0 && $0 < (seconds.last?.end ?? 0)
        }
        return ShareTest(
            perSecond: seconds.map { Proportion($0.failures, of: $0.total) }, limit: limit,
            episodes: times.map {
                ShareTest.episodes(
                    at: $0, seconds: Double(seconds.count),
                    requests: seconds.reduce(0) { $0 + $1.total })
            })
    }
}
