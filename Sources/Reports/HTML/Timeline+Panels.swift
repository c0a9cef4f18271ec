import Evidence
import Measurements
import Profiles
import Statistics
import Verdicts

extension Timeline {
    /// The charts, from the cause to the effect.
    var panels: [TimelinePanel] {
        [rate, latency, failures, inFlight, lag, memory, processors].compactMap { $0 }
    }

    private var rate: TimelinePanel {
        let load = model.figures.load
        var lines: [TimelinePanel.Line] = []
        if load.planned > 0 {
            lines = [
                .init(
                    name: "planned", series: columns.rates(\.planned), tone: .grey,
                    isDashed: true),
                .init(name: "started", series: columns.rates(\.started), tone: .green),
            ]
        }
        // With one step a scenario they are the same line.
        if load.planned == 0 || Double(load.sent) > 1.02 * Double(load.started) {
            lines.append(.init(name: "sent", series: columns.rates(\.sent), tone: .blue))
        }
        return TimelinePanel(
            id: "rate", title: "Rate, planned and achieved",
            note: load.planned > 0
                ? "Arrivals a second: what the schedule had due, and what was started. A gap "
                    + "between the two is load that the target was spared."
                : "Requests a second: in a closed model the target's own pace sets it.",
            axis: .counts(upTo: most(lines)), lines: lines
        ) { "\(Figure.significant($0))/s" }
    }

    private var latency: TimelinePanel? {
        let p50 = columns.levels { $0.latency.map { Double($0.p50Nanoseconds) } }
        let p95 = columns.levels { $0.latency.map { Double($0.p95Nanoseconds) } }
        let p99 = columns.levels { $0.latency.map { Double($0.p99Nanoseconds) } }
        let top = columns.levels { $0.latency.map { Double($0.maxNanoseconds) } }
        guard let low = p50.extremes?.low, let high = top.extremes?.high else { return nil }
        let limits = model.profile.objectives.compactMap(\.mark)
        let limit = limits.map { Double($0.nanoseconds) }.max() ?? high
        return TimelinePanel(
            id: "latency", title: "Latency",
            note: "From the moment a request was due to its answer, of what was answered right. "
                + "Half of a second's requests lie below the line; the darker area holds those up "
                + "to p95, the lighter ones up to p99 and to the slowest. Logarithmic.",
            axis: .nanoseconds(
                from: low, to: limit < 20 * high ? max(high, limit) : high),
            heightPixels: 200,
            lines: [
                .init(name: "p50", series: p50, tone: .blue),
                .init(name: "p95", series: p95, tone: .blue),
                .init(name: "p99", series: p99, tone: .blue),
                .init(name: "slowest", series: top, tone: .blue),
            ],
            layers: [
                columns.band(p99, top, .blue, opacity: 0.12, to: \.high),
                columns.band(p95, p99, .blue, opacity: 0.26),
                columns.band(p50, p95, .blue, opacity: 0.42),
                columns.band(p50, p50, .blue, opacity: 0.42, from: \.low),
                columns.line(p50, .blue),
            ],
            rules: Self.rules(limits.filter { Double($0.nanoseconds) < 20 * high }),
            legend: [
                ("p50", .blue, 1), ("to p95", .blue, 0.68), ("to p99", .blue, 0.36),
                ("to the slowest", .blue, 0.12),
            ]
        ) { Figure.time(UInt64(clamping: $0)) }
    }

    /// A rule for each threshold, with the names of all objectives that have it.
    private static func rules(
        _ marks: [(name: String, partsPerMillion: Int, nanoseconds: UInt64)]
    ) -> [ChartRule] {
        Set(marks.map(\.nanoseconds)).sorted().map { threshold in
            ChartRule(
                direction: .horizontal, value: Double(threshold),
                label: marks.filter { $0.nanoseconds == threshold }.map(\.name)
                    .joined(separator: ", "), tone: .vermillion)
        }
    }

    private var failures: TimelinePanel {
        let present = Outcome.allCases.filter { outcome in
            outcome.isFailure
                && model.evidence.rows.contains {
                    $0.counts.contains { ($0.outcomes[outcome] ?? 0) > 0 }
                }
        }
        let lines = present.map { outcome in
            TimelinePanel.Line(
                name: outcome.words,
                series: columns.rates { row in
                    row.counts.reduce(0) { $0 + ($1.outcomes[outcome] ?? 0) }
                }, tone: outcome.tone)
        }
        // Each on top of the ones before it; of a column, the second with the most.
        var base = [Double](repeating: 0, count: columns.columns.count)
        let layers = lines.map { line in
            let boxes = columns.columns.indices.compactMap { index -> ChartBox? in
                let height = line.series.values[index]?.high ?? 0
                guard height > 0 else { return nil }
                defer { base[index] += height }
                return ChartBox(
                    left: columns.columns[index].start, right: columns.columns[index].end,
                    bottom: base[index], top: base[index] + height)
            }
            return ChartLayer.bars(boxes, tone: line.tone)
        }
        return TimelinePanel(
            id: "failures", title: "Failures",
            note: present.isEmpty
                ? "No request failed: every one was answered in time, and right."
                : "Requests a second that did not end right, by how they ended, one on the other."
                    + (columns.isWhole ? "" : " Of each column, its worst second."),
            axis: .counts(upTo: base.max() ?? 0), heightPixels: present.isEmpty ? 40 : 110,
            lines: lines, layers: layers
        ) { "\(Figure.significant($0))/s" }
    }

