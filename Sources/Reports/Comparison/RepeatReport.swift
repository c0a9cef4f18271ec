public import Evidence
import Measurements
public import Verdicts

/// Several runs of one profile for people and for machines; every form shows the same figures.
public enum RepeatReport {
    /// The report as text for a terminal, the verdict first.
    public static func text(_ record: RepeatRecord) -> String {
        var text = block(record) + "\n"
        text += TextTable.text(metrics(record)) + "\n" + TextTable.text(runs(record))
        for note in record.notes { text += "  note: \(note)\n" }
        return text.printable
    }

    /// The verdict and each objective, for who wants nothing else.
    public static func block(_ record: RepeatRecord) -> String {
        var text = "\(record.verdict.rawValue)\n  \(scope(record))\n"
        for objective in record.objectives {
            text += "  \(objective.objective)\n    \(objective.sentence)\n"
        }
        return text.printable
    }

    private static func scope(_ record: RepeatRecord) -> String {
        "\(record.runs.count) runs of \(record.profile) against \(record.target), each with a "
            + "fresh start and its own seed, \(Figure.given(record.confidence)) sure"
    }

    /// A line for each metric, with the mean of the build and the next run.
    static func metrics(_ record: RepeatRecord) -> [[String]] {
        let head = [
            "metric", "mean", "mean from", "to", "next run from", "to", "between", "within",
        ]
        return [head]
            + record.metrics.map { one in
                let metric = ComparisonMetric(named: one.metric)
                func text(_ value: Double?) -> String {
                    value.map { metric?.text($0) ?? Figure.significant($0) } ?? "-"
                }
                func spread(_ value: Double?) -> String { value.map { Figure.percent($0) } ?? "-" }
                return [
                    one.metric, text(one.mean), text(one.lower), text(one.upper),
                    text(one.nextLower), text(one.nextUpper), spread(one.between),
                    spread(one.within),
                ]
            }
    }

    /// A line for each run.
    static func runs(_ record: RepeatRecord) -> [[String]] {
        let metrics = record.metrics.compactMap { ComparisonMetric(named: $0.metric) }
        return [["run", "seed", "verdict", "requests"] + metrics.map(\.name)]
            + record.runs.map { run in
                [
                    run.figures.run, "\(run.seed)", run.verdict.rawValue,
                    Figure.whole(run.figures.requests),
                ] + metrics.map { run.figures.value($0).map($0.text) ?? "-" }
            }
    }

    /// The report as Markdown.
    public static func markdown(_ record: RepeatRecord) -> String {
        var text = "# \(record.verdict.rawValue): \(Markdown.escape(record.profile)), repeated\n\n"
        text += "\(Markdown.escape(scope(record))).\n\n"
        for objective in record.objectives {
            text +=
                "- \(Markdown.code(objective.objective)): \(Markdown.escape(objective.sentence))\n"
        }
        text += record.objectives.isEmpty ? "" : "\n"
        text += Markdown.table(metrics(record)) + "\n" + Markdown.table(runs(record)) + "\n"
        for note in record.notes { text += "- note: \(Markdown.escape(note))\n" }
        return text
    }

    /// The record as JSON.
    public static func json(_ record: RepeatRecord) -> String { PlainJSON.text(record) }

    /// Writes repeat.json and summary.md into the folder of the runs.
    ///
    /// - Throws: `EvidenceError` where they cannot be written.
    public static func write(_ record: RepeatRecord, to folder: String) throws(EvidenceError) {
        try EvidenceWriter.write(json(record), to: "\(folder)/repeat.json")
        try EvidenceWriter.write(markdown(record), to: "\(folder)/summary.md")
    }
}
