public import Evidence
public import Verdicts

/// A comparison for people and for machines; every form shows the same figures.
public enum ComparisonReport {
    /// The report as text for a terminal, the word first.
    public static func text(_ record: ComparisonRecord, isColoured: Bool) -> String {
        let comparison = record.comparison
        var text = coloured(comparison.word, isColoured) + "\n"
        text += "  base       \(record.baselineName)\n  candidate  \(record.candidateName)\n"
        text += "  \(scope(record))\n\n"
        text += TextTable.text(table(record))
        text += "\n"
        for metric in comparison.metrics {
            text += "  \(metric.metric): \(metric.sentence)\n"
        }
        for note in comparison.notes { text += "  note: \(note)\n" }
        return text
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
        var text = "# \(comparison.word.rawValue): \(record.profile)\n\n"
        text += "- base: `\(record.baselineName)`\n- candidate: `\(record.candidateName)`\n"
        text += "- \(scope(record))\n\n"
        text += TextTable.markdown(table(record))
        text += "\n"
        for metric in comparison.metrics { text += "- \(metric.metric): \(metric.sentence)\n" }
        for note in comparison.notes { text += "- note: \(note)\n" }
        return text
    }

    /// The record as JSON, the values of every round with it.
    public static func json(_ record: ComparisonRecord) -> String { PlainJSON.text(record) }

    /// The comparison as JUnit's XML: a case for each metric that decides.
    ///
    /// INCONCLUSIVE is an error there, not a failure: the gate did not come to an end.
    public static func junit(_ record: ComparisonRecord) -> String {
        let cases = record.comparison.metrics.filter(\.decides).map { metric in
            let inside: String =
                switch metric.word {
                case .improved, .same: ""
                case .regressed: "<failure message=\"\(Markup.escape(metric.sentence))\"/>"
                case .inconclusive, .invalid:
                    "<error message=\"\(Markup.escape(metric.sentence))\"/>"
                }
            return "    <testcase classname=\"\(Markup.escape(record.profile)).comparison\" "
                + "name=\"\(Markup.escape(metric.metric))\" time=\"0\">\(inside)"
                + "<system-out>\(Markup.escape(metric.sentence))</system-out></testcase>\n"
        }
        let failures = record.comparison.metrics.filter { $0.decides && $0.word == .regressed }
        let errors = record.comparison.metrics.filter {
            $0.decides && [.inconclusive, .invalid].contains($0.word)
        }
        let time = record.seconds ?? 0
        return """
            <?xml version="1.0" encoding="UTF-8"?>
            <testsuites>
              <testsuite name="loadgen compare" tests="\(cases.count)" \
            failures="\(failures.count)" errors="\(errors.count)" time="\(time)">
            \(cases.joined())  </testsuite>
            </testsuites>

            """
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
