import Evidence
import Measurements
import Verdicts

/// What was struck on purpose, and what each fault did to requests.
struct FaultSection {
    let model: ReportModel

    /// The section; empty if nothing was struck.
    var html: String {
        guard !model.faults.isEmpty || !model.trials.shams.isEmpty else { return "" }
        let shams = model.shamWords.map { "<p class=\"note\">\(Markup.escape($0))</p>\n" } ?? ""
        return HTMLReport.section(
            "Faults",
            "What was struck on purpose. Proven is what a probe saw that shares no code with what "
                + "struck. A time that is known between two bounds has both.",
            RecoveryChart(model: model).html + Page.table(model.faults, isNumeric: false)
                + Page.table(model.trialRows, isNumeric: true) + shams)
    }

    /// Each fault over the timeline: from its making to its proven end, and darker while a probe
    /// had seen it.
    var spans: [ChartSpan] {
        let readings = model.evidence.events.compactMap(\.fault).filter { !$0.isSham }
        return readings.filter { $0.step == .struck }.flatMap { struck -> [ChartSpan] in
            guard let began = struck.beganSeconds else { return [] }
            let undone = readings.first {
                $0.step == .undone && $0.fault == struck.fault && $0.trial == struck.trial
            }
            let seen = struck.seenSeconds ?? began
            let end = undone.flatMap { $0.seenSeconds ?? $0.beganSeconds } ?? seen
            var spans = [ChartSpan(start: began, end: end, isShaded: true, tone: .purple)]
            if struck.proof == .proven, let over = undone?.beganSeconds, over > seen {
                spans.append(ChartSpan(start: seen, end: over, isShaded: true, tone: .purple))
            }
            return spans
        }
    }

    /// What the colour means; empty if nothing was struck.
    var spanWords: String {
        spans.isEmpty
            ? "" : " Purple is a fault: darker from when a probe saw it until it was taken back."
    }
}
