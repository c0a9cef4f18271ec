import Measurements
import Profiles
import Statistics
import Verdicts

extension VerdictCase {
    private static let latency = "p(95) < 10ms"
    private static let slowShare = 0.05
    private static let rate = 100

    /// Every case, in the order of the table; `quick` leaves out those that take minutes.
    static func all(quick: Bool) -> [VerdictCase] {
        let lengths = quick ? [10, 60] : [10, 30, 60, 300, 600]
        return independent + lengths.flatMap(dependent) + (quick ? [] : farBelow) + spells
            + outages(quick: quick) + levels + singleSeconds + lagging + sentences + coherence
            + aborts(quick: quick)
            + [1, 5, 10, 20].map(manyObjectives)
    }

    // MARK: Independent

    private static var independent: [VerdictCase] {
        [
            atLimit(
                "error rate < 1 %, independent, 100/s for 60 s",
                SyntheticRun.profile(seconds: 60, rate: 100, objectives: ["error rate < 1%"]),
                pass: .atMost(0.05), fail: .atMost(0.05),
                SyntheticLoad.failures(seconds: 60, rate: 100, share: 0.01)),
            atLimit(
                "error rate < 1 %, bursts of 10 within 0.1 s, 6 expected",
                SyntheticRun.profile(seconds: 60, rate: 100, objectives: ["error rate < 1%"]),
                pass: .atMost(0.05), fail: .atMost(0.05),
                SyntheticLoad.bursts(seconds: 60, rate: 100, size: 10, share: 0.01)),
        ]
            + [(10, 12), (30, 12), (60, 100)].map { seconds, rate in
                atLimit(
                    "p(95), independent, \(rate)/s for \(seconds) s",
                    SyntheticRun.profile(
                        seconds: seconds, rate: Double(rate), objectives: [latency]),
                    pass: .atMost(0.05), fail: .atMost(0.05), also: [.quantile],
                    SyntheticLoad.wandering(
                        seconds: seconds, rate: rate, correlation: 0, level: 0, share: slowShare))
            } + independentPower
    }

    /// No less than by the batches alone, as verdicts were before the level of latency counted, but
    /// for three points.
    private static var independentPower: [VerdictCase] {
        [(60, 100, 0.8), (30, 12, 0.5), (60, 100, 0.9), (10, 100, 0.2)].map { seconds, rate, part in
            let profile = SyntheticRun.profile(
                seconds: seconds, rate: Double(rate), objectives: [latency])
            let load = SyntheticLoad.wandering(
                seconds: seconds, rate: rate, correlation: 0, level: 0, share: part * slowShare)
            return VerdictCase(
                "p(95), independent at \(Figure.given(part)) of the limit, \(rate)/s for "
                    + "\(seconds) s",
                [
                    ("PASS", .printed), ("PASS by the batches alone", .printed),
                    ("a PASS of these that is lost", .atMost(0.03)),
                ]
            ) { random in
                let requests = load(&random)
                let now = verdict(requests, seconds: seconds, profile).verdict == .pass
                var slow = [Int](repeating: 0, count: seconds)
                for request in requests where request.latency >= SyntheticLoad.bound {
                    slow[Int(request.due)] += 1
                }
                let alone =
                    ShareTest(
                        perSecond: slow.map { Proportion($0, of: rate) }, limit: slowShare
                    ).verdict(confidence: 0.95) == .pass
                return [
                    "PASS": now, "PASS by the batches alone": alone,
                    "a PASS of these that is lost": alone && !now,
                ]
            }
        }
    }

    // MARK: Dependent

