public import Verdicts

/// A comparison as Markdown, for the page of a CI job: summary.md.
public enum ComparisonMarkdown: Report {
    /// What `--format` calls it.
    public static let name = "markdown"
    /// The file that has it.
    public static let fileName: String? = "summary.md"

    /// The report.
    public static func text(_ record: ComparisonRecord, _ style: ReportStyle) -> String {
        let comparison = record.comparison
        var text = "# \(comparison.word.rawValue): \(Markdown.escape(record.profile))\n\n"
        text += "- base: \(Markdown.code(record.baselineName))\n"
        text += "- candidate: \(Markdown.code(record.candidateName))\n"
        text += "- \(Markdown.escape(record.scope))\n\n"
        text += Markdown.table(record.table)
        text += "\n"
        for metric in comparison.metrics {
            text += "- \(metric.metric): \(Markdown.escape(metric.sentence))\n"
        }
        for note in comparison.notes { text += "- note: \(Markdown.escape(note))\n" }
        return text
    }
}
