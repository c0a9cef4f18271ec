import Profiles
import Statistics

/// The sentence of a verdict on a share: the verdict first, what happened in this run, what another
/// would show.
struct ShareSentence {
    private let words: ShareVerdict
    private let result: RunVerdict.OfObjective

    init(_ words: ShareVerdict, _ result: RunVerdict.OfObjective) {
        self.words = words
        self.result = result
    }

    private var share: ShareJudge { words.share }
    private var facts: ShareFacts { share.facts }

    var text: String {
        switch result.verdict {
        case .fail: "FAIL: \(failure)\(again)"
        case .pass: "PASS: \(measured).\(again)"
        case .invalid:
            "INVALID: \(Self.missed(share.missed)); "
                + (share.isMissedBlindly
                    ? "what failed then proves nothing against the target"
                    : "had all of that failed, the limit would not be kept")
                + ". As it was seen: \(measured)."
        case .inconclusive, .measured: "INCONCLUSIVE: \(measured)\(reason)"
        }
    }

    private var again: String { result.again.map { " \($0.sentence)" } ?? "" }

    // MARK: This run

    private var failure: String {
        guard facts.rule != nil else { return "\(measured)." }
        let isAll = facts.count == facts.total
        let noun = share.sample.noun
        let who =
            isAll
            ? "all \(Figure.whole(facts.total)) \(noun)"
            : "\(Figure.whole(facts.count)) of \(Figure.whole(facts.total)) \(noun) "
                + "(\(percent(facts.share)))"
        let what = words.isLatency ? "took \(threshold) or longer or failed" : "failed"
        return "\(who) \(what)\(when(isAll))\(because); \(allowed)."
    }

    /// When it came together.
    private func when(_ isAll: Bool) -> String {
        guard let stretch = facts.stretch else { return isAll ? "" : ", spread over the run" }
        let from = Self.second(stretch.start)
        let until =
            stretch.isOpen ? "from \(from) on" : "from \(from) to \(Self.second(stretch.end))"
        if isAll { return "" }
        if stretch.part >= 0.99 { return ", all \(until)" }
        return stretch.part >= 0.5 ? ", most of them \(until)" : ", some of them \(until)"
    }

    private var because: String { words.cause.map { ": \($0)" } ?? "" }

    /// What was measured against what, without a verdict.
    private var measured: String {
        let head = words.quantile.map { "\(Self.text($0)), the limit is \(threshold); " } ?? ""
        return "\(head)\(Self.counted(share)), \(allowed)"
    }

    private var threshold: String {
        words.objective.thresholdNanoseconds.map(Figure.time) ?? ""
    }

    private var allowed: String {
        if words.isLatency { return "\(Figure.given(share.limit)) may" }
        let limit = "the limit is \(Figure.given(share.limit))"
        return words.isSuccess ? "\(limit) (success >= \(Figure.given(1 - share.limit)))" : limit
    }

    /// What was counted, as in `12 of 6,793 requests (0.177 %) failed`.
    static func counted(_ share: ShareJudge) -> String {
        let seen = share.test.seen
        let noun = share.sample.noun
        let who = seen.count == 0 ? "none" : Figure.whole(seen.count)
        let part = Double(seen.count) / Double(max(1, seen.total))
        let of =
            "\(who) of \(Figure.whole(seen.total)) \(noun)"
            + (seen.count > 0 ? " (\(percent(part, share)))" : "")
        guard let threshold = share.objective.thresholdNanoseconds else { return "\(of) failed" }
        let failed = share.sample.failures
        return "\(of) took \(Figure.time(threshold)) or longer"
            + (failed > 0 ? " or failed (\(Figure.whole(failed)) failed)" : "")
    }

    // MARK: Another run

    /// What another run would show.
    static func again(
        _ share: ShareJudge, _ word: RunVerdict.Word, isLatency: Bool
    ) -> String {
        let confidence = Figure.given(share.confidence)
        if word == .fail, share.failRule != .inference {
            return "That is what happened in this run; another run may differ."
        }
        guard share.test.isLongEnough else {
            return "This run cannot predict another: \(tooShort(share))"
        }
        let what = isLatency ? "would be as slow or fail" : "would fail"
        switch word {
        case .fail:
            let lower = share.test.lowerBound(confidence: share.confidence) ?? 0
            return "In another run at least \(percent(lower, share)) \(what) (\(confidence))."
        case .pass:
            let upper = share.worstUpperBound ?? 1
            return "In another run at most \(percent(upper, share)) \(what) (\(confidence)). "
                + spells(share, isLatency: isLatency)
        case .inconclusive, .invalid, .measured:
            let upper = share.worstUpperBound ?? 1
            return "In another run up to \(percent(upper, share)) \(what) (\(confidence))."
        }
    }

