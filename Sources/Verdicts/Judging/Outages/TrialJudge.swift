import Evidence
import Profiles
import Statistics

/// Judges a time that every fault of a run has, as a claim about such faults:
/// `recovery p(95) < 2s over 59 trials`, `detection < 1s`.
///
/// A trial in which the time was not over, or lies on both sides of the limit, has missed it before
/// anything passes. The bounds are exact, from the binomial distribution and order statistics.
///
/// - Source: statistics.md section 9.
struct TrialJudge {
    /// Which time it is.
    enum Measure { case recovery, detection }

    private let objective: Objective
    private let judge: Judge
    private let share: TrialShare?
    /// In seconds.
    private let limit: Double
    private let confidence: Double
    private let measure: Measure
    private let trials: [FaultTrial]

    /// A judge of an objective that claims this.
    init(_ objective: Objective, _ claim: any TrialClaim, judge: Judge, measure: Measure) {
        self.objective = objective
        self.judge = judge
        self.measure = measure
        share = claim.share
        limit = Double(claim.limitNanoseconds) / 1e9
        confidence = judge.confidence(of: objective)
        // Groups are not in what was due.
        let isExact =
            judge.evidence.hasWholeDue
            && objective.operation.map { judge.evidence.operations.contains($0) } ?? true
        trials =
            isExact
            ? OutageFinder(objective, limit: limit, judge.evidence, judge.profile)
                .faultTrials().filter { !$0.isSham } : []
    }

    func verdict() -> RunVerdict.OfObjective {
        guard !trials.isEmpty else {
            return judge.invalid(
                objective,
                "\(objective.claim is RecoveryClaim ? "recovery over trials" : "detection") is "
                    + "measured from the time of a fault, and no fault has struck; give the "
                    + "profile faults, and an operation in `on ...`, not a group.")
        }
        let lengths = trials.map(length)
        let surelyMissed = lengths.count { $0.lower > limit }
        let missed = lengths.count { $0.upper.map { $0 > limit } ?? true }
        var result = figures(lengths)
        result.trials = .init(judged: trials.count, missed: missed, needed: needed(missed))
        result.verdict = RunVerdict.Word(word(missed: missed, surelyMissed: surelyMissed))
        result.count = missed
        if result.verdict == .inconclusive {
            let words = neededWords(missed)
            result.needed = .init(moreRequests: nil, moreMinutes: nil, sentence: words)
        }
        result.sentence = sentence(result, lengths, missed: missed, surelyMissed: surelyMissed)
        return result
    }

    /// What nobody saw took at least as long as it was looked for.
    private func length(_ trial: FaultTrial) -> FaultTrial.Length {
        switch measure {
        case .recovery: trial.recovery
        case .detection:
            trial.detection ?? FaultTrial.Length(lower: trial.windowSeconds, upper: nil)
        }
    }

    // MARK: The claim

    /// How many trials prove the claim with so many misses.
    private func needed(_ missed: Int) -> Int? {
        share.map {
            SampleSize.required(
                limit: $0.allowedShare, errors: missed, confidence: confidence)
        }
    }

    private func word(missed: Int, surelyMissed: Int) -> Statistics.Verdict {
        guard let share else {
            return surelyMissed > 0 ? .fail : missed > 0 ? .inconclusive : .pass
        }
        let alpha = 1 - confidence
        let more = Binomial.atLeast(
            surelyMissed, trials: trials.count, probability: share.allowedShare)
        if more <= alpha { return .fail }
        guard trials.count >= share.trials else { return .inconclusive }
        let fewer = Binomial.atMost(
            missed, trials: trials.count, probability: share.allowedShare)
        return fewer <= alpha ? .pass : .inconclusive
    }

