public import Verdicts

/// A capacity plan as Markdown.
public enum CapacityPlanMarkdown: Report {
    /// What `--format` calls it.
    public static let name = "markdown"

    /// The plan.
    public static func text(_ plan: CapacityPlan, _ style: ReportStyle) -> String {
        "# ESTIMATE: nodes for \(Markdown.escape(plan.profile))\n\n"
            + "\(Markdown.escape(plan.sentence))\n\n"
            + Markdown.table(plan.rows) + "\n"
            + plan.notes.map { "- \(Markdown.escape($0))\n" }.joined()
    }
}
