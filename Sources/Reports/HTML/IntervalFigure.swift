import Profiles
import Verdicts

/// What was measured for an objective, with its interval and its limit, on one line: inside,
/// outside, or across the limit is seen at a glance.
///
/// Shares are on a logarithmic line; a `success` is shown by what it allows to fail.
struct IntervalFigure {
    private let chart: Chart

    /// Absent for an objective without a figure.
    init?(_ model: ReportModel, index: Int) {
        let entry = model.verdict.objectives[index]
        guard let unit = entry.unit, let value = entry.value, let limit = entry.limit,
            entry.lower != nil || entry.upper != nil
        else { return nil }
        let isSuccess =
            index < model.profile.objectives.count && model.profile.objectives[index].isSuccess
        func shown(_ value: Double) -> Double { isSuccess ? max(0, 1 - value) : value }
        let ends =
            isSuccess
            ? (low: entry.upper.map(shown), high: entry.lower.map(shown))
            : (low: entry.lower, high: entry.upper)
        let known = [ends.low, ends.high, shown(value), shown(limit)].compactMap { $0 }
        guard known.allSatisfy(\.isFinite),
            let axis = unit == .share
                ? Self.logarithmic(known, limit: shown(limit)) : Self.linear(known, unit)
        else { return nil }
        func text(_ end: Double?) -> String {
            end.map { Self.text($0, unit) } ?? "not bounded by this run"
        }
        let words = isSuccess ? "failed" : "measured"
        var chart = Chart(
            id: "objective-\(index)", title: "Interval of \(entry.objective)",
            summary: "\(words): \(text(shown(value))), between \(text(ends.low)) and "
                + "\(text(ends.high)); the limit is \(text(shown(limit))).",
            x: axis, y: ChartAxis(ChartScale(.linear, from: 0, to: 1), ticks: []),
            heightPixels: 30)
        let bar = ChartBox(
            left: max(axis.scale.low, ends.low ?? axis.scale.low),
            right: ends.high ?? axis.scale.high, bottom: 0.35, top: 0.65)
        let place = ChartBox(left: shown(value), right: shown(value), bottom: 0.2, top: 0.8)
        chart.layers = [
            .bars([bar], tone: entry.verdict.tone), .bars([place], tone: .ink),
        ]
        chart.rules = [
            ChartRule(
                direction: .vertical, value: shown(limit), label: "limit", tone: .ink)
        ]
        chart.notes = [
            ChartNote(
                point: ChartPoint(x: shown(limit), y: 0.75),
                text: unit == .share
                    ? "limit \(Figure.given(shown(limit)))" : "limit \(text(shown(limit)))",
                tone: .ink, hasMark: false)
        ]
        self.chart = chart
    }

    /// The figure.
    var html: String { "<figure class=\"interval\">\n\(chart.html)</figure>\n" }

    /// An axis of shares, from below the least of them that is not 0, and no further from the limit
    /// than an eye needs; above 1 there is room for the end of a bar.
    private static func logarithmic(_ known: [Double], limit: Double) -> ChartAxis? {
        let positive = known.filter { $0 > 0 }
        guard limit > 0, let least = positive.min(), let most = positive.max() else { return nil }
        let low = max(1e-12, least / 4, limit / 100_000)
        return ChartAxis(
            ChartScale(.logarithmic, from: low, to: max(low * 10, min(1.25, most * 4))), atMost: 6
        ) { "\(ChartAxis.countLabel($0 * 100)) %" }
    }

    private static func linear(
        _ known: [Double], _ unit: RunVerdict.OfObjective.Unit
    ) -> ChartAxis? {
        let low = min(0, known.min() ?? 0)
        let high = max(0, known.max() ?? 0)
        guard low < high, high - low < 1e15 else { return nil }
        let room = (high - low) * 0.15
        return ChartAxis(
            ChartScale(.linear, from: low < 0 ? low - room : 0, to: high + room), atMost: 5
        ) { text($0, unit) }
    }

    private static func text(_ value: Double, _ unit: RunVerdict.OfObjective.Unit) -> String {
        switch unit {
        case .share: Figure.percent(value)
        case .perSecond: "\(Figure.significant(value))/s"
        case .seconds: "\(Figure.significant(value)) s"
        case .bytesPerRequest: "\(Figure.significant(value)) B/request"
        case .bytesPerHour: "\(Figure.significant(value)) B/h"
        }
    }
}

extension RunVerdict.Word {
    /// Its colour, the same wherever it stands.
    var tone: ChartTone {
        switch self {
        case .pass: .green
        case .fail: .vermillion
        case .inconclusive: .orange
        case .invalid: .purple
        }
    }
}

extension Objective {
    /// Whether it claims how many requests are answered right.
    fileprivate var isSuccess: Bool {
        if case .success = claim { true } else { false }
    }
}
