import Evidence
import Profiles
import Verdicts

/// A run's verdict as JUnit's XML, a case for each objective: junit.xml.
///
/// FAIL is a `failure`; INCONCLUSIVE and INVALID are an `error`, since nothing was proven and no
/// case may pass that was not. A run that was interrupted has a case of its own for that.
public enum JUnitReport: Report {
    /// What `--format` calls it.
    public static let name = "junit"
    /// The file that has it.
    public static let fileName: String? = "junit.xml"

    /// The document.
    public static func text(_ model: ReportModel, _ style: ReportStyle) -> String {
        var cases = model.verdict.objectives.map { objective in
            JUnitDocument.Case(
                name: objective.objective, result: result(objective.verdict),
                sentence: objective.sentence, below: ObjectiveMethod(objective).line ?? "")
        }
        if cases.isEmpty {
            let words =
                model.verdict.findings.first?.sentence
                ?? "no objective was given, so nothing was judged"
            cases = [
                JUnitDocument.Case(
                    name: "objectives", result: result(model.verdict.verdict), sentence: words)
            ]
        }
        cases += model.trials.trials.map { trial in
            JUnitDocument.Case(
                name: "\(trial.kind) trial \(trial.trial + 1)"
                    + (model.profile.faults.count > 1 ? " of fault \(trial.fault + 1)" : ""),
                result: result(trial, model), sentence: ReportModel.words(trial))
        }
        if model.evidence.isInterrupted {
            cases.append(
                JUnitDocument.Case(
                    name: "load", result: .error(type: "interrupted"),
                    sentence: "interrupted before the end of the load"))
        }
        let description = model.evidence.description
        let failed = model.whatFailed.lines
        return JUnitDocument(
            name: model.profile.name, className: "loadgen.\(model.profile.name)",
            seconds: model.figures.load.seconds, timestamp: description.startedAt,
            properties: [
                ("run", description.id), ("target", description.target),
                ("verdict", model.verdict.verdict.rawValue),
            ] + (model.foreignObjectives.map { [("objectives", $0)] } ?? []), cases: cases,
            output: (model.verdict.note.map { "\($0)\n" } ?? "")
                + model.verdict.findings.map { "\($0.effect): \($0.sentence)\n" }.joined()
                + (model.evidence.check.map { CheckReport($0).text } ?? "") + failed,
            details: failed
        ).text
    }

    /// A trial passes unless it missed the limit of an objective that did not pass either.
    private static func result(_ trial: FaultTrial, _ model: ReportModel) -> JUnitDocument.Result {
        let missed = zip(model.profile.objectives, model.verdict.objectives).first {
            objective, verdict in
            verdict.verdict != .pass && trial.misses(objective)
        }
        return missed.map { result($0.1.verdict) } ?? .passed
    }

    private static func result(_ word: RunVerdict.Word) -> JUnitDocument.Result {
        switch word {
        case .pass: .passed
        case .measured: .skipped
        case .fail: .failure(type: word.rawValue)
        case .inconclusive, .invalid: .error(type: word.rawValue)
        }
    }
}
