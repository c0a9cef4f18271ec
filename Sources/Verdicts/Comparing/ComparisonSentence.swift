import Statistics

/// What is said of one metric of a comparison: no more than its bounds prove.
struct ComparisonSentence {
    let metric: ComparisonMetric
    let result: Comparison.OfMetric
    let rule: ComparisonRule

    var text: String {
        var text = "\(result.word.rawValue): \(said); \(change)"
        if result.claim != .notJudged { text += "; \(method)" }
        if let seen = result.smallestSeen, ![.regressed, .invalid].contains(result.word),
            result.claim != .notJudged
        {
            text += ". The smallest regression that would be found with 80 % power: \(share(seen))"
        }
        return text + "."
    }

    private var change: String {
        "\(metric.text(result.baseline)) -> \(metric.text(result.candidate))"
    }

    private var said: String {
        switch (result.word, result.claim) {
        case (.improved, _): return "\(metric.better), \(range)"
        case (.regressed, .worseByMargin):
            return "\(metric.worse) by the margin of \(margin) or more: \(range)"
        case (.regressed, _): return "\(metric.worse), \(range)"
        case (.same, _): return same
        case (_, .notJudged): return notJudged
        case (_, .worse), (_, .worseByMargin):
            return
                "these runs are \(metric.worse), \(range); the two sides did not take turns, so "
                + "the machine may have changed rather than the build"
        default: return effect + remedy
        }
    }

    private var same: String {
        var text = "not \(metric.worse) by \(margin), \(effect)"
        if result.isEquivalent { text += ", equivalent within \(margin)" }
        if let lower = result.lower, lower > (metric.isDifference ? 0 : 1) {
            text += ", although a small difference is real"
        }
        if result.claim == .better {
            text += ", \(metric.better) in runs that did not take turns"
        }
        return text
    }

    /// Between which bounds the candidate differs, the smaller difference first.
    private var range: String {
        guard let lower = result.lower, let upper = result.upper else { return "without a bound" }
        let isWorse = result.effect > (metric.isDifference ? 0 : 1)
        let (near, far) = isWorse ? (lower, upper) : (upper, lower)
        return "by \(size(near)) to \(size(far)); the estimate is \(size(result.effect))"
    }

    private func size(_ effect: Double) -> String {
        share(metric.change(effect).magnitude)
    }

    /// The effect with its bounds.
    private var effect: String {
        let name =
            metric.isDifference ? "difference" : metric.isHigherBetter ? "reciprocal" : "ratio"
        guard let lower = result.lower, let upper = result.upper else {
            return "\(name) \(number(result.effect)), no bound"
        }
        return "\(name) \(number(result.effect)) [\(number(lower)), \(number(upper))]"
    }

    private func number(_ effect: Double) -> String {
        metric.isDifference
            ? metric.differenceText(effect) : Figure.significant(effect, digits: 4)
    }

    private func share(_ value: Double) -> String {
        metric.isDifference ? metric.differenceText(value) : Figure.percent(value)
    }

    private var margin: String {
        metric.isDifference
            ? metric.differenceText(metric.margin(rule)) : Figure.given(rule.margin)
    }

    private var notJudged: String {
        let step = result.resolution.map { metric.text($0) } ?? ""
        return
            "not judged: it is read in steps of \(step), and the margin of \(margin) allows less; "
            + "longer rounds or a higher rate make it finer"
    }

    private var method: String {
        let test =
            rule.design == .paired
            ? "\(result.rounds) rounds side by side, signed ranks"
            : "runs made apart, rank sums"
        let steps = result.resolution.map { ", widened by a step of \(metric.text($0))" } ?? ""
        return "\(test), confidence \(Figure.percent(result.boundConfidence))\(steps)"
    }

    private var remedy: String {
        guard let variation = result.variation, !metric.isDifference else { return "" }
        let runs = RunVariation(coefficient: variation)
            .neededRuns(margin: rule.margin, confidence: rule.confidence)
        let what = rule.design == .paired ? "rounds" : "runs of a side"
        return "; \(what) differ by \(Figure.percent(variation)) by themselves, so it takes about "
            + "\(Figure.whole(runs)) to show that nothing changed"
    }
}
