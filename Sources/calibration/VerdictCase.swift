import Profiles
import Statistics
import Verdicts

/// A case of verdicts.md: what runs of a known truth must be called, and how often.
struct VerdictCase: Sendable {
    /// What came of one simulated run: the cell it counts in, and whether it counts there.
    typealias Counts = [String: Bool]

    /// What is bounded of a cell.
    enum Bound: Sendable {
        /// At most this share of the runs.
        case atMost(Double)
        /// At least this share of the runs.
        case atLeast(Double)
        /// Between these.
        case between(Double, Double)
        /// Printed beside, and not bounded.
        case printed
    }

    /// The row of the table.
    let name: String
    /// The cells in order, with their bounds.
    let cells: [(name: String, bound: Bound)]
    /// Simulates and judges one run.
    ///
    /// A cell that is `nil` in it has no run.
    let judge: @Sendable (inout SeededRandom) -> Counts

    init(
        _ name: String, _ cells: [(String, Bound)],
        judge: @escaping @Sendable (inout SeededRandom) -> Counts
    ) {
        self.name = name
        self.cells = cells.map { (name: $0.0, bound: $0.1) }
        self.judge = judge
    }

    /// The verdict on a run of a load.
    static func verdict(
        _ requests: [SyntheticRun.Request], seconds: Int, _ profile: Profile, lag: Double = 0
    ) -> RunVerdict {
        var run = SyntheticRun(requests: requests, seconds: seconds)
        run.lag = lag
        return Judge.judge(run.evidence(profile), profile: profile)
    }

    /// How long a profile's one phase lasts.
    private static func seconds(of profile: Profile) -> Int {
        Int(profile.load[0].duration.components.seconds)
    }

    // MARK: At the limit

    /// A further cell of a load at its limit.
    enum Addition {
        /// How often a PASS does not name its spells.
        case spells
        /// How often the interval of the quantile has the true one in it.
        case quantile
    }

    /// False PASS and false FAIL of a load whose share is the limit itself.
    static func atLimit(
        _ name: String, _ profile: Profile, pass: Bound, fail: Bound = .atMost(0.06),
        also: Set<Addition> = [], _ load: @escaping SyntheticLoad.Make
    ) -> VerdictCase {
        let (spells, quantile) = (also.contains(.spells), also.contains(.quantile))
        var cells: [(String, Bound)] = [
            ("false PASS", pass), ("false FAIL", fail), ("FAIL of this run", .printed),
            ("FAIL though kept", .atMost(0)),
        ]
        if spells { cells.append(("PASS without its spells", .atMost(0))) }
        if quantile { cells.append(("interval holds", .between(0.92, 0.98))) }
        return VerdictCase(name, cells) { random in
            let verdict = verdict(load(&random), seconds: seconds(of: profile), profile)
            guard let found = verdict.objectives.first else { return [:] }
            let isFact = found.failRule != .inference
            var counts: Counts = [
                "false PASS": found.verdict == .pass,
                "false FAIL": found.verdict == .fail && !isFact,
                "FAIL of this run": found.verdict == .fail && isFact,
                "FAIL though kept": found.verdict == .fail && found.run?.isKept == true,
            ]
            if spells {
                counts["PASS without its spells"] =
                    found.verdict == .pass && found.again?.rarestSpellSeconds == nil
                    && found.again?.declaredSpellSeconds == nil
            }
            if quantile, found.again?.isKnown == true, let interval = found.quantile {
                let truth = UInt64(SyntheticLoad.bound)
                counts["interval holds"] =
                    interval.lowerNanoseconds ?? 0 <= truth
                    && interval.upperNanoseconds ?? .max >= truth
            }
            return counts
        }
    }

    /// How often a load far below its limit PASSes.
    static func power(
        _ name: String, _ profile: Profile, atLeast: Bound, _ load: @escaping SyntheticLoad.Make
    ) -> VerdictCase {
        VerdictCase(name, [("PASS", atLeast)]) { random in
            let found = verdict(load(&random), seconds: seconds(of: profile), profile)
            return ["PASS": found.verdict == .pass]
        }
    }

    /// How often a load is called one word, with the second at which it began within one.
    static func always(
        _ name: String, _ profile: Profile, words: Set<RunVerdict.Word>, began: Double? = nil,
        lag: Double = 0, _ load: @escaping SyntheticLoad.Make
    ) -> VerdictCase {
        let word = words.map(\.rawValue).sorted().joined(separator: " or ")
        var cells: [(String, Bound)] = [(word, .atLeast(1))]
        if began != nil { cells.append(("began within 1 s", .atLeast(1))) }
        return VerdictCase(name, cells) { random in
            let verdict = verdict(
                load(&random), seconds: seconds(of: profile), profile, lag: lag)
            guard let found = verdict.objectives.first else { return [:] }
            var counts: Counts = [word: words.contains(verdict.verdict)]
            if let began {
                counts["began within 1 s"] =
                    found.run?.beganSeconds.map { ($0 - began).magnitude <= 1 } ?? false
            }
            return counts
        }
    }
}
