import Profiles
import Verdicts

/// The verdict, the objectives with their intervals, and what voids them.
struct VerdictBlock {
    let model: ReportModel

    /// The block.
    var html: String {
        let verdict = model.verdict
        let objectives = verdict.objectives.enumerated().map { index, objective in
            self.objective(objective, index: index)
        }
        let findings = verdict.findings.map { finding in
            let names = finding.reach == .everything ? [] : finding.voids
            let voided = names.map { "<code>\(Markup.escape($0))</code>" }
                .joined(separator: ", ")
            let chip =
                finding.reach == .everything
                ? "VOIDS THE RUN" : names.isEmpty ? "NOTE" : "VOIDS"
            return "<div class=\"finding invalid\"><span class=\"chip\">\(chip)</span> "
                + (voided.isEmpty ? "" : "\(voided): ")
                + "\(Markup.escape(finding.sentence))</div>\n"
        }
        return "<div class=\"verdict \(Self.name(verdict.verdict))\">\n"
            + "<div class=\"word\">\(Self.sign(verdict.verdict))"
            + "<span>\(verdict.verdict.rawValue)</span></div>\n"
            + "<p>\(Markup.escape(Self.meaning(verdict.verdict)))</p>\n"
            + note
            + (model.foreignObjectives.map { "<p>\(Markup.escape($0))</p>\n" } ?? "")
            + objectives.joined() + findings.joined() + model.whatFailed.html
            + "</div>\n"
    }

    private var note: String {
        model.verdict.note.map { "<p>\(Markup.escape($0))</p>\n" } ?? ""
    }

    private func objective(_ objective: RunVerdict.OfObjective, index: Int) -> String {
        "<div class=\"objective \(Self.name(objective.verdict))\">\n<header>"
            + "<code>\(Markup.escape(objective.objective))</code>"
            + "<span class=\"chip\">\(objective.verdict.rawValue)</span></header>\n"
            + "<p>\(Markup.escape(objective.sentence))</p>\n"
            + (IntervalFigure(model, index: index)?.html ?? "") + method(objective) + "</div>\n"
    }

    /// How it was found, folded away.
    private func method(_ objective: RunVerdict.OfObjective) -> String {
        let rows = ObjectiveMethod(objective).rows
        guard !rows.isEmpty else { return "" }
        return "<details class=\"method\"><summary>How this was found</summary>\n"
            + Page.table([["", ""]] + rows, isNumeric: false) + "</details>\n"
    }

    static func name(_ word: RunVerdict.Word) -> String { word.rawValue.lowercased() }

    /// What the word means, for who reads it for the first time.
    private static func meaning(_ word: RunVerdict.Word) -> String {
        switch word {
        case .pass:
            "This run kept every objective, and the same load on this host would again."
        case .fail:
            "This run missed an objective, by more than chance explains."
        case .inconclusive:
            "An objective is too near its limit, or the run too short for what it has shown. What "
                + "would decide it is below."
        case .invalid:
            "The run proves nothing about an objective; below is why, and what to do."
        case .measured:
            "No objective was given, so nothing was judged. What was measured is below."
        }
    }

    /// A sign that tells the words apart without their colour.
    private static func sign(_ word: RunVerdict.Word) -> String {
        let path =
            switch word {
            case .pass: "M5 13l5 5L20 7"
            case .fail: "M6 6l12 12M18 6L6 18"
            case .inconclusive: "M9 9a3 3 0 1 1 4.5 2.6c-1 .6-1.5 1.2-1.5 2.4M12 18.5v.1"
            case .invalid: "M6 18L18 6M12 4a8 8 0 1 0 .01 0"
            case .measured: "M5 9h14M5 15h14"
            }
        return "<svg viewBox=\"0 0 24 24\" aria-hidden=\"true\"><path d=\"\(path)\" fill=\"none\" "
            + "stroke=\"currentColor\" stroke-width=\"3\" stroke-linecap=\"round\" "
            + "stroke-linejoin=\"round\"/></svg>"
    }
}
