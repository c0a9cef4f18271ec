import Profiles
import Statistics

/// Judges answers a second: `throughput >= 990/s`, `goodput(10ms) >= 980/s`.
///
/// - Source: statistics.md 2.6.
struct RateJudge {
    private let objective: Objective
    private let judge: Judge
    /// Answers a second, above 0.
    private let limit: Double
    private let sample: ObjectiveSample
    private let seconds: [ObjectiveSample.Second]
    private let missed: Missed

    init(_ objective: Objective, judge: Judge, limit: Double) {
        self.objective = objective
        self.judge = judge
        self.limit = limit
        sample = ObjectiveSample(objective, judge.evidence, judge.profile)
        seconds = sample.wholeSeconds
        missed = judge.missed(sample, objective)
    }

    private var isGoodput: Bool { objective.thresholdNanoseconds != nil }
    /// What the rate is called.
    private var name: String { isGoodput ? "goodput" : "throughput" }

    private var confidence: Double { judge.confidence(of: objective) }
    private var length: Double { seconds.reduce(0) { $0 + $1.end - $1.start } }

    private func count(_ second: ObjectiveSample.Second) -> Int {
        isGoodput ? second.good : second.answers
    }

    func verdict() -> RunVerdict.OfObjective {
        let rates = seconds.map { Double(count($0)) / ($0.end - $0.start) }
        guard sample.total > 0 else { return judge.nothing(objective) }
        guard !rates.isEmpty, let series = try? Series(rates), let mean = series.mean else {
            return judge.invalid(
                objective, "no whole second lies in a judged phase; give it a phase of a few.")
        }
        let bounds = MeanBounds(series, confidence: confidence)
        let facts = facts(series)
        var result = figures(series, bounds, facts)
        if let window = objective.window {
            judgeWindows(window, series, &result)
            return result
        }
        decide(mean, bounds, facts, &result)
        if result.verdict == .inconclusive { result.needed = needed(series, bounds) }
        result.again = again(bounds, facts, result.verdict)
        result.sentence = sentence(result, facts, bounds)
        result.isOfTime = isGoodput && result.verdict == .fail
        return result
    }

    /// The shortfall against what most seconds had, as a share of what that makes; `nil` if most
    /// seconds do not even have what is wanted.
    private func facts(_ series: Series) -> Facts? {
        // If most seconds do not even have it, the best one says what it had before.
        let median = series.median ?? 0
        let usual = median > limit ? median : series.values.max() ?? 0
        guard usual > limit else { return nil }
        let cells = seconds.map { second in
            let length = second.end - second.start
            let whole = Int(clamping: (usual * length).rounded())
            return FailingStretches.Cell(
                start: second.start, end: second.end, total: whole,
                failed: max(0, whole - count(second)))
        }
        let allowed = max(1e-9, 1 - limit / usual)
        return Facts(
            share: ShareFacts(cells, limit: allowed, confidence: confidence),
            spells: Spells(
                cells: cells, limit: allowed, confidence: confidence,
                declaredSeconds: judge.profile.bursts?.inSeconds))
    }

    private struct Facts {
        let share: ShareFacts
        let spells: Spells
    }

    private func decide(
        _ mean: Double, _ bounds: MeanBounds, _ facts: Facts?,
        _ result: inout RunVerdict.OfObjective
    ) {
        let word = bounds.verdict(.atLeast, limit)
        let blind = length > 0 ? Double(missed.unseen) / length : 0
        let unsent = length > 0 ? Double(missed.unsent) / length : 0
        let isOutage = facts?.share.rule == .outage || facts?.share.rule == .change
        if mean < limit, word == .fail || isOutage {
            // What was never sent or looked at may have been answered.
            result.verdict = mean + unsent + blind < limit ? .fail : .invalid
            if result.verdict == .fail {
                result.failRule =
                    word == .fail ? .inference : facts?.share.rule == .outage ? .outage : .change
                result.failProbability =
                    word == .fail && !isOutage ? bounds.failProbability(.atLeast, limit) : 0
            }
        } else if mean >= limit, word == .pass, facts?.spells.areCovered ?? true {
            result.verdict = (bounds.lower ?? 0) - blind >= limit ? .pass : .invalid
        }
    }

