import Evidence
import Histograms
import Measurements
import Profiles
import Statistics
import Verdicts

/// Latency by percentile, on an axis that gives each nine the same room.
struct PercentileChart {
    let model: ReportModel

    /// The places of the curve along the axis.
    private static let steps = 160
    /// The last quantile that parts per million tell apart.
    private static let maximumTrials = 1_000_000.0

    /// A place of the curve: a quantile with its value and its interval.
    private struct Place {
        var x: Double
        var partsPerMillion: Int
        var value: UInt64?
        var lower: LatencyInterval.End
        var upper: LatencyInterval.End
    }

    /// The figure; a word where nothing was answered right.
    var html: String {
        let judged = model.profile.judgedPhaseNames
        let service = model.evidence.histogram(.service) { phase, _ in judged.contains(phase) }
        let total = model.figures.load.judged
        guard model.figures.clocks[0].missing != "lost" else {
            return "<p class=\"lead\">Latencies are lost, so that no quantile is known.</p>\n"
        }
        let places = self.places(total)
        guard let low = places.compactMap(\.value).min(),
            let high = places.compactMap(\.value).max(), total > 1
        else { return "<p class=\"lead\">No judged request was answered right.</p>\n" }
        let marks = model.profile.objectives.filter {
            $0.operation == nil && $0.phase == nil
        }.compactMap(\.mark)
        let most = max(
            Double(high),
            marks.map { Double($0.nanoseconds) }.filter { $0 < 50 * Double(high) }.max() ?? 0)
        let least = min(
            Double(low),
            service.value(atQuantilePartsPerMillion: 10_000).map { Double($0) } ?? Double(low))
        var chart = Chart(
            id: "percentiles", title: "Latency by percentile",
            summary: summary(places), x: Self.axis(total),
            y: .nanoseconds(from: least, to: most * 1.2), heightPixels: 320)
        chart.layers = [
            .band(isKnown ? [places.map(Self.range)] : [], tone: .blue, opacity: 0.22),
            .line([Self.curve(service)], tone: .grey, isDashed: true),
            .line([Self.line(places)], tone: .blue),
        ]
        chart.notes = marks.filter { Double($0.nanoseconds) < 50 * Double(high) }.map { mark in
            ChartNote(
                point: ChartPoint(
                    x: Self.nines(mark.partsPerMillion), y: Double(mark.nanoseconds)),
                text: mark.name, tone: .vermillion)
        }
        chart.slices = slices(places)
        return "<figure>\n<figcaption>" + legend + "</figcaption>\n\(chart.html)</figure>\n"
    }

    private var legend: String {
        let again = "again (\(Figure.given(model.verdict.confidence)))"
        return Page.legend(
            [("latency", .blue, 1)] + (isKnown ? [(again, .blue, 0.22)] : []) + [
                ("service time", .grey, 1), ("objective", .vermillion, 1),
            ])
    }

    /// Whether the run says what another one's quantiles would be.
    private var isKnown: Bool { model.figures.intervals.contains(where: \.isKnown) }

    private static func nines(_ partsPerMillion: Int) -> Double {
        1e6 / Double(max(1, 1_000_000 - partsPerMillion))
    }

    private static func axis(_ total: Int) -> ChartAxis {
        let end = max(100, min(maximumTrials, Double(total)))
        let ticks = [
            (1.0, "0"), (2, "p50"), (10, "p90"), (100, "p99"), (1e3, "p99.9"), (1e4, "p99.99"),
            (1e5, "p99.999"), (1e6, "p99.9999"),
        ]
        return ChartAxis(
            ChartScale(.logarithmic, from: 1, to: end),
            ticks: ticks.filter { $0.0 <= end }.map { ChartAxis.Tick(value: $0.0, label: $0.1) })
    }

    /// Quantiles among all judged requests, in which a failure is infinitely slow.
    private func places(_ total: Int) -> [Place] {
        guard total > 1 else { return [] }
        let end = max(100, min(Self.maximumTrials, Double(total)))
        let scale = ChartScale(.logarithmic, from: 1, to: end)
        return (0...Self.steps).map { step in
            let x = scale.value(at: Double(step) / Double(Self.steps))
            let partsPerMillion = min(999_999, max(1, Int(clamping: (1e6 * (1 - 1 / x)).rounded())))
            let found = LatencyInterval(model.inference, partsPerMillion: partsPerMillion)
            return Place(
                x: x, partsPerMillion: partsPerMillion, value: found.quantile?.nanoseconds,
                lower: found.lower, upper: found.upper)
        }
    }

    private static func line(_ places: [Place]) -> [ChartPoint] {
        places.compactMap { place in
            place.value.map { ChartPoint(x: place.x, y: Double($0)) }
        }
    }

    /// An end that the sample does not bound, or that is a failure, is at the edge of the chart.
    private static func range(_ place: Place) -> ChartRange {
        ChartRange(
            x: place.x, low: place.lower.nanoseconds.map { Double($0) } ?? 0,
            high: place.upper.nanoseconds.map { Double($0) } ?? .infinity)
    }

    private static func curve(_ samples: Histogram) -> [ChartPoint] {
        guard samples.totalCount > 1 else { return [] }
        let scale = ChartScale(
            .logarithmic, from: 1, to: max(100, min(maximumTrials, Double(samples.totalCount))))
        return (0...steps).compactMap { step in
            let x = scale.value(at: Double(step) / Double(steps))
            return samples.value(
                atQuantilePartsPerMillion: min(
                    999_999, Int(clamping: (1e6 * (1 - 1 / x)).rounded()))
            ).map { ChartPoint(x: x, y: Double($0)) }
        }
    }

    private func summary(_ places: [Place]) -> String {
        zip(ReportModel.quantileNames, model.figures.clocks[0].values).map { name, value in
            "\(name) \(value.map(Figure.time) ?? model.figures.clocks[0].missing)"
        }.joined(separator: ", ") + "."
    }

    private func slices(_ places: [Place]) -> [ChartSlice] {
        zip(places, places.dropFirst()).map { place, next in
            let name = Figure.quantile(partsPerMillion: place.partsPerMillion)
            let interval = ReportFigures.Interval(
                partsPerMillion: place.partsPerMillion, isKnown: isKnown, lower: place.lower,
                upper: place.upper)
            return ChartSlice(
                start: place.x, end: next.x,
                text: "\(name)\nlatency: \(place.value.map(Figure.time) ?? "failed")\n"
                    + "again: \(isKnown ? interval.words : "not known")")
        }
    }
}
