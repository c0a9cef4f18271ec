import Verdicts

/// A metric's figures as people read them.
struct ComparisonFigures {
    let word: String
    let baseline: String
    let candidate: String
    let effect: String
    let bounds: String
    let smallestSeen: String

    init(_ result: Comparison.OfMetric) {
        let metric = ComparisonMetric(named: result.metric)
        let isDifference = metric?.isDifference ?? false
        // Of the value, so that it has the sign of what the columns beside it show.
        func change(_ effect: Double) -> String {
            let change = metric?.change(effect) ?? effect - 1
            let text =
                isDifference
                ? metric?.differenceText(change) ?? "" : "\(Figure.significant(change * 100)) %"
            return (change > 0 ? "+" : "") + text
        }
        word = result.decides ? result.word.rawValue : "(\(result.word.rawValue))"
        baseline = metric?.text(result.baseline) ?? "\(result.baseline)"
        candidate = metric?.text(result.candidate) ?? "\(result.candidate)"
        effect = change(result.effect)
        if let lower = result.lower, let upper = result.upper {
            let isFalling = metric.map { $0.change(upper) < $0.change(lower) } ?? false
            bounds = Self.interval(
                change(isFalling ? upper : lower), change(isFalling ? lower : upper))
        } else {
            bounds = "no bound"
        }
        smallestSeen =
            result.smallestSeen.map { isDifference ? change($0) : change(1 + $0) } ?? "-"
    }

    /// Two figures in brackets, and their unit once where it is the same.
    private static func interval(_ lower: String, _ upper: String) -> String {
        func parts(_ text: String) -> (number: Substring, unit: Substring) {
            let end = text.firstIndex(of: " ") ?? text.endIndex
            return (text[..<end], text[end...])
        }
        let (low, high) = (parts(lower), parts(upper))
        return low.unit == high.unit
            ? "[\(low.number), \(high.number)]\(low.unit)" : "[\(lower), \(upper)]"
    }
}