    private func figures(
        _ series: Series, _ bounds: MeanBounds, _ facts: Facts?
    ) -> RunVerdict.OfObjective {
        var result = RunVerdict.OfObjective(
            objective: objective.description, verdict: .inconclusive,
            count: seconds.reduce(0) { $0 + count($1) },
            total: seconds.reduce(0) { $0 + $1.total }, sentence: "")
        result.unit = .perSecond
        result.value = bounds.mean
        result.lower = bounds.lower
        result.upper = bounds.upper
        result.limit = limit
        result.confidence = confidence
        result.sampleSeconds = length
        result.effectiveCount = bounds.lower == nil ? nil : bounds.effectiveCount
        result.designEffect = Double(series.count) / max(1e-9, bounds.effectiveCount)
        result.failProbability = bounds.failProbability(.atLeast, limit)
        let mean = "mean of \(Figure.whole(series.count)) seconds"
        result.method =
            bounds.lower == nil
            ? "\(mean); no bounds: the run is too short for how slowly its rate changes"
            : "\(mean), worth \(Figure.significant(bounds.effectiveCount)) independent ones; "
                + "Student's t"
        var run = RunVerdict.OfObjective.InRun(isKept: (bounds.mean ?? 0) >= limit)
        let stretch = facts?.share.stretch
        run.beganSeconds = stretch?.start
        run.endedSeconds = stretch.flatMap { $0.isOpen ? nil : $0.end }
        run.part = stretch?.part
        run.blindSeconds = missed.blindSeconds > 0 ? missed.blindSeconds : nil
        run.unsent = missed.unsent > 0 ? missed.unsent : nil
        result.run = run
        return result
    }

    // MARK: Windows

    private func judgeWindows(
        _ window: Duration, _ series: Series, _ result: inout RunVerdict.OfObjective
    ) {
        let width = Int(window.nanoseconds / 1_000_000_000)
        let windows = SlidingWindows(
            series, width: width, atLeast: limit, confidence: confidence)
        let failed = windows.failed.map { begin in
            let values = series.values[begin..<begin + width]
            return RunVerdict.OfObjective.Window(
                startSeconds: seconds[begin].start, endSeconds: seconds[begin + width - 1].end,
                value: values.reduce(0, +) / Double(width))
        }
        result.verdict = RunVerdict.Word(windows.verdict)
        result.failedWindows = failed
        result.failRule = windows.verdict == .fail ? .inference : nil
        result.failProbability = windows.verdict == .fail ? 0 : nil
        let text = WindowWords(
            count: windows.count, width: width, failed: failed, confidence: confidence)
        result.method = text.method
        let all =
            "\(name) \(Self.rate(result.value ?? 0)) on average, the limit is \(Self.rate(limit))"
        if windows.verdict == .pass, missed.unseen > 0 { result.verdict = .invalid }
        switch result.verdict {
        case .pass: result.sentence = text.pass(all)
        case .fail: result.sentence = text.fail(all, value: Self.rate)
        case .invalid:
            result.sentence =
                "INVALID: \(ShareSentence.missed(missed)), and a window could hold "
                + "all of that; \(all)."
        case .inconclusive, .measured:
            let sentence =
                "A longer window has narrower bounds; more of the same windows do not decide it."
            result.needed = .init(moreRequests: nil, moreMinutes: nil, sentence: sentence)
            result.sentence = text.inconclusive(all) + " " + sentence
        }
    }

