public import Evidence
import Measurements
public import Verdicts

/// A comparison for people and for machines; every form shows the same figures.
public enum ComparisonReport {
    /// The report as text for a terminal, the word first.
    public static func text(_ record: ComparisonRecord, isColoured: Bool) -> String {
        let comparison = record.comparison
        var text = "  base       \(record.baselineName)\n  candidate  \(record.candidateName)\n"
        text += "  \(scope(record))\n\n"
        text += TextTable.text(table(record))
        text += "\n"
        for metric in comparison.metrics {
            text += "  \(metric.metric): \(metric.sentence)\n"
        }
        for note in comparison.notes { text += "  note: \(note)\n" }
        return coloured(comparison.word, isColoured) + "\n" + text.printable
    }

    private static func coloured(_ word: Comparison.Word, _ isColoured: Bool) -> String {
        guard isColoured else { return word.rawValue }
        let code =
            switch word {
            case .improved, .same: "1;32"
            case .regressed: "1;31"
            case .inconclusive: "1;33"
            case .invalid: "1;35"
            }
        return "\u{1B}[\(code)m\(word.rawValue)\u{1B}[0m"
    }

    /// What the words hold for.
    static func scope(_ record: ComparisonRecord) -> String {
        let comparison = record.comparison
        var text = "profile \(record.profile), "
        switch comparison.design {
        case .paired:
            let looks = comparison.looks.map { Figure.whole($0) }.joined(separator: ", ")
            text += "\(Figure.whole(comparison.rounds)) rounds side by side"
            text += looks.isEmpty ? ", no look" : ", looks at \(looks)"
        case .unpaired:
            text += "\(record.baseline.count) and \(record.candidate.count) runs made apart"
            text += comparison.isTimeMixed ? ", in turns" : ", not in turns"
        }
        text += "; \(Figure.given(comparison.confidence)) sure, margin "
        text += Figure.given(comparison.margin)
        if let seconds = record.seconds { text += ", \(Figure.significant(seconds)) s" }
        return text
    }

    /// A line for each metric.
    static func table(_ record: ComparisonRecord) -> [[String]] {
        [["metric", "word", "base", "candidate", "effect", "bounds", "smallest seen"]]
            + record.comparison.metrics.map { metric in
                let figures = ComparisonFigures(metric)
                return [
                    metric.metric, figures.word, figures.baseline, figures.candidate,
                    figures.effect, figures.bounds, figures.smallestSeen,
                ]
            }
    }

    /// The report as Markdown, for the page of a CI job.
    public static func markdown(_ record: ComparisonRecord) -> String {
        let comparison = record.comparison
        var text = "# \(comparison.word.rawValue): \(Markdown.escape(record.profile))\n\n"
        text += "- base: \(Markdown.code(record.baselineName))\n"
        text += "- candidate: \(Markdown.code(record.candidateName))\n"
        text += "- \(Markdown.escape(scope(record)))\n\n"
        text += Markdown.table(table(record))
        text += "\n"
        for metric in comparison.metrics {
            text += "- \(metric.metric): \(Markdown.escape(metric.sentence))\n"
        }
        for note in comparison.notes { text += "- note: \(Markdown.escape(note))\n" }
        return text
    }

    /// The record as JSON, the values of every round with it.
    public static func json(_ record: ComparisonRecord) -> String { PlainJSON.text(record) }

    /// The comparison as JUnit's XML: a case for each metric that decides.
    ///
    /// INCONCLUSIVE and INVALID are errors there, not failures: the gate did not come to an end.
    public static func junit(_ record: ComparisonRecord) -> String {
        let comparison = record.comparison
        var cases = comparison.metrics.filter(\.decides).map { metric in
            JUnitDocument.Case(
                name: metric.metric, result: result(metric.word), sentence: metric.sentence)
        }
        if comparison.word == .invalid {
            // Metrics of runs that prove nothing may look well.
            let reason = comparison.notes.first ?? "no metric decides."
            cases.append(
                JUnitDocument.Case(
                    name: "comparison", result: result(.invalid), sentence: "INVALID: \(reason)"))
        }
        return JUnitDocument(
            name: record.profile, className: "loadgen.compare.\(record.profile)",
            seconds: record.seconds ?? 0,
            properties: [
                ("base", record.baselineName), ("candidate", record.candidateName),
                ("verdict", comparison.word.rawValue),
            ], cases: cases, output: comparison.notes.map { "note: \($0)\n" }.joined()
        ).text
    }

    private static func result(_ word: Comparison.Word) -> JUnitDocument.Result {
        switch word {
        case .improved, .same: .passed
        case .regressed: .failure(type: word.rawValue)
        case .inconclusive, .invalid: .error(type: word.rawValue)
        }
    }

    /// The report as one page of HTML that needs nothing beside itself.
    public static func html(_ record: ComparisonRecord) -> String { ComparisonPage.html(record) }

    /// Writes comparison.json, summary.md, junit.xml and report.html into a comparison's folder.
    ///
    /// - Throws: `EvidenceError` where they cannot be written.
    public static func write(
        _ record: ComparisonRecord, to folder: String
    ) throws(EvidenceError) {
        try EvidenceWriter.write(json(record), to: "\(folder)/comparison.json")
        try EvidenceWriter.write(markdown(record), to: "\(folder)/summary.md")
        try EvidenceWriter.write(junit(record), to: "\(folder)/junit.xml")
        try EvidenceWriter.write(html(record), to: "\(folder)/report.html")
    }
}
