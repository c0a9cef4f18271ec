import Measurements
public import Verdicts

/// A capacity plan as text for a terminal.
public enum CapacityPlanText: Report {
    /// What `--format` calls it.
    public static let name = "text"

    /// The plan.
    public static func text(_ plan: CapacityPlan, _ style: ReportStyle) -> String {
        ("ESTIMATE\n  \(plan.sentence)\n\n" + TextTable.text(plan.rows)
            + plan.notes.map { "  note: \($0)\n" }.joined()).printable
    }
}
