public import Verdicts

/// A capacity as one page of HTML that needs nothing beside itself: report.html.
public enum CapacityPage: Report {
    /// What `--format` calls it.
    public static let name = "html"
    /// The file that has it.
    public static let fileName: String? = "report.html"

    /// The page.
    public static func text(_ capacity: Capacity, _ style: ReportStyle) -> String {
        var body = """
            <header><p class="eyebrow">capacity of \(Markup.escape(capacity.profile))</p>
            <div class="verdict \(tone(capacity.word))"><h1 class="word">\
            \(capacity.word.rawValue)</h1>
            <p>\(Markup.escape(capacity.sentence))</p></div></header>

            """
        let steps = capacity.steps.filter { $0.outcome != .void }.sorted { $0.rate < $1.rate }
        if steps.count > 1 {
            body += section("Latency against rate", latency(capacity, steps))
            let cpu = steps.filter { $0.cpu != nil }
            if cpu.count > 1 {
                body += section(
                    "CPU of the target against rate",
                    lines(
                        "cpu", "CPU of the target against rate", cpu,
                        y: .counts(upTo: cpu.compactMap(\.cpu).max() ?? 1),
                        [("cores", .blue, \.cpu)]))
            }
            let memory = steps.filter { $0.memory != nil }
            if memory.count > 1 {
                body += section(
                    "Memory of the target against rate",
                    lines(
                        "memory", "Memory of the target against rate", memory,
                        y: .bytes(upTo: memory.compactMap(\.memory).max() ?? 1),
                        [("in use", .green, \.memory)]))
            }
        }
        body += section("Steps", Page.table(capacity.stepRows, isNumeric: true))
        body += section(
            "Scalability", Page.table(capacity.factRows, isNumeric: false))
        body += notes(capacity.notes)
        return Page(title: "\(capacity.word.rawValue): \(capacity.profile)", body: body).html
    }

    static func tone(_ word: Capacity.Word) -> String {
        switch word {
        case .pass: "pass"
        case .inconclusive: "inconclusive"
        case .invalid: "invalid"
        }
    }

    static func section(_ title: String, _ body: String) -> String {
        "<section><h2>\(Markup.escape(title))</h2>\n\(body)</section>\n"
    }

    static func notes(_ notes: [String]) -> String {
        guard !notes.isEmpty else { return "" }
        let items = notes.map { "<li class=\"note\">\(Markup.escape($0))</li>\n" }
        return "<ul class=\"notes\">\n\(items.joined())</ul>\n"
    }

    private static func latency(_ capacity: Capacity, _ steps: [CapacityStep]) -> String {
        let values = steps.flatMap { [$0.p50, $0.p95, $0.p99] }.compactMap { $0 }.filter { $0 > 0 }
        guard let low = values.min(), let high = values.max() else { return "" }
        var rules: [ChartRule] = []
        if let rate = capacity.confirmedRate {
            rules.append(
                ChartRule(
                    direction: .vertical, value: rate,
                    label: "confirmed: \(Capacity.rate(rate))", tone: .green))
        }
        if let rate = capacity.lowestFailing {
            rules.append(
                ChartRule(
                    direction: .vertical, value: rate,
                    label: "did not pass: \(Capacity.rate(rate))", tone: .vermillion))
        }
        return lines(
            "latency", "Latency against rate", steps, y: .nanoseconds(from: low, to: high),
            [("p50", .sky, \.p50), ("p95", .blue, \.p95), ("p99", .purple, \.p99)], rules: rules)
    }

    /// Lines of the steps' values by their rate, with the values on hover and in words.
    private static func lines(
        _ id: String, _ title: String, _ steps: [CapacityStep], y: ChartAxis,
        _ series: [(name: String, tone: ChartTone, path: KeyPath<CapacityStep, Double?>)],
        rules: [ChartRule] = []
    ) -> String {
        let most = steps.map(\.rate).max() ?? 1
        let x = ChartAxis.counts(upTo: most)
        var chart = Chart(
            id: id, title: title,
            summary: "From \(Capacity.rate(steps[0].rate)) to \(Capacity.rate(most)); "
                + "the table of steps has every value.",
            x: x, y: y)
        for (_, tone, path) in series {
            let points = steps.compactMap { step in
                step[keyPath: path].map { ChartPoint(x: step.rate, y: $0) }
            }
            chart.layers += [.line([points], tone: tone), .dots(points, tone: tone)]
        }
        chart.rules = rules
        chart.slices = steps.indices.map { index in
            let step = steps[index]
            let before = index > 0 ? steps[index - 1].rate : 0
            let after = index + 1 < steps.count ? steps[index + 1].rate : x.scale.high
            return ChartSlice(
                start: (before + step.rate) / 2, end: (after + step.rate) / 2,
                text: "\(Capacity.rate(step.rate)): \(step.outcome.rawValue)\n"
                    + "p50 \(Capacity.time(step.p50)), p95 \(Capacity.time(step.p95))")
        }
        return Page.legend(series.map { ($0.name, $0.tone, 1) }) + chart.html
    }
}
