import Verdicts

/// One chart of the timeline, with its figures by name.
struct TimelinePanel: Sendable {
    /// A figure of the panel.
    struct Line: Sendable {
        var name: String
        var series: TimeColumns.Series
        var tone: ChartTone
        var isDashed = false
    }

    var id: String
    var title: String
    /// What it shows, and how to read it.
    var note: String
    var axis: ChartAxis
    var heightPixels = 130
    var lines: [Line]
    /// What is drawn in place of a line for each figure; `nil` for lines.
    var layers: [ChartLayer]?
    var rules: [ChartRule] = []
    /// Names, tones and opacities; a line each if it is `nil`.
    var legend: [(name: String, tone: ChartTone, opacity: Double)]?
    /// A value with its unit.
    var format: @Sendable (Double) -> String

    /// The panel over columns of time.
    func html(
        _ columns: TimeColumns, time: ChartAxis, spans: [ChartSpan], events: [ChartRule],
        isLast: Bool
    )
        -> String
    {
        var chart = Chart(
            id: id, title: title, summary: summary, x: time, y: axis, heightPixels: heightPixels,
            hasTimeLabels: isLast)
        chart.layers =
            layers
            ?? lines.flatMap { columns.extremes($0.series, $0.tone) }
            + lines.map { columns.line($0.series, $0.tone, isDashed: $0.isDashed) }
        chart.spans = spans
        chart.rules = rules + events
        chart.slices = columns.groups(atMost: Timeline.maximumSlices).map { group in
            ChartSlice(
                start: columns.columns[group.lowerBound].start,
                end: columns.columns[group.upperBound - 1].end, text: text(columns, group))
        }
        let drawing = lines.isEmpty ? "" : chart.html
        let entries = legend ?? lines.map { ($0.name, $0.tone, 1) }
        return "<figure>\n<figcaption>\(Page.legend(entries))<h3>\(Markup.escape(title))</h3>"
            + "<p class=\"note\">\(Markup.escape(note))</p></figcaption>\n\(drawing)</figure>\n"
    }

    /// Each figure's extremes, in words.
    private var summary: String {
        let parts = lines.map { line in
            guard let (low, high) = line.series.extremes else { return "\(line.name): not read" }
            return low == high
                ? "\(line.name): \(format(low)) throughout"
                : "\(line.name): \(format(low)) to \(format(high))"
        }
        return parts.joined(separator: "; ") + "."
    }

    private func text(_ columns: TimeColumns, _ group: Range<Int>) -> String {
        let start = columns.columns[group.lowerBound].start
        let end = columns.columns[group.upperBound - 1].end
        return Timeline.stretch(start, end)
            + lines.map { line in
                "\n\(line.name): \(Self.value(line.series, group, format) ?? "-")"
            }.joined()
    }

    /// What a series was in a group of columns: a value, or its extremes.
    static func value(
        _ series: TimeColumns.Series, _ group: Range<Int>, _ format: (Double) -> String
    ) -> String? {
        let values = group.compactMap { series.values[$0] }
        guard let low = values.map(\.low).min(), let high = values.map(\.high).max() else {
            return nil
        }
        let (least, most) = (format(low), format(high))
        return least == most ? most : "\(least) to \(most)"
    }
}
