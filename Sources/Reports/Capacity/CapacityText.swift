import Measurements
public import Verdicts

/// A capacity as text for a terminal.
public enum CapacityText: Report {
    /// What `--format` calls it.
    public static let name = "text"

    /// The report, the verdict first.
    public static func text(_ capacity: Capacity, _ style: ReportStyle) -> String {
        var text = "\(capacity.word.rawValue)\n  \(capacity.sentence)\n\n"
        text += TextTable.text(capacity.stepRows)
        text += "\n" + TextTable.text(capacity.factRows)
        for note in capacity.notes { text += "  note: \(note)\n" }
        return text.printable
    }
}
