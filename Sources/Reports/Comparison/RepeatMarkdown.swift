public import Verdicts

/// Several runs of one profile as Markdown: summary.md.
public enum RepeatMarkdown: Report {
    /// What `--format` calls it.
    public static let name = "markdown"
    /// The file that has it.
    public static let fileName: String? = "summary.md"

    /// The report.
    public static func text(_ record: RepeatRecord, _ style: ReportStyle) -> String {
        var text = "# \(record.verdict.rawValue): \(Markdown.escape(record.profile)), repeated\n\n"
        text += "\(Markdown.escape(record.scope)).\n\n"
        for objective in record.objectives {
            text +=
                "- \(Markdown.code(objective.objective)): \(Markdown.escape(objective.sentence))\n"
        }
        text += record.objectives.isEmpty ? "" : "\n"
        text += Markdown.table(record.metricRows) + "\n" + Markdown.table(record.runRows) + "\n"
        for note in record.notes { text += "- note: \(Markdown.escape(note))\n" }
        return text
    }
}