    private var inFlight: TimelinePanel {
        let waiting = columns.levels { Double($0.inFlight) }
        let open = columns.levels { row in
            row.loops.map { Double($0.reduce(0) { $0 + $1.connections }) }
        }
        var lines = [TimelinePanel.Line(name: "in flight", series: waiting, tone: .blue)]
        if open.extremes != nil {
            lines.append(.init(name: "connections", series: open, tone: .grey, isDashed: true))
        }
        let cap = Double(model.profile.limits.inFlight)
        let top = most(lines)
        return TimelinePanel(
            id: "in-flight", title: "In flight",
            note: "Requests without an answer yet at the end of each second, and open connections. "
                + "A line that only climbs is a target that does not keep up.",
            axis: .counts(upTo: top >= cap * 0.5 ? cap * 1.1 : max(top, 4)), heightPixels: 100,
            lines: lines,
            rules: top >= cap * 0.5
                ? [
                    ChartRule(
                        direction: .horizontal, value: cap, label: "cap", tone: .vermillion)
                ] : []
        ) { Figure.whole(Int(clamping: $0.rounded())) }
    }

    private var lag: TimelinePanel? {
        let p50 = columns.levels { $0.lag.map { Double($0.p50Nanoseconds) } }
        let p99 = columns.levels { $0.lag.map { Double($0.p99Nanoseconds) } }
        guard let low = p50.extremes?.low, let high = p99.extremes?.high else { return nil }
        let allowed = Double(GeneratorLimits.maximumLagNanoseconds(of: model.profile))
        return TimelinePanel(
            id: "lag", title: "Lag of the generator",
            note: "How late loadgen itself had requests ready: its own fault, not the target's. "
                + "Above the limit, over the whole run, a FAIL of latency is void. Logarithmic.",
            axis: .nanoseconds(from: max(low, 1), to: max(high, allowed)), heightPixels: 100,
            lines: [
                .init(name: "lag p99", series: p99, tone: .orange),
                .init(name: "lag p50", series: p50, tone: .grey),
            ],
            rules: [
                ChartRule(
                    direction: .horizontal, value: allowed, label: "limit of p99",
                    tone: .vermillion)
            ]
        ) { Figure.time(UInt64(clamping: $0)) }
    }

    private var memory: TimelinePanel? {
        let readings: [(String, ChartTone, (SeriesRow) -> UInt64?)] = [
            ("allocated", .green, { $0.target?.allocatedBytes }),
            ("active", .sky, { $0.target?.activeBytes }),
            ("resident", .purple, { $0.target?.residentBytes }),
            ("loadgen resident", .grey, { $0.generator?.residentBytes }),
        ]
        let lines = readings.map { name, tone, value in
            TimelinePanel.Line(
                name: name, series: columns.levels { value($0).map { Double($0) } }, tone: tone,
                isDashed: tone == .grey)
        }.filter { $0.series.extremes != nil }
        guard lines.contains(where: { $0.tone != .grey }) else { return nil }
        return TimelinePanel(
            id: "memory", title: "Memory of the target",
            note: "What its program holds from the allocator, the pages those are on, and all that "
                + "the system keeps in memory for it. Allocated that climbs under an even load is "
                + "a leak; resident alone may be the allocator's own slack.",
            axis: .bytes(upTo: most(lines)), lines: lines
        ) { Figure.bytes(UInt64(clamping: $0)) }
    }

    private var processors: TimelinePanel {
        let busy = columns.levels { $0.busiestLoop }
        let lines = [
            TimelinePanel.Line(
                name: "target CPU", series: columns.growth { $0.target?.cpuSeconds }, tone: .blue),
            .init(
                name: "loadgen CPU", series: columns.growth { $0.generator?.cpuSeconds },
                tone: .grey),
            .init(name: "busiest thread", series: busy, tone: .orange, isDashed: true),
            .init(name: "stolen", series: columns.levels { $0.steal }, tone: .vermillion),
        ].filter { $0.series.extremes != nil }
        return TimelinePanel(
            id: "cpu", title: "CPU",
            note: "100 % is one core. The busiest thread is loadgen's own; stolen is what the host "
                + "of this machine took away.",
            axis: .shares(upTo: most(lines)), lines: lines, format: Figure.percent)
    }

    private func most(_ lines: [TimelinePanel.Line]) -> Double {
        lines.compactMap { $0.series.extremes?.high }.max() ?? 0
    }
}

extension Outcome {
    /// The outcome in words.
    var words: String { rawValue.replacing("_", with: " ") }

    /// Its colour, the same in every chart.
    var tone: ChartTone {
        switch self {
        case .ok: .green
        case .wrongStatus: .vermillion
        case .wrongContent: .orange
        case .tooSlow: .sky
        case .malformed: .purple
        case .timeout: .blue
        case .refused: .ink
        case .reset: .green
        case .unfinished: .grey
        case .dropped: .yellow
        case .overBudget: .yellow
        }
    }
}

extension Objective {
    /// Where it stands in a chart of latency: a quantile and its threshold.
    var mark: (name: String, partsPerMillion: Int, nanoseconds: UInt64)? {
        guard let partsPerMillion = claim.partsPerMillion,
            let nanoseconds = claim.thresholdNanoseconds
        else {
            return nil
        }
        return (description, partsPerMillion, nanoseconds)
    }
}
