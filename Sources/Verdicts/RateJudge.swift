import Profiles
import Statistics

/// Judges answers a second: `throughput >= 990/s`, `goodput(10ms) >= 980/s`.
///
/// - Source: statistics.md 2.6.
struct RateJudge {
    private let objective: Objective
    private let judge: Judge
    private let sample: ObjectiveSample
    private let seconds: [ObjectiveSample.Second]

    init(_ objective: Objective, judge: Judge) {
        self.objective = objective
        self.judge = judge
        sample = ObjectiveSample(objective, judge.evidence, judge.profile)
        seconds = sample.seconds.filter(\.isWhole)
    }

    private var isGoodput: Bool { objective.thresholdNanoseconds != nil }

    private var limit: Double {
        switch objective.claim {
        case .throughput(let limit), .goodput(let limit, _): limit
        case .latencyQuantile, .errorRate, .success, .leak, .recovery: 0
        }
    }

    func verdict() -> RunVerdict.OfObjective {
        let rates = seconds.map { second in
            Double(isGoodput ? second.good : second.answers) / (second.end - second.start)
        }
        guard sample.total > 0 else { return judge.nothing(objective) }
        guard !rates.isEmpty, let series = try? Series(rates) else {
            return judge.invalid(
                objective, "no whole second lies in a judged phase; give it a phase of a few.")
        }
        let confidence = judge.confidence(of: objective)
        let bounds = MeanBounds(series, confidence: confidence)
        var result = figures(series, bounds, confidence)
        if let window = objective.window {
            judgeWindows(window, series, confidence, &result)
            return result
        }
        result.verdict = RunVerdict.Word(bounds.verdict(.atLeast, limit))
        if result.verdict == .inconclusive { result.needed = needed(series, bounds) }
        result.sentence = sentence(result)
        return result
    }

    private func figures(
        _ series: Series, _ bounds: MeanBounds, _ confidence: Double
    ) -> RunVerdict.OfObjective {
        var result = RunVerdict.OfObjective(
            objective: objective.description, verdict: .inconclusive,
            count: seconds.reduce(0) { $0 + (isGoodput ? $1.good : $1.answers) },
            total: seconds.reduce(0) { $0 + $1.total }, sentence: "")
        result.unit = .perSecond
        result.value = bounds.mean
        result.lower = bounds.lower
        result.upper = bounds.upper
        result.limit = limit
        result.confidence = confidence
        result.sampleSeconds = seconds.reduce(0) { $0 + $1.end - $1.start }
        result.effectiveCount = bounds.effectiveCount
        result.designEffect = Double(series.count) / max(1e-9, bounds.effectiveCount)
        result.method =
            "mean of \(Figure.whole(series.count)) seconds, worth "
            + "\(Figure.significant(bounds.effectiveCount)) independent ones; Student's t"
        if let lower = bounds.lower, let mean = bounds.mean, bounds.effectiveCount >= 2 {
            // The half-width holds t of the confidence; 80 % power adds that of 80 %.
            let student = StudentDistribution(degreesOfFreedom: bounds.effectiveCount - 1)
            let wider = 1 + student.quantile(0.8) / student.quantile(confidence)
            result.smallestEffect = max(0, limit - (mean - lower) * wider)
        }
        return result
    }

    private func judgeWindows(
        _ window: Duration, _ series: Series, _ confidence: Double,
        _ result: inout RunVerdict.OfObjective
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
        let text = WindowWords(
            count: windows.count, width: width, failed: failed, confidence: confidence)
        result.method = text.method
        let all = "\(name) \(Self.rate(result.value ?? 0)) on average, wanted \(Self.rate(limit))"
        switch windows.verdict {
        case .pass: result.sentence = text.pass(all)
        case .fail: result.sentence = text.fail(all, value: Self.rate)
        case .inconclusive, .invalid:
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
                sentence: "Too few independent seconds for a bound; run ten times as long.")
        }
        let ratio = (mean - lower) / (mean - limit).magnitude
        let more = max(1, (Double(series.count) * (ratio * ratio - 1)).rounded(.up))
        let requests = Int(min(1e15, more * mean))
        let word = mean > limit ? "pass" : "show a FAIL"
        return .init(
            moreRequests: requests, moreMinutes: more / 60,
            sentence: "About \(Figure.significant(more / 60)) min more (\(Figure.whole(requests)) "
                + "requests at this rate) would \(word), if mean and spread stay.")
    }

    // MARK: Words

    private var name: String { isGoodput ? "goodput" : "throughput" }

    private static func rate(_ perSecond: Double) -> String {
        "\(Figure.significant(perSecond, digits: 4))/s"
    }

    private func sentence(_ result: RunVerdict.OfObjective) -> String {
        let sure = Figure.given(result.confidence ?? 0)
        let mean = "\(Self.rate(result.value ?? 0)) on average"
        let wanted = "wanted \(Self.rate(limit))"
        let low = result.lower.map(Self.rate) ?? "unknown"
        let high = result.upper.map(Self.rate) ?? "unknown"
        let method = result.method ?? ""
        let found =
            result.smallestEffect.map {
                "; \(Self.rate($0)) would have been found (80 % power)"
            } ?? ""
        switch result.verdict {
        case .pass:
            return "PASS (\(sure)): \(name) >= \(low), \(wanted): \(mean); \(method)\(found)."
        case .fail: return "FAIL (\(sure)): \(name) <= \(high), \(wanted): \(mean); \(method)."
        case .inconclusive, .invalid:
            return "INCONCLUSIVE: \(name) \(mean), \(low) to \(high), \(wanted); \(method). "
                + (result.needed?.sentence ?? "")
        }
    }
}
