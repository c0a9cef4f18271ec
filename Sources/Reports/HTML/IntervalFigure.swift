import Profiles
import Verdicts

/// What happened in this run as a point, what another would show as a bar, and the limit, on one
/// line: inside, outside, or across the limit is seen at a glance.
///
/// Shares are on a logarithmic line; a `success` is shown by what it allows to fail.
struct IntervalFigure {
    private let chart: Chart
    private let caption: String

    /// `nil` for an objective without a figure, and for one of windows, whose limit is for each.
    init?(_ model: ReportModel, index: Int) {
        let entry = model.verdict.objectives[index]
        guard let unit = entry.unit, let value = entry.value, let limit = entry.limit,
            entry.failedWindows == nil
        else { return nil }
        let isSuccess =
            index < model.profile.objectives.count
            && model.profile.objectives[index].claim.isShareOfRight
        func shown(_ value: Double) -> Double { isSuccess ? max(0, 1 - value) : value }
        let ends = Self.ends(entry).map {
            isSuccess ? ($0.high.map(shown), $0.low.map(shown)) : ($0.low, $0.high)
        }
        let known = [ends?.0, ends?.1, shown(value), shown(limit)].compactMap { $0 }
        guard known.allSatisfy(\.isFinite),
            let axis = unit == .share
                ? Self.logarithmic(known, limit: shown(limit)) : Self.linear(known, unit)
        else { return nil }
        let limitText =
            unit == .share ? Figure.given(shown(limit)) : Self.text(shown(limit), unit)
        let again = Self.again(entry, ends) { Self.text($0, unit) }
        var chart = Chart(
            id: "objective-\(index)", title: "Interval of \(entry.objective)",
            summary: "This run: \(Self.text(shown(value), unit)). \(again) The limit is "
                + "\(limitText).",
            x: axis, y: ChartAxis(ChartScale(.linear, from: 0, to: 1), ticks: []),
            heightPixels: 30)
        let bar = ends.map { low, high in
            ChartBox(
                left: max(axis.scale.low, low ?? axis.scale.low), right: high ?? axis.scale.high,
                bottom: 0.35, top: 0.65)
        }
        chart.layers = [
            .bars([bar].compactMap { $0 }, tone: entry.verdict.tone),
            .dots([ChartPoint(x: shown(value), y: 0.5)], tone: .ink),
        ]
        chart.rules = [
            ChartRule(
                direction: .vertical, value: shown(limit), label: "limit", tone: .ink)
        ]
        chart.notes = [
            ChartNote(
                point: ChartPoint(x: shown(limit), y: 0.75), text: "limit \(limitText)",
                tone: .ink, hasMark: false)
        ]
        self.chart = chart
        caption =
            ends == nil
            ? Page.legend([("this run", .ink, 1)]) + "<span>\(again)</span>\n"
            : Page.legend([
                ("this run", .ink, 1), (Self.barName(entry), entry.verdict.tone, 1),
            ])
    }

    /// The figure.
    var html: String {
        "<figure class=\"interval\">\n\(chart.html)<figcaption>\(caption)</figcaption>\n"
            + "</figure>\n"
    }

    /// The ends of what another run would show; `nil` if this run does not say, and for a FAIL
    /// that rests on what happened in it.
    private static func ends(
        _ entry: RunVerdict.OfObjective
    ) -> (low: Double?, high: Double?)? {
        guard entry.again?.isKnown ?? true, entry.lower != nil || entry.upper != nil,
            entry.failRule ?? .inference == .inference
        else { return nil }
        return (entry.lower, entry.upper)
    }

    /// What another run would show, in a sentence.
    private static func again(
        _ entry: RunVerdict.OfObjective, _ ends: (Double?, Double?)?, _ text: (Double) -> String
    ) -> String {
        guard let (low, high) = ends else {
            return entry.failRule ?? .inference == .inference
                ? "Another run: not known."
                : "A fact of this run, with no interval."
        }
        let words =
            switch (low, high) {
            case (let low?, let high?): "\(text(low)) to \(text(high))"
            case (let low?, nil): "at least \(text(low))"
            case (nil, let high?): "at most \(text(high))"
            case (nil, nil): "not bounded"
            }
        return "\(barName(entry)): \(words)."
    }

    /// What the bar is; leaks and outages are bounded within the run.
    private static func barName(_ entry: RunVerdict.OfObjective) -> String {
        guard entry.again != nil else { return "between its bounds" }
        return "again" + (entry.confidence.map { " (\(Figure.given($0)))" } ?? "")
    }

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
    /// Its colour, the same in every chart.
    var tone: ChartTone {
        switch self {
        case .pass: .green
        case .fail: .vermillion
        case .inconclusive: .orange
        case .invalid: .purple
        case .measured: .blue
        }
    }
}
