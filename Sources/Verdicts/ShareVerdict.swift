import Profiles
import Statistics

/// Puts the verdict on a share into words and figures; statistics.md section 11.
struct ShareVerdict {
    let objective: Objective
    /// The share that may count against it.
    let limit: Double
    let confidence: Double
    var test: ShareTest
    let sample: ObjectiveSample
    /// What the method's sentence ends with.
    var assumptions = ""

    init(
        objective: Objective, limit: Double, confidence: Double, test: ShareTest,
        sample: ObjectiveSample
    ) {
        self.objective = objective
        self.limit = limit
        self.confidence = confidence
        self.test = test
        self.sample = sample
    }

    /// The word of a test; with `abort` the watch has half of what a FAIL may err.
    func word(of test: ShareTest) -> RunVerdict.Word {
        let word = RunVerdict.Word(test.verdict(limit: limit, confidence: confidence))
        guard objective.aborts, word == .fail else { return word }
        let strict = test.verdict(limit: limit, confidence: 1 - (1 - confidence) / 2)
        return strict == .fail ? .fail : .inconclusive
    }

    // MARK: Results

    /// The verdict on all of the sample; `fill` adds figures before the sentence is made.
    func verdict(
        _ word: RunVerdict.Word, fill: (inout RunVerdict.OfObjective) -> Void = { _ in }
    ) -> RunVerdict.OfObjective {
        var result = figures(word)
        fill(&result)
        if word == .inconclusive { result.needed = remedy }
        result.sentence = sentence(word, result)
        return result
    }

    /// The verdict where a run was, or would have been, stopped.
    func broken(_ broken: AbortWatch.Break) -> RunVerdict.OfObjective {
        var result = figures(.fail)
        result.sentence = "FAIL (\(Figure.given(confidence))): \(broken.sentence)"
        result.method = "likelihood ratio that holds at every look"
        return result
    }

    /// The verdict on every window.
    func windowed(
        _ window: Duration, test: (Range<Int>) -> ShareTest
    ) -> RunVerdict.OfObjective {
        let width = Int(window.nanoseconds / 1_000_000_000)
        let windows = SlidingWindows(
            seconds: sample.seconds.count, width: width, limit: limit, confidence: confidence,
            test: test)
        var result = figures(RunVerdict.Word(windows.verdict))
        let failed = windows.failed.map { begin in
            RunVerdict.OfObjective.Window(
                startSeconds: sample.seconds[begin].start,
                endSeconds: sample.seconds[begin + width - 1].end,
                value: share(test(begin..<begin + width).seen))
        }
        result.failedWindows = failed
        let text = WindowWords(
            count: windows.count, width: width, failed: failed, confidence: confidence)
        result.method = text.method
        let all = "\(counted); in all of it \(Figure.percent(share(self.test.seen)))"
        switch windows.verdict {
        case .pass: result.sentence = text.pass(all)
        case .fail: result.sentence = text.fail(all) { Figure.percent($0) }
        case .inconclusive, .invalid:
            let needed = SampleSize.required(limit: limit, errors: 0, confidence: confidence)
            let rate = sample.length > 0 ? Double(sample.total) / sample.length : 0
            result.needed = .init(
                moreRequests: nil, moreMinutes: nil,
                sentence: "A window has \(Figure.significant(rate * Double(width))) "
                    + "\(sample.noun) and needs \(Figure.whole(needed)) without one that counts; "
                    + "take a higher rate or a longer window.")
            result.sentence = text.inconclusive(all) + " " + (result.needed?.sentence ?? "")
        }
        return result
    }

    // MARK: Figures

    private var isSuccess: Bool {
        if case .success = objective.claim { return true }
        return false
    }

    private func share(_ seen: Proportion) -> Double {
        let share = Double(seen.count) / Double(max(1, seen.total))
        return isSuccess ? 1 - share : share
    }

    private func figures(_ word: RunVerdict.Word) -> RunVerdict.OfObjective {
        var result = RunVerdict.OfObjective(
            objective: objective.description, verdict: word, count: test.seen.count,
            total: test.seen.total, sentence: "")
        let lower = test.lowerBound(confidence: confidence)
        let upper = test.upperBound(confidence: confidence)
        let smallest = test.smallestFound(limit: limit, confidence: confidence)
        result.unit = .share
        result.value = share(test.seen)
        result.lower = isSuccess ? upper.map { 1 - $0 } : lower
        result.upper = isSuccess ? lower.map { 1 - $0 } : upper
        result.limit = isSuccess ? 1 - limit : limit
        result.confidence = confidence
        result.sampleSeconds = sample.length
        result.effectiveCount = test.effective(confidence: confidence).total
        result.designEffect = test.designEffect
        result.smallestEffect = isSuccess ? smallest.map { 1 - $0 } : smallest
        result.method = method
        return result
    }

    private var remedy: RunVerdict.OfObjective.Needed {
        Remedy(
            test: test, limit: limit, confidence: confidence, seconds: sample.length,
            noun: sample.noun, one: isLatency ? "slow or failed one" : "error"
        ).needed
    }

    // MARK: Words

    private var isLatency: Bool { objective.thresholdNanoseconds != nil }

