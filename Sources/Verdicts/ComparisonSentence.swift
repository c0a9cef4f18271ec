import Statistics

/// What is said of one metric of a comparison.
struct ComparisonSentence {
    let metric: ComparisonMetric
    let result: Comparison.OfMetric
    let rule: ComparisonRule

    var text: String {
        let change = "\(metric.text(result.baseline)) -> \(metric.text(result.candidate))"
        var text = "\(result.word.rawValue): \(change), \(effect)"
        switch result.word {
        case .improved: text += "; better for sure"
        case .same:
            text +=
                result.isEquivalent ? "; equivalent within \(margin)" : "; not worse by \(margin)"
            if let lower = result.lower, lower > (metric.isDifference ? 0 : 1) {
                text += "; a small difference is real"
            }
        case .regressed: text += "; worse for sure"
        case .inconclusive, .invalid: text += remedy
        }
        text += "; \(method)"
        if let seen = result.smallestSeen, result.word != .regressed {
            text += ". The smallest regression seen four times of five: \(share(seen))"
        }
        return text + "."
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

    private var method: String {
        let test =
            rule.design == .paired
            ? "\(result.rounds) rounds side by side, signed ranks"
            : "runs made apart, rank sums"
        return "\(test), bounds \(Figure.percent(result.boundConfidence)) sure"
    }

    private var remedy: String {
        guard let variation = result.variation, !metric.isDifference else { return "" }
        let runs = RunVariation(coefficient: variation)
            .neededRuns(margin: rule.margin, confidence: rule.confidence)
        let what = rule.design == .paired ? "rounds" : "runs of each"
        return "; values differ by \(Figure.percent(variation)) by themselves, so that about "
            + "\(Figure.whole(runs)) \(what) would prove an unchanged candidate"
    }
}
