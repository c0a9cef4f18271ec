public import Verdicts

/// A capacity plan as one page of HTML that needs nothing beside itself.
public enum CapacityPlanPage: Report {
    /// What `--format` calls it.
    public static let name = "html"

    /// The page.
    public static func text(_ plan: CapacityPlan, _ style: ReportStyle) -> String {
        let body =
            """
            <header><p class="eyebrow">nodes for \(Markup.escape(plan.profile))</p>
            <div class="verdict inconclusive"><h1 class="word">ESTIMATE</h1>
            <p>\(Markup.escape(plan.sentence))</p></div></header>

            """ + CapacityPage.section("The plan", Page.table(plan.rows, isNumeric: false))
            + CapacityPage.notes(plan.notes)
        return Page(title: "Nodes for \(plan.profile)", body: body).html
    }
}