    /// How the bounds were found.
    private var method: String {
        var text = "exact binomial"
        if test.isBlind {
            text = "one second shows nothing of dependence between \(sample.noun)"
        } else if test.designEffect > 1 {
            let effective = Int(test.effective(confidence: confidence).total)
            text += ", design effect \(Figure.significant(test.designEffect)) from "
            text += "\(test.batches) batches, effective n \(Figure.whole(effective))"
        } else if test.seen.count > 0 {
            text += ", no dependence seen in \(test.batches) "
            text += test.batches == 1 ? "batch" : "batches"
        }
        return text + assumptions
    }

    /// What was counted.
    private var counted: String {
        let seen = test.seen
        let of = "\(Figure.whole(seen.total)) \(sample.noun)"
        guard let threshold = objective.thresholdNanoseconds else {
            return "\(Figure.whole(seen.count)) \(seen.count == 1 ? "error" : "errors") in \(of)"
        }
        let failed = sample.failures
        return "\(Figure.whole(seen.count)) of \(of) took >= \(Figure.time(threshold))"
            + (failed > 0 ? " or failed (\(Figure.whole(failed)))" : "")
    }

    private func sentence(_ word: RunVerdict.Word, _ result: RunVerdict.OfObjective) -> String {
        let sure = Figure.given(confidence)
        let allowed = Figure.given(limit)
        let low = result.lower.map { percent($0, result) } ?? "unknown"
        let high = result.upper.map { percent($0, result) } ?? "unknown"
        let quantile = result.quantile.map { "; \(Self.text($0))" } ?? ""
        let found =
            result.smallestEffect.map {
                "; \(percent($0, result)) would have been found (80 % power)"
            } ?? ""
        switch (word, isLatency, isSuccess) {
        case (.pass, true, _):
            return "PASS (\(sure)): \(counted): at most \(high), allowed \(allowed)\(quantile); "
                + "\(method)\(found)."
        case (.pass, false, false):
            return "PASS (\(sure)): error rate <= \(high) < \(allowed): \(counted); "
                + "\(method)\(found)."
        case (.pass, false, true):
            return "PASS (\(sure)): success >= \(low), wanted \(wanted): \(counted); "
                + "\(method)\(found)."
        case (.fail, true, _):
            return "FAIL (\(sure)): \(counted): at least \(low), allowed \(allowed)\(quantile); "
                + "\(method)."
        case (.fail, false, false):
            return "FAIL (\(sure)): error rate >= \(low), allowed \(allowed): \(counted); "
                + "\(method)."
        case (.fail, false, true):
            return "FAIL (\(sure)): success <= \(high), wanted \(wanted): \(counted); \(method)."
        case (_, true, _):
            return "INCONCLUSIVE: \(counted): \(low) to \(high), allowed \(allowed)\(quantile); "
                + "\(method). \(result.needed?.sentence ?? "")"
        case (_, false, false):
            return "INCONCLUSIVE: \(counted); upper bound \(high), allowed \(allowed); \(method). "
                + (result.needed?.sentence ?? "")
        case (_, false, true):
            return "INCONCLUSIVE: \(counted); lower bound \(low), wanted \(wanted); \(method). "
                + (result.needed?.sentence ?? "")
        }
    }

    private var wanted: String { Figure.given(1 - limit) }

    /// A bound with the digits that tell it from the limit.
    private func percent(_ share: Double, _ result: RunVerdict.OfObjective) -> String {
        Figure.percent(share, apartFrom: result.limit ?? 0)
    }

    /// A quantile as in `p95 = 10.9 ms [10.5 ms, 11.4 ms]`.
    private static func text(_ quantile: RunVerdict.OfObjective.Quantile) -> String {
        func end(_ value: UInt64?) -> String { value.map(Figure.time) ?? "not bounded" }
        let name = Figure.quantile(partsPerMillion: quantile.partsPerMillion)
        guard let value = quantile.nanoseconds else { return "\(name) is a failed request" }
        return "\(name) = \(Figure.time(value)) [\(end(quantile.lowerNanoseconds)), "
            + "\(end(quantile.upperNanoseconds))]"
    }
}

/// What is said of windows.
struct WindowWords {
    let count: Int
    let width: Int
    let failed: [RunVerdict.OfObjective.Window]
    let confidence: Double

    /// How they were judged.
    var method: String {
        "\(Figure.whole(count)) windows of \(width) s, sliding by a second; all must pass, and a "
            + "FAIL is corrected for their number (Holm)"
    }

    func pass(_ all: String) -> String {
        "PASS (\(Figure.given(confidence))): every window keeps it; \(all); \(method)."
    }

    func fail(_ all: String, value: (Double) -> String) -> String {
        let worst = failed.prefix(3).map { window in
            "\(Figure.significant(window.startSeconds)) s to "
                + "\(Figure.significant(window.endSeconds)) s: \(value(window.value))"
        }
        let more = failed.count > worst.count ? ", and \(failed.count - worst.count) more" : ""
        return "FAIL (\(Figure.given(confidence))): broken in \(Figure.whole(failed.count)) "
            + "\(failed.count == 1 ? "window" : "windows") (\(worst.joined(separator: ", "))"
            + "\(more)); \(all); \(method)."
    }

    func inconclusive(_ all: String) -> String {
        count == 0
            ? "INCONCLUSIVE: no judged stretch is as long as a window of \(width) s; \(all)."
            : "INCONCLUSIVE: not every window is proven to keep it, and none to break it; "
                + "\(all); \(method)."
    }
}
