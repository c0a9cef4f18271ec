import Verdicts

/// What every format of several runs shows.
extension RepeatRecord {
    /// What was run.
    var scope: String {
        "\(runs.count) runs of \(profile) against \(target), each with a "
            + "fresh start and its own seed; confidence \(Figure.given(confidence))"
    }

    /// A line for each metric, with the mean of the build and the next run.
    var metricRows: [[String]] {
        let head = [
            "metric", "mean", "mean from", "to", "next run from", "to", "between", "within",
        ]
        return [head]
            + metrics.map { one in
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
    var runRows: [[String]] {
        let metrics = self.metrics.compactMap { ComparisonMetric(named: $0.metric) }
        return [["run", "seed", "verdict", "requests"] + metrics.map(\.name)]
            + runs.map { run in
                [
                    run.figures.run, "\(run.seed)", run.verdict.rawValue,
                    Figure.whole(run.figures.requests),
                ] + metrics.map { run.figures.value($0).map($0.text) ?? "-" }
            }
    }
}
