import Profiles
import Statistics

/// Puts what was decided on a share into figures and words.
struct ShareVerdict {
    let share: ShareJudge
    /// How most of what counts ended.
    let cause: String?
    /// The latency at the objective's quantile; `nil` for other objectives.
    var quantile: RunVerdict.OfObjective.Quantile?
    /// What is said of longer runs; empty if there is nothing to say.
    var steadiness = ""

    init(_ share: ShareJudge, by judge: Judge) {
        var share = share
        share.isBrokenByBlocks = judge.isBrokenByBlocks(share.objective)
        self.share = share
        cause = FailureCause(share.objective, judge.evidence, judge.profile)
            .words(share.sample, share.facts.stretch)
    }

    var objective: Objective { share.objective }
    private var test: ShareTest { share.test }
    private var facts: ShareFacts { share.facts }

    /// The verdict on all of the sample.
    func verdict() -> RunVerdict.OfObjective {
        var result = figures(share.verdict)
        if result.verdict == .inconclusive {
            result.needed = Remedy(share, isLatency: isLatency).needed
        }
        result.quantile = quantile
        result.sentence = ShareSentence(self, result).text
        return result
    }

    /// The verdict on every window.
    func windowed(
        _ window: Duration, least: (Range<Int>) -> ShareTest, most: (Range<Int>) -> ShareTest
    ) -> RunVerdict.OfObjective {
        let sample = share.sample
        let width = Int(window.nanoseconds / 1_000_000_000)
        let windows = SlidingWindows(
            seconds: sample.seconds.count, width: width, confidence: share.confidence,
            least: least, most: most)
        var result = figures(RunVerdict.Word(windows.verdict))
        let failed = windows.failed.map { begin in
            RunVerdict.OfObjective.Window(
                startSeconds: sample.seconds[begin].start,
                endSeconds: sample.seconds[begin + width - 1].end,
                value: value(least(begin..<begin + width).seen))
        }
        result.failedWindows = failed
        result.failRule = windows.verdict == .fail ? .inference : nil
        result.failProbability = windows.verdict == .fail ? 0 : nil
        if windows.verdict == .pass, share.missed.unseen + share.missed.unsent > 0 {
            // Each window would have to hold all that was missed.
            result.verdict = .invalid
        }
        let text = WindowWords(
            count: windows.count, width: width, failed: failed, confidence: share.confidence)
        result.method = text.method
        let all =
            "in all of it \(ShareSentence.counted(share)), "
            + Figure.percent(Double(test.seen.count) / Double(max(1, test.seen.total)))
        switch result.verdict {
        case .pass: result.sentence = text.pass(all)
        case .fail: result.sentence = text.fail(all) { Figure.percent($0) }
        case .invalid:
            result.sentence =
                "INVALID: \(ShareSentence.missed(share.missed)), and a window could "
                + "hold all of that; \(all)."
        case .inconclusive, .measured:
            let needed = SampleSize.required(
                limit: share.limit, errors: 0, confidence: share.confidence)
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

    var isLatency: Bool { objective.thresholdNanoseconds != nil }

    var isSuccess: Bool { objective.claim.isShareOfRight }

    private func value(_ seen: Proportion) -> Double {
        let share = Double(seen.count) / Double(max(1, seen.total))
        return isSuccess ? 1 - share : share
    }

    private func figures(_ word: RunVerdict.Word) -> RunVerdict.OfObjective {
        let confidence = share.confidence
        var result = RunVerdict.OfObjective(
            objective: objective.description, verdict: word, count: test.seen.count,
            total: test.seen.total, sentence: "")
        let isKnown = test.isLongEnough
        let lower = isKnown ? test.lowerBound(confidence: confidence) : nil
        let upper = isKnown ? share.worstUpperBound : nil
        let smallest = test.smallestFound(confidence: confidence)
        result.unit = .share
        result.value = value(test.seen)
        result.lower = isSuccess ? upper.map { 1 - $0 } : lower
        result.upper = isSuccess ? lower.map { 1 - $0 } : upper
        result.limit = isSuccess ? 1 - share.limit : share.limit
        result.confidence = confidence
        result.sampleSeconds = share.sample.length
        result.effectiveCount = isKnown ? test.effective(confidence: confidence).total : nil
        result.designEffect = test.designEffect
        result.smallestEffect = isSuccess ? smallest.map { 1 - $0 } : smallest
        result.failRule = share.failRule
        result.failProbability = share.failProbability
        result.method = method
        result.run = inRun
        result.again = again(word, isKnown: isKnown)
        return result
    }

    private var inRun: RunVerdict.OfObjective.InRun {
        var run = RunVerdict.OfObjective.InRun(isKept: facts.isKept)
        run.beganSeconds = facts.stretch?.start
        run.endedSeconds = facts.stretch.flatMap { $0.isOpen ? nil : $0.end }
        run.part = facts.stretch?.part
        run.cause = cause
        let missed = share.missed
        run.blindSeconds = missed.blindSeconds > 0 ? missed.blindSeconds : nil
        run.unsent = missed.unsent > 0 ? missed.unsent : nil
        return run
    }

    private func again(
        _ word: RunVerdict.Word, isKnown: Bool
    ) -> RunVerdict.OfObjective.Again {
        var again = RunVerdict.OfObjective.Again(
            isKnown: isKnown, sentence: ShareSentence.again(share, word, isLatency: isLatency))
        if let dependence = test.dependence, dependence.isSeen {
            again.correlationSeconds = dependence.time
        }
        again.spells = share.spells.count
        again.declaredSpellSeconds = share.spells.declaredSeconds
        if word == .pass, share.spells.declaredSeconds == nil {
            again.longestSpellSeconds = share.spells.longestSeconds
            again.rarestSpellSeconds = share.spells.rarestSeconds
        }
        return again
    }

    /// How the bounds were found.
    private var method: String {
        var text = "exact binomial"
        if test.isBlind {
            text = "one second shows nothing of dependence between \(share.sample.noun)"
        } else if !test.isLongEnough {
            text = "no bounds: the run is too short for how its \(share.sample.noun) hang together"
        } else if test.designEffect > 1 {
            text += " on a sample shrunk by the design effect "
            text += "\(Figure.significant(test.designEffect)), taken at the limit"
        } else {
            text += ", no dependence seen in \(Figure.whole(test.batches)) "
            text += test.batches == 1 ? "batch" : "batches"
        }
        if let dependence = test.dependence, dependence.isSeen, test.isLongEnough {
            text += "; latency keeps its level for some "
            text += "\(Figure.significant(dependence.time, digits: 2)) s (intraclass correlation "
            text += "\(Figure.significant(dependence.intraclass, digits: 2)))"
        }
        if !isLatency, share.sample.failures > 1, share.sample.failureTimes == nil {
            let kept = share.sample.keptFailures
            text += "; bursts by the batches alone, since "
            text +=
                kept < share.sample.failures
                ? "\(Figure.whole(kept)) of \(Figure.whole(share.sample.failures)) failures were "
                    + "kept whole"
                : "the counts of some of the \(Figure.whole(kept)) failures that were kept whole "
                    + "are lost"
        }
        return text + steadiness
    }
}
