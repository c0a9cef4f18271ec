import Evidence
import Measurements
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

    // MARK: Coherence

    /// A looser bound, or a higher limit, never gets a worse word than a tighter one.
    static var coherence: [VerdictCase] {
        let bounds = ["6ms", "8ms", "10ms", "12ms", "15ms", "25ms"].map { "p(95) < \($0)" }
        let limits = ["0.5%", "1%", "2%", "5%", "10%"].map { "error rate < \($0)" }
        return [
            coherent(
                "p(95) by six bounds, AR(1) 0.8, log-sd 0.5, 120 s", bounds,
                SyntheticLoad.wandering(
                    seconds: 120, rate: 100, correlation: 0.8, level: 0.5, share: 0.05)),
            coherent(
                "p(95) by six bounds, M/M/1 0.8, 120 s", bounds,
                SyntheticLoad.queue(seconds: 120, rate: 100, utilisation: 0.8, share: 0.05)),
            coherent(
                "error rate by five limits, bursts of 10, 120 s", limits,
                SyntheticLoad.bursts(seconds: 120, rate: 100, size: 10, share: 0.02)),
            coherent(
                "error rate by five limits, on/off 3/57 s, 120 s", limits,
                SyntheticLoad.onOff(seconds: 120, rate: 100, on: 3, off: 57, within: 0.6)),
        ]
    }

    private static func coherent(
        _ name: String, _ objectives: [String], _ load: @escaping SyntheticLoad.Make
    ) -> VerdictCase {
        let profile = SyntheticRun.profile(seconds: 120, rate: 100, objectives: objectives)
        return VerdictCase(name, [("a looser bound gets a worse word", .atMost(0))]) { random in
            let words = verdict(load(&random), seconds: 120, profile).objectives.map(\.verdict)
            let ranks = words.map { $0 == .pass ? 2 : $0 == .fail ? 0 : 1 }
            return [
                "a looser bound gets a worse word": zip(ranks, ranks.dropFirst()).contains {
                    $0 > $1
                }
            ]
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
        let isLatency = profile.objectives[0].thresholdNanoseconds != nil
        return VerdictCase(
            name,
            [
                ("stopped by its blocks", .atMost(0.05)), ("stopped, though kept", .atMost(0.02)),
                ("stopped by an outage", .printed),
            ]
        ) { random in
            let run = SyntheticRun(requests: load(&random), seconds: seconds)
            var watch = AbortWatch(profile)
            var broken: AbortWatch.Break?
            for row in run.evidence(profile).rows where broken == nil { broken = watch.take(row) }
            let bad = run.requests.count {
                $0.outcome != .ok || isLatency && $0.latency >= SyntheticLoad.bound
            }
            let kept = Double(bad) <= 0.05 * Double(run.requests.count)
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
                var row = SeriesRow(timeSeconds: Double(second + 1), phases: ["steady"])
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
