import Evidence
import Measurements
import Verdicts

/// A run's report as text for a terminal: the verdict first, and again at the end, where a reader
/// is when it has scrolled by; the run's folder last.
public enum TerminalReport: Report {
    /// What `--format` calls it.
    public static let name = "text"

    /// The report.
    public static func text(_ model: ReportModel, _ style: ReportStyle) -> String {
        let verdict = verdictBlock(
            model, isColoured: style.isColoured, hasMethod: style.hasMethod)
        var text = "\n\(model.title)\n\n"
        text += table(model.requests)
        text += "\n" + table(model.clocks, isAlignedRight: true)
        text += table(model.intervals)
        text += "\noutcomes\n" + table(model.outcomes)
        text += "\n" + table(model.operations, isAlignedRight: true)
        if !model.groups.isEmpty { text += "\n" + table(model.groups, isAlignedRight: true) }
        if !model.faults.isEmpty { text += "\n" + table(model.faults) }
        if !model.trialRows.isEmpty {
            text += "\n" + table(model.trialRows, isAlignedRight: true)
        }
        if let words = model.shamWords { text += "\n  \(words)\n" }
        if !model.check.isEmpty { text += "\n" + table(model.check) }
        if !model.leaks.isEmpty { text += "\n" + table(model.leaks, isAlignedRight: true) }
        text += "\ngenerator\n" + table(model.generator)
        for loss in model.evidence.losses { text += "\nlost: \(loss)" }
        text += "\n\(lastWords(model.verdict))\n\(model.evidence.folder)\n"
        return verdict + text.printable
    }

    /// The verdict with a line for each objective and each finding.
    public static func verdictBlock(
        _ model: ReportModel, isColoured: Bool, hasMethod: Bool = false
    ) -> String {
        var text = ""
        if let note = model.verdict.note { text += "  \(note)\n" }
        if let foreign = model.foreignObjectives { text += "  \(foreign)\n" }
        for objective in model.verdict.objectives {
            text += "  \(objective.objective)\n    \(objective.sentence)\n"
            if hasMethod, let line = ObjectiveMethod(objective).line { text += "    \(line)\n" }
        }
        if model.verdict.objectives.isEmpty {
            text += "  no objective was given, so nothing was judged\n"
        }
        for finding in model.verdict.findings {
            text += "  \(finding.effect): \(finding.sentence)\n"
        }
        if model.evidence.isInterrupted { text += "  interrupted before the end of the load\n" }
        text += model.whatFailed.terminal
        if !model.heap.isEmpty { text += "\n" + table(model.heap, isAlignedRight: true) }
        if let hint = model.heapHint { text += "\n  \(hint)\n" }
        return coloured(model.verdict.verdict, isColoured) + "\n" + text.printable
    }

    /// The verdict with the objectives that it rests on, in one line.
    private static func lastWords(_ verdict: RunVerdict) -> String {
        let objectives = verdict.objectives
        let deciding = objectives.filter { $0.verdict == verdict.verdict }
        let words =
            switch verdict.verdict {
            case .measured: "no objective was given, so nothing was judged"
            case .pass: "\(deciding.count) of \(objectives.count) objectives hold"
            case .fail, .inconclusive, .invalid:
                deciding.isEmpty
                    ? "see above" : deciding.map { "\($0.objective)" }.joined(separator: ", ")
            }
        return "\(verdict.verdict.rawValue): \(words)"
    }

    private static func coloured(_ word: RunVerdict.Word, _ isColoured: Bool) -> String {
        guard isColoured else { return word.rawValue }
        let code =
            switch word {
            case .pass: "1;32"
            case .fail: "1;31"
            case .inconclusive: "1;33"
            case .measured: "1"
            case .invalid: "1;35"
            }
        return "\u{1B}[\(code)m\(word.rawValue)\u{1B}[0m"
    }

    /// Columns as wide as their widest cell; the first to the left, the others as asked.
    static func table(_ rows: [ReportModel.Row], isAlignedRight: Bool = false) -> String {
        let columns = rows.map(\.count).max() ?? 0
        let widths = (0..<columns).map { column in
            rows.map { $0.count > column ? $0[column].count : 0 }.max() ?? 0
        }
        var text = ""
        for row in rows {
            var line = "  "
            for (column, cell) in row.enumerated() {
                let space = String(repeating: " ", count: widths[column] - cell.count)
                line += column > 0 && isAlignedRight ? space + cell : cell + space
                line += "  "
            }
            while line.last == " " { line.removeLast() }
            text += line + "\n"
        }
        return text
    }
}
