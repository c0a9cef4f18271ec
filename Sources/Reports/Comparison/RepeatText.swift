import Measurements
public import Verdicts

/// Several runs of one profile as text for a terminal.
public enum RepeatText: Report {
    /// What `--format` calls it.
    public static let name = "text"

    /// The report, the verdict first.
    public static func text(_ record: RepeatRecord, _ style: ReportStyle) -> String {
        var text = block(record) + "\n"
        text += TextTable.text(record.metricRows) + "\n" + TextTable.text(record.runRows)
        for note in record.notes { text += "  note: \(note)\n" }
        return text.printable
    }

    /// The verdict and each objective, which is all that `--quiet` leaves.
    public static func block(_ record: RepeatRecord) -> String {
        var text = "\(record.verdict.rawValue)\n  \(record.scope)\n"
        for objective in record.objectives {
            text += "  \(objective.objective)\n    \(objective.sentence)\n"
        }
        return text.printable
    }
}
