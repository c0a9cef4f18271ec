import Measurements
public import Verdicts

/// A comparison as text for a terminal.
public enum ComparisonText: Report {
    /// What `--format` calls it.
    public static let name = "text"

    /// The report, the verdict first.
    public static func text(_ record: ComparisonRecord, _ style: ReportStyle) -> String {
        let comparison = record.comparison
        var text = "  base       \(record.baselineName)\n  candidate  \(record.candidateName)\n"
        text += "  \(record.scope)\n\n"
        text += TextTable.text(record.table)
        text += "\n"
        for metric in comparison.metrics {
            text += "  \(metric.metric): \(metric.sentence)\n"
        }
        for note in comparison.notes { text += "  note: \(note)\n" }
        return coloured(comparison.word, style.isColoured) + "\n" + text.printable
    }

    private static func coloured(_ word: Comparison.Word, _ isColoured: Bool) -> String {
        guard isColoured else { return word.rawValue }
        let code =
            switch word {
            case .improved, .same: "1;32"
            case .regressed: "1;31"
            case .inconclusive: "1;33"
            case .invalid: "1;35"
            }
        return "\u{1B}[\(code)m\(word.rawValue)\u{1B}[0m"
    }
}
