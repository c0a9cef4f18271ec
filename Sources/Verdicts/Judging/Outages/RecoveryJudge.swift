import Evidence
import Measurements
import Profiles
import Statistics

/// Judges how long the target took to work again after each outage of the run: `recovery < 30s`.
///
/// It passes if no outage can have been longer than the limit, and fails if one must have been.
///
/// - Source: statistics.md section 9.
struct RecoveryJudge {
    private let objective: Objective
    private let judge: Judge
    /// How long a recovery may take, in seconds.
    private let limit: Double
    private let sample: ObjectiveSample
    private let finder: OutageFinder
    /// Whether the stamps of each request are known, rather than the second that it ended in.
    private let isExact: Bool

    /// Whether the run struck the target itself, so that each strike is a trial.
    private var hasTrials: Bool {
        isExact && judge.evidence.events.contains { $0.fault?.step == .struck }
    }

    private var noun: String { hasTrials ? "fault" : "outage" }

    /// So many outages let say something of those to come.
    private static let minimumTrials = 5

    /// A judge of an objective whose recoveries may take `limit` seconds.
    init(_ objective: Objective, judge: Judge, limit: Double) {
        self.objective = objective
        self.judge = judge
        self.limit = limit
        sample = ObjectiveSample(objective, judge.evidence, judge.profile)
        finder = OutageFinder(objective, limit: limit, judge.evidence, judge.profile)
        // Groups are not in what was due.
        isExact =
            judge.evidence.hasWholeDue
            && objective.operation.map { judge.evidence.operations.contains($0) } ?? true
    }

    func verdict() -> RunVerdict.OfObjective {
        guard sample.total > 0 else { return judge.nothing(objective) }
        let outages =
            hasTrials
            ? finder.trials()
            : isExact ? finder.outages() : SecondOutages(sample: sample).outages()
        guard !outages.isEmpty else {
            let failed =
                sample.failures == 0 ? "none" : "only \(Figure.whole(sample.failures)) scattered"
            return judge.invalid(
                objective,
                "nothing to recover from: \(failed) of \(Figure.whole(sample.total)) "
                    + "\(sample.noun) failed, and none hung; make the target fail while the load "
                    + "goes on.")
        }
        let verdicts = outages.map(verdict)
        let word: Statistics.Verdict =
            verdicts.contains(.fail)
            ? .fail : verdicts.contains(.inconclusive) ? .inconclusive : .pass
        var result = figures(outages, word)
        if word == .inconclusive { result.needed = needed(outages) }
        result.sentence = sentence(result, outages)
        return result
    }

    /// By the longest that it can have been for a PASS, by the shortest for a FAIL.
    private func verdict(_ outage: Outage) -> Statistics.Verdict {
        if let longest = outage.longest, longest <= limit { return .pass }
        return outage.shortest > limit ? .fail : .inconclusive
    }

    // MARK: Figures

    private func figures(
        _ outages: [Outage], _ word: Statistics.Verdict
    ) -> RunVerdict.OfObjective {
        var result = RunVerdict.OfObjective(
            objective: objective.description, verdict: RunVerdict.Word(word),
            count: sample.failures, total: sample.total, sentence: "")
        let isOpen = outages.contains { $0.longest == nil }
        let lengths = outages.map { $0.longest ?? $0.shortest }
        result.unit = .seconds
        result.isOfFaults = true
        result.value = lengths.max()
        result.lower = outages.map(\.shortest).max()
        result.upper = isOpen ? nil : lengths.max()
        result.limit = limit
        result.confidence = judge.confidence(of: objective)
        result.sampleSeconds = sample.length
        result.effectiveCount = Double(outages.count)
        let resolution = outages.compactMap { outage in
            outage.longest.map { $0 - outage.shortest }
        }.max()
        result.smallestEffect = limit + (resolution ?? 0)
        result.method =
            hasTrials
            ? "from the fault, or the end of one that was held, to the first request that was "
                + "served in time and was followed by no more failures than before the first fault"
            : isExact
                ? "from the first request that was not served in time to the first that was, by "
                    + "the stamps of each; recovered = as before the outage for 10 s"
                : "recovered = 10 s without a failed request; times are known to the second"
        return result
    }