    /// Why a run is too short for its own correlation.
    private static func tooShort(_ share: ShareJudge) -> String {
        if let dependence = share.test.dependence, dependence.isSeen {
            let length = share.sample.length
            guard dependence.time < length / 2 else {
                return "its latency changes too slowly for \(time(length)) to show how."
            }
            return "its latency keeps a level for some "
                + "\(Figure.significant(dependence.time, digits: 2)) s or longer, and "
                + "\(time(length)) hold too few such stretches."
        }
        if share.test.isBlind { return "it lasted a single second." }
        let what = isLatency(share) ? "slow requests" : "failures"
        return "its \(what) came in too few spells to tell how often they occur."
    }

    private static func isLatency(_ share: ShareJudge) -> Bool {
        share.objective.thresholdNanoseconds != nil
    }

    /// The spells that a PASS holds for.
    private static func spells(_ share: ShareJudge, isLatency: Bool) -> String {
        let spells = share.spells
        let rarest = time(spells.rarestSeconds)
        if let declared = spells.declaredSeconds {
            return "It holds for spells of \(time(declared)), as the profile declares."
        }
        let rate = share.sample.length > 0 ? Double(share.test.seen.total) / share.sample.length : 0
        let most = max(1, Int(clamping: (spells.longestSeconds * rate + 1e-6).rounded(.down)))
        let what =
            isLatency || most >= 1_000
            ? "\(isLatency ? "Slow spells" : "Outages") longer than \(time(spells.longestSeconds))"
            : "Bursts of more than \(Figure.whole(most)) \(most == 1 ? "failure" : "failures")"
        return "\(what), or rarer than one in \(rarest), would not have been seen."
    }

    /// Why nothing is decided, and what would.
    private var reason: String {
        let needed = result.needed.map { " \($0.sentence)" } ?? ""
        let again = result.again?.sentence ?? ""
        if !facts.isKept {
            return ". This run missed it, by no more than chance explains.\(needed)"
        }
        if share.test.isLongEnough, share.test.verdict(confidence: share.confidence) == .pass {
            return ". \(uncovered)\(needed)"
        }
        return ". \(again)\(needed)"
    }

    /// The declared spell that the run cannot speak for.
    private var uncovered: String {
        let declared = share.spells.declaredSeconds ?? 0
        return
            "But spells of \(Self.time(declared)), as the profile declares, may have been missed "
            + "by chance, and would break it."
    }

    /// What the generator left out.
    static func missed(_ missed: Missed) -> String {
        var parts: [String] = []
        if missed.unseen > 0 || missed.blindSeconds > 0 {
            parts.append(
                "for \(time(missed.blindSeconds)) of this run loadgen did not look, while "
                    + "\(Figure.whole(missed.unseen)) requests were due")
        }
        if missed.unfed > 0 {
            parts.append(
                "\(Figure.whole(missed.unfed)) requests were never sent because the data was "
                    + "used up")
        }
        if missed.unsent > missed.unfed {
            parts.append(
                "\(Figure.whole(missed.unsent - missed.unfed)) requests were never sent")
        }
        return parts.joined(separator: ", and ")
    }

    // MARK: Numbers

    private func percent(_ share: Double) -> String { Self.percent(share, self.share) }

    /// A share with the digits that tell it from the limit.
    private static func percent(_ value: Double, _ share: ShareJudge) -> String {
        value == share.limit
            ? Figure.percent(value) : Figure.percent(value, apartFrom: share.limit)
    }

    /// A time of the run with a tenth of a second, as in `7.0 s`; never later than it was.
    static func second(_ seconds: Double) -> String {
        let tenths = Int(clamping: (seconds * 10 + 1e-6).rounded(.down))
        return "\(Figure.whole(tenths / 10)).\(abs(tenths % 10)) s"
    }

    /// A length of time with two digits.
    static func time(_ seconds: Double) -> String {
        switch seconds {
        case ..<0.001: "\(Figure.significant(seconds * 1e6, digits: 2)) µs"
        case ..<1: "\(Figure.significant(seconds * 1e3, digits: 2)) ms"
        case ..<120: "\(Figure.significant(seconds, digits: 2)) s"
        case ..<7_200: "\(Figure.significant(seconds / 60, digits: 2)) min"
        case ..<172_800: "\(Figure.significant(seconds / 3_600, digits: 2)) h"
        default: "\(Figure.significant(seconds / 86_400, digits: 2)) d"
        }
    }

    /// A quantile as in `p95 was 10.9 ms (10.5 ms to 11.4 ms)`.
    static func text(_ quantile: RunVerdict.OfObjective.Quantile) -> String {
        let name = Figure.quantile(partsPerMillion: quantile.partsPerMillion)
        guard let value = quantile.nanoseconds else { return "\(name) was a failed request" }
        let point = "\(name) was \(Figure.time(value))"
        switch (quantile.lowerNanoseconds, quantile.upperNanoseconds) {
        case (let lower?, let upper?):
            return "\(point) (\(Figure.time(lower)) to \(Figure.time(upper)))"
        case (let lower?, nil): return "\(point) (at least \(Figure.time(lower)))"
        case (nil, let upper?): return "\(point) (at most \(Figure.time(upper)))"
        case (nil, nil): return point
        }
    }
}