    private static func dependent(seconds: Int) -> [VerdictCase] {
        let levels = [0.8, 0.95, 0.98].flatMap { correlation in
            [0.5, 1, 1.5].map { level in
                // Thirty times as long as its levels keep.
                let isLong = Double(seconds) >= 30 * (1 + correlation) / (1 - correlation)
                return atLimit(
                    "p(95), AR(1) \(correlation), log-sd \(level), \(seconds) s",
                    SyntheticRun.profile(
                        seconds: seconds, rate: Double(rate), objectives: [latency]),
                    pass: .atMost(0.06), also: isLong ? [.quantile] : [],
                    SyntheticLoad.wandering(
                        seconds: seconds, rate: rate, correlation: correlation, level: level,
                        share: slowShare))
            }
        }
        let queues = [(0.8, 1.4), (0.9, 6.8), (0.95, 30)].map { utilisation, time in
            let pass =
                seconds >= 300 || utilisation == 0.8 ? 0.06 : utilisation == 0.9 ? 0.1 : 0.18
            return atLimit(
                "p(95), M/M/1 \(utilisation), \(seconds) s",
                SyntheticRun.profile(seconds: seconds, rate: Double(rate), objectives: [latency]),
                pass: .atMost(pass), also: Double(seconds) >= 30 * time ? [.quantile] : [],
                SyntheticLoad.queue(
                    seconds: seconds, rate: Double(rate), utilisation: utilisation,
                    share: slowShare))
        }
        return levels + queues
    }

    /// A fifth of what is allowed.
    private static var farBelow: [VerdictCase] {
        let share = slowShare / 5
        return [
            power(
                "p(95) at a fifth of the limit, independent, 300 s",
                SyntheticRun.profile(seconds: 300, rate: 100, objectives: [latency]),
                atLeast: .atLeast(0.99),
                SyntheticLoad.wandering(
                    seconds: 300, rate: rate, correlation: 0, level: 0, share: share))
        ]
            + [0.5, 1, 1.5].map { level in
                power(
                    "p(95) at a fifth of the limit, AR(1) 0.8, log-sd \(level), 300 s",
                    SyntheticRun.profile(seconds: 300, rate: 100, objectives: [latency]),
                    atLeast: .atLeast(0.6),
                    SyntheticLoad.wandering(
                        seconds: 300, rate: rate, correlation: 0.8, level: level, share: share))
            }
    }

    // MARK: Spells

    private static var spells: [VerdictCase] {
        [1.0, 3.0].flatMap { stall in
            [60, 300].flatMap { seconds in
                let load = SyntheticLoad.stalls(
                    seconds: seconds, rate: rate, stall: stall, share: slowShare)
                return [
                    atLimit(
                        "p(95), stalls of \(Int(stall)) s, \(seconds) s",
                        SyntheticRun.profile(seconds: seconds, rate: 100, objectives: [latency]),
                        pass: .printed, also: [.spells], load),
                    atLimit(
                        "p(95), stalls of \(Int(stall)) s, bursts: 3s, \(seconds) s",
                        SyntheticRun.profile(
                            seconds: seconds, rate: 100, objectives: [latency],
                            bursts: .seconds(3)),
                        pass: .atMost(0.05), also: [.spells], load),
                ]
            }
        }
            + [60, 300].map { seconds in
                atLimit(
                    "error rate < 1 %, outages of 1 s, bursts: 1s, \(seconds) s",
                    SyntheticRun.profile(
                        seconds: seconds, rate: 100, objectives: ["error rate < 1%"],
                        bursts: .seconds(1)), pass: .atMost(0.05), also: [.spells],
                    SyntheticLoad.onOff(
                        seconds: seconds, rate: rate, on: 1, off: 99, within: 1, isRandom: false))
            }
    }

    // MARK: What happened in a run

    private static func outages(quick: Bool) -> [VerdictCase] {
        let lengths = quick ? [10, 60] : [10, 20, 60, 600]
        return [("0.001%", 1e-5), ("0.1%", 1e-3), ("1%", 0.01), ("5%", 0.05)].flatMap {
            text, limit in
            // One second, if that is twice what is allowed.
            let short = lengths.filter { 2 * limit * Double($0) <= 1 }
            return [
                gone(
                    "error rate < \(text), one outage of 1 s in \(list(short)) s", text, short
                ) { seconds, random in
                    let start = random.nextUnit() * Double(seconds - 1)
                    return (start, start + 1)
                },
                gone(
                    "error rate < \(text), gone from 5 to 95 % of \(list(lengths)) s", text,
                    lengths
                ) { seconds, random in
                    let parts = [0.05, 0.25, 0.5, 0.75, 0.95].filter { 1 - $0 >= 2 * limit }
                    let part = parts[Int(random.next() % UInt64(parts.count))]
                    return (part * Double(seconds), Double(seconds))
                },
            ]
        }
    }