    private func needed(_ outages: [Outage]) -> RunVerdict.OfObjective.Needed {
        guard outages.contains(where: { $0.longest == nil }) else {
            return .init(
                moreRequests: nil, moreMinutes: nil,
                sentence: isExact
                    ? "The limit lies between the shortest and the longest that it can have been; "
                        + "send more requests a second."
                    : "The limit is within the second that good requests are known to; take a "
                        + "limit of several seconds.")
        }
        let seconds = limit + OutageFinder.holdSeconds
        return .init(
            moreRequests: nil, moreMinutes: seconds / 60,
            sentence: "Go on for at least \(Figure.significant(seconds)) s after the last failure.")
    }

    // MARK: Words

    private func sentence(_ result: RunVerdict.OfObjective, _ outages: [Outage]) -> String {
        let allowed = "the limit is \(Figure.plain(seconds: limit))"
        let number = "\(Figure.whole(outages.count)) \(outages.count == 1 ? noun : noun + "s")"
        switch result.verdict {
        case .pass:
            guard let worst = outages.max(by: { ($0.longest ?? 0) < ($1.longest ?? 0) }) else {
                return ""
            }
            let length = outages.count == 1 ? "in" : "the longest in"
            let comma = outages.count == 1 ? "" : ","
            return "PASS: recovered from \(number)\(comma) \(length) \(span(worst)), \(allowed). "
                + trials(outages.count) + dwell(outages)
        case .fail:
            let worst = outages.max { $0.shortest < $1.shortest }
            let late = outages.filter { $0.shortest > limit }.count
            let which =
                outages.count == 1
                ? "the \(noun)" : "\(Figure.whole(late)) of \(number) took too long, the longest"
            guard let worst else { return "" }
            let end =
                worst.longest == nil
                ? "was not over after \(Figure.significant(worst.shortest)) s"
                : "lasted \(span(worst, hasTime: false))"
            return "FAIL: \(which) at \(Figure.significant(worst.firstBad)) s \(end), \(allowed). "
                + trials(outages.count)
        case .inconclusive, .invalid, .measured:
            let open = outages.first { verdict($0) == .inconclusive }
            let what = open.map { outage in
                outage.longest == nil
                    ? "the \(noun) at \(Figure.significant(outage.firstBad)) s was not over when "
                        + "the load ended, \(Figure.significant(outage.shortest)) s later"
                    : "recovered from the \(noun) in \(span(outage))"
            }
            return "INCONCLUSIVE: \(what ?? number), \(allowed). \(trials(outages.count))"
                + (result.needed.map { " \($0.sentence)" } ?? "")
        }
    }

    /// How long an outage lasted, and when it began.
    private func span(_ outage: Outage, hasTime: Bool = true) -> String {
        let shortest = Figure.significant(outage.shortest)
        let longest = Figure.significant(outage.longest ?? outage.shortest)
        let length = shortest == longest ? "\(longest) s" : "\(shortest) to \(longest) s"
        return hasTime ? "\(length) at \(Figure.significant(outage.firstBad)) s" : length
    }

    /// What so many outages say of those to come.
    private func trials(_ count: Int) -> String {
        let confidence = judge.confidence(of: objective)
        guard count >= Self.minimumTrials,
            let most = Recovery.maximumExceeding(trials: count, confidence: confidence)
        else { return "\(Figure.whole(count)) \(count == 1 ? noun : noun + "s") observed." }
        return "\(Figure.whole(count)) \(noun)s observed: if none takes longer, at most "
            + "\(Figure.percent(most)) of such \(noun)s do (\(Figure.given(confidence)))."
    }

    /// Whether the load went on long enough to see that it stays recovered.
    private func dwell(_ outages: [Outage]) -> String {
        guard isExact, !hasTrials, let recovered = outages.last?.firstGoodAfter else { return "" }
        let left = finder.end - recovered
        guard left < OutageFinder.holdSeconds else { return "" }
        return
            " The load ended \(Figure.significant(max(0, left))) s after it, so a relapse within "
            + "\(Figure.plain(seconds: OutageFinder.holdSeconds)) would not have been seen."
    }
}