    /// Seconds whose bounds would not hold the limit, if mean and spread stay.
    private func needed(
        _ series: Series, _ bounds: MeanBounds
    ) -> RunVerdict.OfObjective.Needed {
        guard let mean = bounds.mean, let lower = bounds.lower, mean != limit else {
            return .init(
                moreRequests: nil, moreMinutes: nil,
                sentence: "A run ten times as long may tell.")
        }
        let ratio = (mean - lower) / (mean - limit).magnitude
        // Both errors of a new run at 80 %: the half-width holds one of them.
        let times = max(1, 2 * ratio * ratio)
        let wanted = (Double(series.count) * times).rounded(.up)
        guard wanted < 1e7 else {
            return .init(
                moreRequests: nil, moreMinutes: nil,
                sentence: "It is too near the limit to say how long a run would decide it.")
        }
        return .init(
            moreRequests: Int(clamping: wanted * mean), moreMinutes: wanted / 60,
            sentence: "A new run of some \(ShareSentence.time(wanted)) would tell, if mean and "
                + "spread stay.")
    }

    // MARK: Words

    private static func rate(_ perSecond: Double) -> String {
        "\(Figure.significant(perSecond, digits: 4))/s"
    }

    private func again(
        _ bounds: MeanBounds, _ facts: Facts?, _ word: RunVerdict.Word
    ) -> RunVerdict.OfObjective.Again {
        guard let lower = bounds.lower, let upper = bounds.upper else {
            return .init(
                isKnown: false,
                sentence: "This run cannot predict another: it is too short for "
                    + "how slowly its rate changes.")
        }
        let sure = Figure.given(confidence)
        var text =
            "In another run it would be \(Self.rate(max(0, lower))) to "
            + "\(Self.rate(upper)) (\(sure))."
        var again = RunVerdict.OfObjective.Again(isKnown: true, sentence: "")
        again.spells = facts?.spells.count
        again.declaredSpellSeconds = facts?.spells.declaredSeconds
        if word == .pass, let spells = facts?.spells {
            if let declared = spells.declaredSeconds {
                text +=
                    " It holds for outages of \(ShareSentence.time(declared)), as the profile "
                    + "declares."
            } else {
                again.longestSpellSeconds = spells.longestSeconds
                again.rarestSpellSeconds = spells.rarestSeconds
                text +=
                    " Outages longer than \(ShareSentence.time(spells.longestSeconds)), or "
                    + "rarer than one in \(ShareSentence.time(spells.rarestSeconds)), would not "
                    + "have been seen."
            }
        }
        again.sentence = text
        return again
    }

    private func sentence(
        _ result: RunVerdict.OfObjective, _ facts: Facts?, _ bounds: MeanBounds
    ) -> String {
        let head = "\(name) was \(Self.rate(result.value ?? 0)), the limit is \(Self.rate(limit))"
        let again = result.again.map { " \($0.sentence)" } ?? ""
        switch result.verdict {
        case .pass: return "PASS: \(head).\(again)"
        case .fail:
            guard let stretch = facts?.share.stretch, result.failRule != .inference else {
                return "FAIL: \(head).\(again)"
            }
            let until =
                stretch.isOpen ? "on" : "to \(ShareSentence.second(stretch.end))"
            return "FAIL: \(head); it broke down from \(ShareSentence.second(stretch.start)) "
                + "\(until). That is what happened in this run; another run may differ."
        case .invalid: return "INVALID: \(ShareSentence.missed(missed)). Without that: \(head)."
        case .inconclusive, .measured:
            let needed = result.needed.map { " \($0.sentence)" } ?? ""
            if let spells = facts?.spells, !spells.areCovered,
                bounds.verdict(.atLeast, limit) == .pass
            {
                return "INCONCLUSIVE: \(head). But outages of "
                    + "\(ShareSentence.time(spells.declaredSeconds ?? 0)), as the profile "
                    + "declares, may have been missed by chance, and would break it."
            }
            let missed = result.run?.isKept == false ? " This run missed it." : ""
            return "INCONCLUSIVE: \(head).\(missed)\(again)\(needed)"
        }
    }
}
