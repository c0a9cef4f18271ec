import Evidence
import Measurements
import Profiles
import Statistics
import Verdicts

/// The run over time: one chart below the other, on one time axis, with phases and events.
struct Timeline {
    /// The most columns of a chart; a longer run keeps the extremes of each.
    static let maximumColumns = 1000
    /// The most stretches of a chart whose values are shown on hover.
    static let maximumSlices = 180
    /// The most rows of the table that says the same.
    static let maximumTableRows = 60

    let model: ReportModel
    let columns: TimeColumns
    /// The time axis, which the heat map shares.
    let axis: ChartAxis

    init(_ model: ReportModel) {
        self.model = model
        columns = TimeColumns(model.evidence.rows, most: Self.maximumColumns)
        axis = .time(from: 0, to: max(columns.end, 0.001))
    }

    /// The section; a word where there is nothing to draw.
    var html: String {
        guard !columns.columns.isEmpty else {
            return "<p class=\"lead\">The evidence holds no second of load.</p>\n"
        }
        let panels = self.panels
        let charts = panels.enumerated().map { index, panel in
            panel.html(
                columns, time: axis, spans: spans, events: eventRules,
                isLast: index == panels.count - 1)
        }
        return "<div data-shared>\n\(phaseStrip)\(charts.joined())</div>\n\(eventList)"
            + table(panels)
    }

    /// How long a column is, where that is more than a second.
    var columnWords: String {
        guard !columns.isWhole, let first = columns.columns.first else { return "" }
        return " A column is \(Figure.significant(first.end - first.start)) s: the line is its "
            + "middle second, the area behind it reaches from its least to its most."
    }

    // MARK: Phases and events

    private var phases: [(phase: Phase, start: Double, end: Double)] {
        zip(model.profile.load, model.profile.spans).compactMap { phase, span in
            let (start, end) = (Double(span.start) / 1e9, min(Double(span.end) / 1e9, columns.end))
            return start < end ? (phase, start, end) : nil
        }
    }

    /// What is not judged is shaded, and so is where what broke an objective came together.
    var spans: [ChartSpan] {
        phases.map { ChartSpan(start: $0.start, end: $0.end, isShaded: !$0.phase.isJudged) }
            + FaultSection(model: model).spans
            + Self.union(misses.map { ($0.start, $0.end) }).map {
                ChartSpan(start: $0.start, end: $0.end, isShaded: true, tone: .vermillion)
            }
    }

    /// Stretches of time without their overlaps, in order.
    private static func union(
        _ stretches: [(start: Double, end: Double)]
    ) -> [(start: Double, end: Double)] {
        stretches.sorted { $0.start < $1.start }.reduce(into: []) { union, next in
            if let last = union.last, next.start <= last.end {
                union[union.count - 1].end = max(last.end, next.end)
            } else {
                union.append(next)
            }
        }
    }

    /// Where what broke objectives came together, each stretch once.
    private var misses: [(start: Double, end: Double, detail: String)] {
        let last = phases.last { $0.phase.isJudged }?.end ?? columns.end
        var found: [(start: Double, end: Double, until: String, names: [String])] = []
        for objective in model.verdict.objectives {
            guard let run = objective.run, !run.isKept, let start = run.beganSeconds else {
                continue
            }
            let end = run.endedSeconds ?? last
            let until = run.endedSeconds.map { "until \(Self.moment($0))" } ?? "until the end"
            if let index = found.firstIndex(where: { ($0.start, $0.end) == (start, end) }) {
                found[index].names.append(objective.objective)
            } else {
                found.append((start, end, until, [objective.objective]))
            }
        }
        return found.map { ($0.start, $0.end, "\($0.names.joined(separator: "; ")), \($0.until)") }
    }

    /// What the colour of a stretch means; empty if nothing was missed.
    var missWords: String {
        misses.isEmpty
            ? ""
            : " The coloured stretch is where the failures or slow requests that broke an "
                + "objective were concentrated."
    }

    private var happenings: [RunEvent] {
        let known = model.evidence.events.filter {
            ![.started, .phase, .ended].contains($0.kind)
        }
        return Array(known.prefix(200))
    }

    /// A line for each phase's start, and one for each event.
    var eventRules: [ChartRule] {
        phases.filter { $0.start > 0 }.map {
            ChartRule(
                direction: .vertical, value: $0.start, label: "phase \($0.phase.name)",
                tone: .grey)
        }
            + happenings.map {
                ChartRule(
                    direction: .vertical, value: $0.timeSeconds,
                    label: "\($0.kind.rawValue): \($0.detail)", tone: .vermillion)
            }
    }

    /// The phases by name above the charts.
    var phaseStrip: String {
        let items = phases.map { entry in
            let left = axis.scale.position(entry.start)
            let right = axis.scale.position(entry.end)
            let name = Markup.escape(entry.phase.name)
            let what = entry.phase.isJudged ? name : "\(name) (not judged)"
            return "<span\(entry.phase.isJudged ? " class=\"judged\"" : "") title=\"\(what)\" "
                + "style=\"left:\(Markup.percent(left));width:\(Markup.percent(right - left))\">"
                + "\(name)</span>\n"
        }
        return "<div class=\"phases\">\n\(items.joined())</div>\n"
    }

    private var eventList: String {
        let entries =
            phases.map { (time: $0.start, kind: "phase", detail: $0.phase.name) }
            + happenings.map { (time: $0.timeSeconds, kind: $0.kind.rawValue, detail: $0.detail) }
            + misses.map { (time: $0.start, kind: "missed", detail: $0.detail) }
        let items = entries.sorted { $0.time < $1.time }.map { entry in
            "<li><span class=\"time\">\(Self.moment(entry.time))</span>"
                + "<span><span class=\"kind\">\(Markup.escape(entry.kind))</span> "
                + "\(Markup.escape(entry.detail))</span></li>\n"
        }
        return "<ol class=\"events\" aria-label=\"Phases and events\">\n\(items.joined())</ol>\n"
    }

    /// The charts in numbers.
    private func table(_ panels: [TimelinePanel]) -> String {
        let lines = panels.flatMap { panel in panel.lines.map { ($0, panel.format) } }
        var rows: [ReportModel.Row] = [["time"] + lines.map { $0.0.name }]
        for group in columns.groups(atMost: Self.maximumTableRows) {
            let start = columns.columns[group.lowerBound].start
            let end = columns.columns[group.upperBound - 1].end
            rows.append(
                [Self.stretch(start, end)]
                    + lines.map { TimelinePanel.value($0.0.series, group, $0.1) ?? "-" })
        }
        return "<details class=\"data\"><summary>These charts as a table</summary>\n"
            + Page.table(rows, isNumeric: true) + "</details>\n"
    }

    // MARK: Times

    /// A moment of a run, as in 12.5 s or 3:07:20.
    static func moment(_ seconds: Double) -> String {
        guard seconds >= 120 else { return "\(Markup.number((seconds * 10).rounded() / 10)) s" }
        let whole = Int(clamping: seconds.rounded())
        func two(_ value: Int) -> String { value < 10 ? "0\(value)" : "\(value)" }
        let tail = "\(two(whole / 60 % 60)):\(two(whole % 60))"
        return whole >= 3600 ? "\(whole / 3600):\(tail)" : "\(whole / 60):\(two(whole % 60))"
    }

    /// A stretch of a run.
    static func stretch(_ start: Double, _ end: Double) -> String {
        "\(moment(start)) to \(moment(end))"
    }
}
