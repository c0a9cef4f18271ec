import Evidence
import JSON
import Measurements
import Profiles
import Verdicts

/// A run's report as one page of HTML that needs nothing beside itself: report.html.
public enum HTMLReport: Report {
    /// What `--format` calls it.
    public static let name = "html"
    /// The file that has it.
    public static let fileName: String? = "report.html"

    /// The page; below 5 MiB however long the run was.
    public static func text(_ model: ReportModel, _ style: ReportStyle) -> String {
        let timeline = Timeline(model)
        let body =
            header(model) + VerdictBlock(model: model).html + keyFigures(model)
            + section(
                "Over time",
                "One time axis for all. Phases that are not judged are shaded; a dashed line is "
                    + "an event." + FaultSection(model: model).spanWords + timeline.missWords
                    + timeline.columnWords,
                timeline.html)
            + section(
                "Latency by percentile",
                "Among all judged requests, of which a failure counts as infinitely slow. Each "
                    + "nine has the same width, so that the tail shows. The band is where the "
                    + "same load would find the quantile again; where it opens upward, this run "
                    + "does not bound it, and a run too short for how slowly its latency changes "
                    + "has none. The dashed line leaves out what a request waited before it was "
                    + "sent.",
                PercentileChart(model: model).html + clocks(model))
            + section(
                "Latency over time",
                "Every right answer of the run: when it came, and how long it took. Darker holds "
                    + "more. Two bands are two kinds of answer; a column that reaches up is a "
                    + "stall.",
                HeatMap(model: model, timeline: timeline).html)
            + section(
                "By operation",
                "Judged requests. A quantile that says failed lies among the failures.",
                Page.table(model.operations, isNumeric: true)
                    + Page.table(model.groups, isNumeric: true))
            + (model.check.isEmpty
                ? ""
                : section(
                    "Data",
                    "What checked requests wrote and read. Times are from the first operation "
                        + "of each proof.", Page.table(model.check, isNumeric: false)))
            + FaultSection(model: model).html
            + section("What it holds at rest", heldNote, held(model))
            + section(
                "Failures", nil, outcomes(model) + FailureStories(model: model).html)
            + section(
                "Can this measurement be trusted?",
                "A load generator that falls behind measures itself. These are its own figures, "
                    + "and what each would cost the verdict.",
                HonestySection(model: model).html)
            + footer(model)
        return Page(title: "\(model.verdict.verdict.rawValue): \(model.profile.name)", body: body)
            .html
    }

    private static let heldNote =
        "Memory and handles of target and generator in the quiet moments of the run, and what the "
        + "growth of each is bounded by. Stacks are named where the target's heap was profiled."

    private static func held(_ model: ReportModel) -> String {
        guard !model.leaks.isEmpty else { return "" }
        let hint = model.heapHint.map { "<p class=\"note\">\(Markup.escape($0))</p>\n" } ?? ""
        return Page.table(model.leaks, isNumeric: true) + Page.table(model.heap, isNumeric: true)
            + hint
    }

    static func section(_ title: String, _ note: String?, _ content: String) -> String {
        guard !content.isEmpty else { return "" }
        let words = note.map { "<p class=\"note\">\(Markup.escape($0))</p>\n" } ?? ""
        return "<section>\n<h2>\(title)</h2>\n\(words)\(content)</section>\n"
    }

    private static func header(_ model: ReportModel) -> String {
        let run = model.evidence.description
        func host(_ name: String) -> String? {
            run.host.first { $0.name == name }?.value.string
        }
        let facts: [(String, String?)] = [
            ("target", run.target), ("started", run.startedAt),
            ("took", "\(Figure.significant(model.figures.load.seconds)) s"),
            ("seed", "\(model.profile.seed)"), ("host", host("cpu_model")),
            ("kernel", host("kernel")), ("run", run.id),
            ("command", run.command.joined(separator: " ")),
        ]
        let list = facts.compactMap { name, value in
            value.map { "<div><dt>\(name)</dt><dd>\(Markup.escape($0))</dd></div>\n" }
        }
        let words = model.profile.description
        return "<header>\n<p class=\"eyebrow\">loadgen report</p>\n"
            + "<h1>\(Markup.escape(model.profile.name))</h1>\n"
            + (words.isEmpty ? "" : "<p class=\"lead\">\(Markup.escape(words))</p>\n")
            + (model.evidence.isInterrupted
                ? "<p class=\"lead\">Interrupted before the end of the load.</p>\n" : "")
            + "<dl class=\"facts\">\n\(list.joined())</dl>\n</header>\n"
    }

    private static func keyFigures(_ model: ReportModel) -> String {
        let figures = model.figures
        let load = figures.load
        let failed = figures.outcomes.filter { $0.outcome.isFailure }.reduce(0) { $0 + $1.count }
        func latency(_ index: Int) -> String {
            model.latencies[index].map(Figure.time) ?? figures.clocks[0].missing
        }
        let entries = [
            ("requests", Figure.whole(load.requests), "\(Figure.whole(load.judged)) judged"),
            ("rate", "\(Figure.significant(load.sentPerSecond))/s", "sent, over the whole run"),
            (
                "failed", load.judged > 0 ? Figure.whole(failed) : "-",
                "of \(Figure.whole(load.judged)) judged"
            ), ("p50", latency(0), "latency"), ("p95", latency(2), interval(model, 950_000)),
            ("p99", latency(3), interval(model, 990_000)),
            ("slowest", latency(5), "latency"),
        ]
        return "<dl class=\"figures\">\n"
            + entries.map { name, value, note in
                "<div><dt>\(name)</dt><dd>\(Markup.escape(value))"
                    + "<span class=\"of\">\(Markup.escape(note))</span></dd></div>\n"
            }.joined() + "</dl>\n"
    }

    private static func interval(_ model: ReportModel, _ partsPerMillion: Int) -> String {
        let index = model.figures.intervals.firstIndex { $0.partsPerMillion == partsPerMillion }
        guard let index else { return "latency" }
        return model.figures.intervals[index].isKnown
            ? model.intervals[index][1] : "again: not known"
    }

    private static func clocks(_ model: ReportModel) -> String {
        "<div class=\"after\">\(Page.table(model.clocks, isNumeric: true))"
            + Page.table([["quantile", "another run"]] + model.intervals, isNumeric: false)
            + "</div>\n"
    }

    private static func outcomes(_ model: ReportModel) -> String {
        Page.table([["outcome", "requests"]] + model.outcomes, isNumeric: false)
    }

    private static func footer(_ model: ReportModel) -> String {
        let load = Page.table([["load", ""]] + model.requests, isNumeric: false)
        return "<section>\n<h2>The load</h2>\n\(load)</section>\n"
            + "<footer>Made by loadgen \(RunDescription.version) from the evidence of this run "
            + "alone; <code>loadgen report</code> makes it anew.</footer>\n"
    }
}
