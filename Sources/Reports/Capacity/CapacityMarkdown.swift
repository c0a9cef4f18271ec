public import Verdicts

/// A capacity as Markdown: summary.md.
public enum CapacityMarkdown: Report {
    /// What `--format` calls it.
    public static let name = "markdown"
    /// The file that has it.
    public static let fileName: String? = "summary.md"

    /// The report.
    public static func text(_ capacity: Capacity, _ style: ReportStyle) -> String {
        var text =
            "# \(capacity.word.rawValue): capacity of \(Markdown.escape(capacity.profile))\n\n"
        text += "\(Markdown.escape(capacity.sentence))\n\n"
        text += Markdown.table(capacity.stepRows) + "\n"
        text += Markdown.table(capacity.factRows) + "\n"
        for note in capacity.notes { text += "- \(Markdown.escape(note))\n" }
        return text
    }
}
