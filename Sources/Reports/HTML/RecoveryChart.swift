import Profiles
import Verdicts

/// How long recovery took, over all trials, with what an objective claims of it.
struct RecoveryChart {
    let model: ReportModel

    /// One trial is no distribution.
    private static let minimumTrials = 3

    /// The figure; empty if there are too few trials.
    var html: String {
        let lengths = model.trials.trials.map(\.recovery)
        let upper = lengths.compactMap(\.upper).sorted()
        guard lengths.count >= Self.minimumTrials, let last = upper.last else { return "" }
        let longest = max(last, claim?.limit ?? 0)
        var chart = Chart(
            id: "recovery", title: "Recovery", summary: summary(lengths),
            x: .time(from: 0, to: longest * 1.1), y: .shares(upTo: 1), heightPixels: 220)
        chart.layers = [
            .line(
                [steps(lengths.map(\.lower).sorted(), of: lengths.count, until: longest * 1.1)],
                tone: .grey, isDashed: true),
            .line([steps(upper, of: lengths.count, until: longest * 1.1)], tone: .blue),
        ]
        if let claim {
            chart.rules = [
                ChartRule(
                    direction: .vertical, value: claim.limit, label: "limit", tone: .vermillion)
            ]
            if let share = claim.share {
                chart.rules.append(
                    ChartRule(
                        direction: .horizontal, value: share,
                        label: "\(Figure.given(share)) of such faults", tone: .vermillion))
            }
            if let share = claim.share, let bound = claim.bound {
                chart.notes = [
                    ChartNote(
                        point: ChartPoint(x: bound, y: share),
                        text: "within \(Figure.significant(bound)) s "
                            + "(\(Figure.given(claim.confidence)))", tone: .vermillion)
                ]
            }
        }
        let legend = Page.legend(
            [("recovered, at most", .blue, 1), ("at least", .grey, 1)]
                + (claim == nil ? [] : [("objective", .vermillion, 1)]))
        return "<figure>\n<figcaption>\(legend)<h3>Recovery</h3><p class=\"note\">"
            + "The share of \(Figure.whole(lengths.count)) trials that had recovered after a time: "
            + "from the end of a fault that was held, else from the strike. A trial that was not "
            + "over never comes to its line.</p></figcaption>\n\(chart.html)</figure>\n"
    }

    private struct Claimed {
        let limit: Double
        let share: Double?
        let bound: Double?
        let confidence: Double
    }

    /// What the first objective about recovery asks for, with what was proven of it.
    private var claim: Claimed? {
        let pairs = zip(model.profile.objectives, model.verdict.objectives)
        for (objective, found) in pairs {
            guard let claim = objective.claim as? RecoveryClaim else { continue }
            return Claimed(
                limit: Double(claim.limitNanoseconds) / 1e9,
                share: claim.share.map { 1 - $0.allowedShare }, bound: found.upper,
                confidence: found.confidence ?? model.verdict.confidence)
        }
        return nil
    }

    /// A step up at each of some times, in order, of so many trials.
    private func steps(_ times: [Double], of count: Int, until end: Double) -> [ChartPoint] {
        var points = [ChartPoint(x: 0, y: 0)]
        for (index, time) in times.enumerated() {
            points.append(ChartPoint(x: time, y: Double(index) / Double(count)))
            points.append(ChartPoint(x: time, y: Double(index + 1) / Double(count)))
        }
        points.append(ChartPoint(x: end, y: points[points.count - 1].y))
        return points
    }

    private func summary(_ lengths: [FaultTrial.Length]) -> String {
        let upper = lengths.compactMap(\.upper)
        let (low, high) = (upper.min() ?? 0, upper.max() ?? 0)
        return "\(Figure.whole(upper.count)) of \(Figure.whole(lengths.count)) trials recovered, "
            + "in \(Figure.significant(low)) to \(Figure.significant(high)) s."
    }
}