    private static func list(_ lengths: [Int]) -> String {
        lengths.map { "\($0)" }.joined(separator: ", ")
    }

    /// A target that fails for a stretch of a run whose length is drawn: FAIL, with the second at
    /// which it began within one.
    private static func gone(
        _ name: String, _ limit: String, _ lengths: [Int],
        stretch: @escaping @Sendable (Int, inout SeededRandom) -> (Double, Double)
    ) -> VerdictCase {
        let profiles = lengths.map {
            SyntheticRun.profile(
                seconds: $0, rate: Double(rate), objectives: ["error rate < \(limit)"])
        }
        return VerdictCase(name, [("FAIL", .atLeast(1)), ("began within 1 s", .atLeast(1))]) {
            random in
            let place = Int(random.next() % UInt64(lengths.count))
            let seconds = lengths[place]
            let (start, end) = stretch(seconds, &random)
            let load = SyntheticLoad.outage(seconds: seconds, rate: rate, from: start, to: end)
            let found = verdict(load(&random), seconds: seconds, profiles[place])
            let began = found.objectives.first?.run?.beganSeconds
            return [
                "FAIL": found.verdict == .fail,
                "began within 1 s": began.map { ($0 - start).magnitude <= 1 } ?? false,
            ]
        }
    }

    private static var levels: [VerdictCase] {
        [10, 60, 300].flatMap { seconds in
            [
                always(
                    "error rate < 1 %, healthy for half of \(seconds) s, then 10 % fail",
                    SyntheticRun.profile(
                        seconds: seconds, rate: 100, objectives: ["error rate < 1%"]),
                    words: [.fail],
                    SyntheticLoad.outage(
                        seconds: seconds, rate: rate, from: Double(seconds) / 2,
                        to: Double(seconds), within: 0.1)),
                always(
                    "p(95), latency doubles for the last quarter of \(seconds) s",
                    SyntheticRun.profile(seconds: seconds, rate: 100, objectives: [latency]),
                    words: [.fail],
                    SyntheticLoad.doubling(
                        seconds: seconds, rate: rate, usual: 6e6, times: 2, from: 0.75)),
            ]
        }
    }

    private static var singleSeconds: [VerdictCase] {
        [
            always(
                "p(99), one slow second of 60",
                SyntheticRun.profile(seconds: 60, rate: 100, objectives: ["p(99) < 10ms"]),
                words: [.inconclusive], SyntheticLoad.slow(seconds: 60, rate: rate, in: 20..<21)),
            always(
                "p(99), two slow seconds of 60",
                SyntheticRun.profile(seconds: 60, rate: 100, objectives: ["p(99) < 10ms"]),
                words: [.fail], began: 20,
                SyntheticLoad.slow(seconds: 60, rate: rate, in: 20..<22)),
            always(
                "p(95), one slow second of 60",
                SyntheticRun.profile(seconds: 60, rate: 100, objectives: [latency]),
                words: [.pass, .inconclusive],
                SyntheticLoad.slow(seconds: 60, rate: rate, in: 20..<21)),
        ]
    }

    private static var lagging: [VerdictCase] {
        [("error rate < 1%", 0.0), (latency, 0.0)].map { objective, start in
            always(
                "\(objective), all fail while loadgen lags by 30 ms",
                SyntheticRun.profile(seconds: 20, rate: 100, objectives: [objective]),
                words: [.fail], began: start, lag: 30e6,
                SyntheticLoad.outage(
                    seconds: 20, rate: rate, from: start, to: 20, outcome: .wrongContent))
        }
    }
}
