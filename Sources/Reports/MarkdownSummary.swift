import Evidence
import Profiles
import Verdicts

/// A run's report as Markdown, for the page of a CI job: summary.md.
public enum MarkdownSummary {
    /// The summary, with the same figures as the terminal's report; `hasMethod` to say how each
    /// verdict was found.
    public static func text(_ model: ReportModel, hasMethod: Bool = false) -> String {
        var text = "# \(model.verdict.verdict.rawValue): \(model.profile.name)\n\n"
        if let note = model.verdict.note { text += "\(note)\n\n" }
        if let foreign = model.foreignObjectives { text += "- \(foreign)\n" }
        for objective in model.verdict.objectives {
            text += "- `\(objective.objective)`: \(objective.sentence)\n"
            if hasMethod, let line = ObjectiveMethod(objective).line { text += "  - \(line)\n" }
        }
        for finding in model.verdict.findings {
            text += "- \(finding.effect): \(finding.sentence)\n"
        }
        text += model.whatFailed.markdown
        text += "\n\(model.title)\n"
        text += table([["", ""]] + model.requests)
        text += table(model.clocks)
        text += table([["quantile", "another run"]] + model.intervals)
        text += table([["outcome", "requests"]] + model.outcomes)
        text += table(model.operations)
        text += table(model.groups)
        text += table(model.leaks)
        text += table(model.heap)
        if let hint = model.heapHint { text += "\n\(hint)\n" }
        text += table([["generator", ""]] + model.generator)
        for loss in model.evidence.losses { text += "\nLost: \(loss).\n" }
        if model.evidence.isInterrupted { text += "\nInterrupted before the end of the load.\n" }
        return text
    }

    static func table(_ rows: [ReportModel.Row]) -> String {
        guard let head = rows.first, rows.count > 1 else { return "" }
        func line(_ cells: [String]) -> String {
            "| \(cells.map { $0.replacing("|", with: "\\|") }.joined(separator: " | ")) |\n"
        }
        var text = "\n" + line(head) + line(head.map { _ in "---" })
        for row in rows.dropFirst() { text += line(row) }
        return text
    }
}
