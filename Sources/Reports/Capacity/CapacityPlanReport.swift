import Measurements
public import Verdicts

/// A capacity plan for people and for machines; every form shows the same figures.
public enum CapacityPlanReport {
    static func rows(_ plan: CapacityPlan) -> [[String]] {
        let wish = plan.wish
        var rows = [
            ["figure", "value"],
            [
                "nodes",
                "\(Figure.whole(plan.nodes)): \(Figure.whole(plan.needed)) needed, "
                    + "\(Figure.whole(wish.spare)) to lose",
            ],
            [
                "load",
                "\(CapacityReport.rate(wish.targetRate)), peaks of "
                    + CapacityReport.rate(wish.targetRate * wish.peakFactor),
            ],
            ["a node", "confirmed for \(CapacityReport.rate(plan.perNode))"],
            ["usual rate of a node", CapacityReport.rate(plan.usualRate)],
            ["usual p95", expected(plan.usualP95)],
            ["rate at a peak without the spare ones", CapacityReport.rate(plan.worstRate)],
            ["p95 then", expected(plan.worstP95)],
            ["limiting resource", plan.limit],
        ]
        if let months = plan.months, let growth = wish.growthPerMonth {
            rows.append([
                "outgrown",
                "in \(Figure.significant(months)) months, at \(Figure.percent(growth)) a month",
            ])
        }
        return rows
    }

    private static func expected(_ p95: Double?) -> String {
        p95.map { "about \(CapacityReport.time($0)), between the measured steps" }
            ?? "not measured: below the slowest step that passed"
    }

    /// The plan as text for a terminal.
    public static func text(_ plan: CapacityPlan) -> String {
        ("ESTIMATE\n  \(plan.sentence)\n\n" + TextTable.text(rows(plan))
            + plan.notes.map { "  note: \($0)\n" }.joined()).printable
    }

    /// The plan as Markdown.
    public static func markdown(_ plan: CapacityPlan) -> String {
        "# ESTIMATE: nodes for \(Markdown.escape(plan.profile))\n\n"
            + "\(Markdown.escape(plan.sentence))\n\n"
            + Markdown.table(rows(plan)) + "\n"
            + plan.notes.map { "- \(Markdown.escape($0))\n" }.joined()
    }

    /// The plan as JSON.
    public static func json(_ plan: CapacityPlan) -> String { PlainJSON.text(plan) }

    /// The plan as one page of HTML that needs nothing beside itself.
    public static func html(_ plan: CapacityPlan) -> String {
        let body =
            """
            <header><p class="eyebrow">nodes for \(Markup.escape(plan.profile))</p>
            <div class="verdict inconclusive"><h1 class="word">ESTIMATE</h1>
            <p>\(Markup.escape(plan.sentence))</p></div></header>

            """ + CapacityPage.section("The plan", Page.table(rows(plan), isNumeric: false))
            + CapacityPage.notes(plan.notes)
        return Page(title: "Nodes for \(plan.profile)", body: body).html
    }
}