    /// The quantile of the trials with its bounds, or the longest of them.
    private func figures(_ lengths: [FaultTrial.Length]) -> RunVerdict.OfObjective {
        var result = RunVerdict.OfObjective(
            objective: objective.description, verdict: .inconclusive, total: trials.count,
            sentence: "")
        result.unit = .seconds
        result.isOfFaults = true
        result.limit = limit
        result.confidence = confidence
        result.effectiveCount = Double(trials.count)
        let upper = lengths.map { $0.upper ?? .infinity }.sorted()
        let lower = lengths.map(\.lower).sorted()
        func finite(_ value: Double) -> Double? { value.isFinite ? value : nil }
        guard let share else {
            result.value = upper.last.flatMap(finite)
            result.lower = lower.last
            result.upper = result.value
            result.method = "the longest of all trials, each by its due times"
            return result
        }
        let ranks = QuantileRanks(
            trials: trials.count, partsPerMillion: share.partsPerMillion,
            oneSidedConfidence: confidence)
        let point = QuantileRanks.point(
            trials: trials.count, partsPerMillion: share.partsPerMillion)
        result.value = finite(upper[point - 1])
        result.lower = ranks.lower.map { lower[$0 - 1] }
        result.upper = ranks.upper.flatMap { finite(upper[$0 - 1]) }
        result.method =
            "exact binomial, bounds by order statistics; a trial that was not over counts as missed"
        return result
    }

    // MARK: Words

    private var verb: String { measure == .recovery ? "recover" : "show" }
    private var done: String { measure == .recovery ? "did" : "showed" }

    private var kinds: String {
        var names: [String] = []
        for trial in trials where !names.contains(trial.kind) { names.append(trial.kind) }
        return names.joined(separator: ", ")
    }

    private func sentence(
        _ result: RunVerdict.OfObjective, _ lengths: [FaultTrial.Length], missed: Int,
        surelyMissed: Int
    ) -> String {
        let time = Figure.plain(seconds: limit)
        let level = Figure.given(confidence)
        let kept = trials.count - missed
        let seen =
            "\(Figure.whole(kept)) of \(Figure.whole(trials.count)) did (\(kinds))"
        switch result.verdict {
        case .pass:
            guard let share else {
                return "PASS: each fault is to \(verb) within \(time): \(seen)\(longest(lengths))."
            }
            let part = Figure.given(1 - share.allowedShare)
            return "PASS: at least \(part) of such failures \(verb) within \(time), at \(level) "
                + "confidence: \(seen)\(longest(lengths))."
        case .fail:
            let late =
                "\(Figure.whole(surelyMissed)) of "
                + "\(Figure.whole(trials.count)) did not (\(kinds))\(longest(lengths))."
            guard let share else { return "FAIL: each fault is to \(verb) within \(time): \(late)" }
            return "FAIL: more than \(Figure.given(share.allowedShare)) of such failures "
                + "do not \(verb) within \(time), at \(level) confidence: \(late)"
        case .inconclusive, .invalid, .measured:
            return "INCONCLUSIVE: failures are to \(verb) within \(time): \(seen)"
                + "\(longest(lengths)). \(neededWords(missed))"
        }
    }

    /// The longest of them, and when its fault struck.
    private func longest(_ lengths: [FaultTrial.Length]) -> String {
        let worst = zip(lengths, trials).max {
            ($0.0.upper ?? .infinity, $0.0.lower) < ($1.0.upper ?? .infinity, $1.0.lower)
        }
        guard let (length, trial) = worst else { return "" }
        let moment = "at \(Figure.significant(trial.struckSeconds)) s"
        guard let upper = length.upper else {
            return ", and the one \(moment) was not over "
                + "\(Figure.significant(length.lower)) s later"
        }
        return ", the slowest in \(Figure.significant(upper)) s \(moment)"
    }

    private func neededWords(_ missed: Int) -> String {
        guard let share, let needed = needed(missed) else {
            return "Leave more time between the faults, or send more requests a second."
        }
        let wanted = max(needed, share.trials)
        let misses =
            missed == 0 ? "without a miss" : "with \(missed == 1 ? "1 miss" : "\(missed) misses")"
        return "At \(Figure.given(confidence)) confidence that takes "
            + "\(Figure.whole(wanted)) trials \(misses): give the faults trials: "
            + "\(wanted), and the objective over \(wanted) trials."
    }
}
