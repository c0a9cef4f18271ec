import Evidence
import Profiles
import Verdicts

/// A run's report as Markdown, for the page of a CI job: summary.md.
public enum MarkdownSummary: Report {
    /// What `--format` calls it.
    public static let name = "markdown"
    /// The file that has it.
    public static let fileName: String? = "summary.md"

    /// The summary, with the same figures as the terminal's report.
    public static func text(_ model: ReportModel, _ style: ReportStyle) -> String {
        var text = "# \(model.verdict.verdict.rawValue): \(Markdown.escape(model.profile.name))\n\n"
        if let note = model.verdict.note { text += "\(Markdown.escape(note))\n\n" }
        if let foreign = model.foreignObjectives { text += "- \(Markdown.escape(foreign))\n" }
        for objective in model.verdict.objectives {
            text +=
                "- \(Markdown.code(objective.objective)): \(Markdown.escape(objective.sentence))\n"
            if style.hasMethod, let line = ObjectiveMethod(objective).line {
                text += "  - \(Markdown.escape(line))\n"
            }
        }
        for finding in model.verdict.findings {
            text += "- \(finding.effect): \(Markdown.escape(finding.sentence))\n"
        }
        text += model.whatFailed.markdown
        text += "\n\(Markdown.escape(model.title))\n"
        text += table([["", ""]] + model.requests)
        text += table(model.clocks)
        text += table([["quantile", "another run"]] + model.intervals)
        text += table([["outcome", "requests"]] + model.outcomes)
        text += table(model.operations)
        text += table(model.groups)
        text += table(model.faults)
        text += table(model.trialRows)
        if let words = model.shamWords { text += "\n\(Markdown.escape(words))\n" }
        text += table(model.check)
        text += table(model.leaks)
        text += table(model.heap)
        if let hint = model.heapHint { text += "\n\(Markdown.escape(hint))\n" }
        text += table([["generator", ""]] + model.generator)
        for loss in model.evidence.losses {
            text += "\nLost: \(Markdown.escape(loss.description)).\n"
        }
        if model.evidence.isInterrupted { text += "\nInterrupted before the end of the load.\n" }
        return text
    }

    private static func table(_ rows: [ReportModel.Row]) -> String {
        let table = Markdown.table(rows)
        return table.isEmpty ? "" : "\n\(table)"
    }
}
