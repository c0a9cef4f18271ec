import Profiles
import Verdicts

/// The share of requests that count against an objective, with its interval and what is allowed,
/// on a logarithmic line: inside, outside, or across the limit is seen at a glance.
struct IntervalFigure {
    private let chart: Chart

    /// Absent for an objective without an interval.
    init?(_ model: ReportModel, index: Int) {
        let entry = model.verdict.objectives[index]
        guard model.profile.objectives.count == model.verdict.objectives.count,
            let limit = model.profile.objectives[index].allowedShare, limit > 0, limit < 1,
            let lower = entry.lower, let upper = entry.upper, upper > 0, entry.total > 0
        else { return nil }
        let seen = Double(entry.count) / Double(entry.total)
        let positive = [limit, upper] + [lower, seen].filter { $0 > 0 }
        let low = max(1e-12, (positive.min() ?? limit) / 4)
        let high = min(1.0001, max(limit, upper) * 4)
        let axis = ChartAxis(
            ChartScale(.logarithmic, from: low, to: high), atMost: 6,
            label: { "\(ChartAxis.countLabel($0 * 100)) %" })
        chart = Chart(
            id: "objective-\(index)", title: "Interval of \(entry.objective)",
            summary: "\(Figure.percent(lower)) to \(Figure.percent(upper)) of the requests count "
                + "against it; \(Figure.given(limit)) are allowed.",
            x: axis, y: ChartAxis(ChartScale(.linear, from: 0, to: 1), ticks: []),
            heightPixels: 30
        )
        .with(interval: (max(lower, low), upper), seen: seen, limit: limit, word: entry.verdict)
    }

    /// The figure.
    var html: String { "<figure class=\"interval\">\n\(chart.html)</figure>\n" }
}

extension Chart {
    fileprivate func with(
        interval: (low: Double, high: Double), seen: Double, limit: Double, word: RunVerdict.Word
    ) -> Chart {
        var chart = self
        let tone: ChartTone =
            switch word {
            case .pass: .green
            case .fail: .vermillion
            case .inconclusive: .orange
            case .invalid: .purple
            }
        chart.layers = [
            .bars(
                [ChartBox(left: interval.low, right: interval.high, bottom: 0.35, top: 0.65)],
                tone: tone)
        ]
        if seen > 0 {
            chart.layers.append(
                .bars(
                    [ChartBox(left: seen, right: seen, bottom: 0.2, top: 0.8)], tone: .ink))
        }
        chart.rules = [
            ChartRule(direction: .vertical, value: limit, label: "allowed", tone: .ink)
        ]
        chart.notes = [
            ChartNote(
                point: ChartPoint(x: limit, y: 0.75), text: "allowed \(Figure.given(limit))",
                tone: .ink, hasMark: false)
        ]
        return chart
    }
}
