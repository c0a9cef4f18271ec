import Evidence
import Profiles
import Statistics
import Verdicts

/// What sentences promise, and what holds at every look.
extension VerdictCase {
    // MARK: Power and more requests

    static var sentences: [VerdictCase] {
        [0.3, 0.5, 0.7].map(newRun) + [foundWithPower]
    }

    /// A new run of as many requests as an INCONCLUSIVE one names is to pass in four of five.
    private static func newRun(part: Double) -> VerdictCase {
        let limit = 0.01
        let profile = SyntheticRun.profile(
            seconds: 20, rate: 50, objectives: ["error rate < 1%"])
        return VerdictCase(
            "error rate < 1 % at \(Figure.given(part)) of it: a new run as long as named passes",
            [("passes", .atLeast(0.75))]
        ) { random in
            let load = SyntheticLoad.failures(seconds: 20, rate: 50, share: part * limit)
            let found = verdict(load(&random), seconds: 20, profile).objectives.first
            guard let needed = found?.needed, let requests = needed.moreRequests,
                needed.sentence.contains("four of five")
            else { return [:] }
            let errors = random.nextBinomial(requests, part * limit)
            let again = Proportion(errors, of: requests)
            return ["passes": again.verdict(limit: limit, confidence: 0.95) == .pass]
        }
    }

    /// The share that a PASS says would have been called FAIL in four of five such runs.
    private static var foundWithPower: VerdictCase {
        let profile = SyntheticRun.profile(
            seconds: 60, rate: 100, objectives: ["error rate < 1%"])
        return VerdictCase(
            "error rate < 1 %: the share that four of five such runs call FAIL",
            [("FAIL", .between(0.75, 0.87))]
        ) { random in
            let good = SyntheticLoad.failures(seconds: 60, rate: 100, share: 0.002)
            let passed = verdict(good(&random), seconds: 60, profile).objectives.first
            guard passed?.verdict == .pass, let share = passed?.smallestEffect else { return [:] }
            let bad = SyntheticLoad.failures(seconds: 60, rate: 100, share: share)
            return ["FAIL": verdict(bad(&random), seconds: 60, profile).verdict == .fail]
        }
    }

    // MARK: Abort

    /// Runs at the limit that `abort` stops although they would have kept it.
    static func aborts(quick: Bool) -> [VerdictCase] {
        let lengths = quick ? [60] : [60, 300, 600]
        return lengths.flatMap { seconds in
            [
                abort(
                    "abort, error rate < 5 %, bursts over 3 s, \(seconds) s", seconds: seconds,
                    objective: "error rate < 5% abort",
                    SyntheticLoad.onOff(
                        seconds: seconds, rate: 100, on: 3, off: 57, within: 1, isRandom: false)),
                abort(
                    "abort, error rate < 5 %, on/off 10/50 s, \(seconds) s", seconds: seconds,
                    objective: "error rate < 5% abort",
                    SyntheticLoad.onOff(
                        seconds: seconds, rate: 100, on: 10, off: 50, within: 0.3)),
                abort(
                    "abort, p(95), AR(1) 0.95, log-sd 1, \(seconds) s", seconds: seconds,
                    objective: "p(95) < 10ms abort",
                    SyntheticLoad.wandering(
                        seconds: seconds, rate: 100, correlation: 0.95, level: 1, share: 0.05)),
            ]
        }
    }

    private static func abort(
        _ name: String, seconds: Int, objective: String, _ load: @escaping SyntheticLoad.Make
    ) -> VerdictCase {
        let profile = SyntheticRun.profile(seconds: seconds, rate: 100, objectives: [objective])
        return VerdictCase(
            name,
            [
                ("stopped by its blocks", .atMost(0.05)), ("stopped, though kept", .atMost(0.02)),
                ("stopped by an outage", .printed),
            ]
        ) { random in
            let run = SyntheticRun(requests: load(&random), seconds: seconds)
            let evidence = run.evidence(profile)
            var watch = AbortWatch(profile)
            let broken = evidence.rows.lazy.compactMap { watch.take($0) }.first
            let kept = Judge.judge(evidence, profile: profile).objectives.first?.run?.isKept == true
            return [
                "stopped by its blocks": broken?.reason == .blocks,
                "stopped, though kept": broken != nil && kept,
                "stopped by an outage": broken?.reason == .outage,
            ]
        }
    }

    // MARK: Many objectives

    /// So many objectives on operations of their own, each at its limit.
    static func manyObjectives(_ count: Int) -> VerdictCase {
        let names = (0..<count).map { "op\($0)" }
        let profile = SyntheticRun.profile(
            seconds: 20, rate: Double(50 * count),
            objectives: names.map { "error rate < 2% on \($0)" })
        return VerdictCase(
            "\(count) \(count == 1 ? "objective" : "objectives") at the limit",
            [("the run FAILs", .atMost(0.05)), ("an objective FAILs", .printed)]
        ) { random in
            let rows = (0..<20).map { second in
                var row = SeriesRow(timeSeconds: Double(second + 1), phase: "steady")
                row.planned = 50 * count
                row.started = 50 * count
                row.sent = 50 * count
                row.counts = names.map { name in
                    let failed = random.nextBinomial(50, 0.02)
                    return OperationCounts(
                        phase: "steady", operation: name,
                        outcomes: [.ok: 50 - failed, .wrongStatus: failed].filter { $0.value > 0 })
                }
                return row
            }
            let run = SyntheticRun(requests: [], seconds: 20)
            let verdict = Judge.judge(run.evidence(profile, rows: rows), profile: profile)
            return [
                "the run FAILs": verdict.verdict == .fail,
                "an objective FAILs": verdict.objectives.contains { $0.verdict == .fail },
            ]
        }
    }
}
