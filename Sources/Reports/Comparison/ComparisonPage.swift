import Statistics
public import Verdicts

/// A comparison as one page of HTML that needs nothing beside itself: report.html.
public enum ComparisonPage: Report {
    /// What `--format` calls it.
    public static let name = "html"
    /// The file that has it.
    public static let fileName: String? = "report.html"

    /// The page.
    public static func text(_ record: ComparisonRecord, _ style: ReportStyle) -> String {
        let comparison = record.comparison
        var body = """
            <header><p class="eyebrow">comparison by \(Markup.escape(record.profile))</p>
            <div class="verdict \(tone(comparison.word))"><h1 class="word">\
            \(comparison.word.rawValue)</h1>
            <p>\(meaning(comparison))</p>
            <p>base <code>\(Markup.escape(record.baselineName))</code></p>
            <p>candidate <code>\(Markup.escape(record.candidateName))</code></p>
            <p>\(Markup.escape(record.scope))</p></div></header>

            """
        body += CapacityPage.section(
            "Metrics",
            Page.table(record.table, isNumeric: true)
                + CapacityPage.notes(
                    comparison.metrics.allSatisfy(\.decides)
                        ? []
                        : [
                            "A metric whose verdict is in brackets is shown and does not decide."
                        ]))
        if comparison.design == .paired {
            for metric in comparison.metrics where metric.decides {
                body += rounds(metric, record)
            }
        }
        let sentences = comparison.metrics.map { "\($0.metric): \($0.sentence)" }
        body += CapacityPage.section(
            "In words", CapacityPage.notes(sentences + comparison.notes))
        return Page(title: "\(comparison.word.rawValue): \(record.profile)", body: body).html
    }

    private static func tone(_ word: Comparison.Word) -> String {
        switch word {
        case .improved, .same: "pass"
        case .regressed: "fail"
        case .inconclusive: "inconclusive"
        case .invalid: "invalid"
        }
    }

    /// What the word means, for who reads it for the first time.
    private static func meaning(_ comparison: Comparison) -> String {
        switch comparison.word {
        case .improved: "Nothing is worse by the margin, and something is better."
        case .same: "Nothing is worse by the margin."
        case .regressed:
            comparison.isWorseByMargin
                ? "Something is worse, by the margin or more."
                : "Something is worse; by how much is in its bounds."
        case .inconclusive:
            "Neither is proven: the bounds of a metric that decides hold the margin."
        case .invalid: "The runs prove nothing about the candidate; below is why."
        }
    }

    /// Both values of every round, so that what hit a round shows on both.
    private static func rounds(
        _ result: Comparison.OfMetric, _ record: ComparisonRecord
    ) -> String {
        guard let metric = ComparisonMetric(named: result.metric) else { return "" }
        func points(_ runs: [RunFigures]) -> [ChartPoint] {
            runs.enumerated().compactMap { index, run in
                run.value(metric).map { ChartPoint(x: Double(index + 1), y: $0) }
            }
        }
        let (base, candidate) = (points(record.baseline), points(record.candidate))
        guard base.count > 1, let most = (base + candidate).map(\.y).max(), most > 0 else {
            return ""
        }
        let scale = ChartScale.linear(upTo: most)
        var chart = Chart(
            id: "rounds-\(metric.name.filter { $0.isLetter || $0.isNumber })",
            title: "\(metric.name) of every round",
            summary: result.sentence,
            x: .counts(upTo: Double(base.count)),
            y: ChartAxis(scale) { $0 == 0 ? "0" : metric.text($0) })
        chart.layers = [
            .line([base], tone: .blue), .dots(base, tone: .blue),
            .line([candidate], tone: .orange), .dots(candidate, tone: .orange),
        ]
        chart.slices = zip(base, candidate).map { one, other in
            ChartSlice(
                start: one.x - 0.5, end: one.x + 0.5,
                text: "round \(Int(clamping: one.x))\nbase \(metric.text(one.y))\ncandidate "
                    + metric.text(other.y))
        }
        return CapacityPage.section(
            "\(metric.name) of every round",
            Page.legend([("base", .blue, 1), ("candidate", .orange, 1)]) + chart.html)
    }
}
