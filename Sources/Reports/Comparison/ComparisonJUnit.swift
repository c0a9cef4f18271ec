public import Verdicts

/// A comparison as JUnit's XML, a case for each metric that decides: junit.xml.
///
/// INCONCLUSIVE and INVALID are errors there, not failures: the gate did not come to an end.
public enum ComparisonJUnit: Report {
    /// What `--format` calls it.
    public static let name = "junit"
    /// The file that has it.
    public static let fileName: String? = "junit.xml"

    /// The report.
    public static func text(_ record: ComparisonRecord, _ style: ReportStyle) -> String {
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
}
