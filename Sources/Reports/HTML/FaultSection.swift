import Verdicts

/// What was struck on purpose, and what each fault did to requests.
struct FaultSection {
    let model: ReportModel

    /// The section; empty if nothing was struck.
    var html: String {
        guard !model.faults.isEmpty else { return "" }
        let shams = model.shamWords.map { "<p class=\"note\">\(Markup.escape($0))</p>\n" } ?? ""
        return HTMLReport.section(
            "Faults",
            "What was struck on purpose. Proven is what a probe saw that shares no code with what "
                + "struck. A time that is known between two bounds has both.",
            Page.table(model.faults, isNumeric: false)
                + Page.table(model.trialRows, isNumeric: true) + shams)
    }
}
