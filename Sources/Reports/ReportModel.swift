public import Evidence
import Histograms
public import Profiles
import Statistics
public import Verdicts

/// Every figure of a report, computed once, so that all of its forms show the same.
public struct ReportModel: Sendable {
    /// The quantiles of a row, in parts per million; the last is the maximum.
    public static let quantiles = [500_000, 900_000, 950_000, 990_000, 999_000, 1_000_000]
    /// Their names.
    public static let quantileNames = ["p50", "p90", "p95", "p99", "p99.9", "max"]

    /// A line of a table: cells of text.
    public typealias Row = [String]

    let verdict: RunVerdict
    let evidence: RunEvidence
    let profile: Profile
    /// Latency of every judged request in nanoseconds; nil is a request that failed.
    public let latencies: [UInt64?]
    private let total: Int

    /// The figures of a run.
    public init(evidence: RunEvidence, verdict: RunVerdict, profile: Profile) {
        self.evidence = evidence
        self.verdict = verdict
        self.profile = profile
        let names = Set(profile.load.filter(\.isJudged).map(\.name))
        let outcomes = evidence.outcomes { phase, _ in names.contains(phase) }
        total = outcomes.values.reduce(0, +)
        let right = evidence.histogram(.latency) { phase, _ in names.contains(phase) }
        latencies = Self.quantiles.map { Self.value(right, of: outcomes, at: $0) }
    }

    /// The quantile among all requests, where a failure counts as infinitely slow.
    private static func value(
        _ right: Histogram, of outcomes: [Outcome: Int], at partsPerMillion: Int
    ) -> UInt64? {
        let total = outcomes.values.reduce(0, +)
        guard total > 0 else { return nil }
        return right.value(
            atRank: UInt64(QuantileRanks.point(trials: total, partsPerMillion: partsPerMillion)))
    }

    private func isJudged(_ phase: String) -> Bool {
        profile.load.contains { $0.name == phase && $0.isJudged }
    }

    // MARK: Parts of the report

    /// What was run, against what, in a line.
    var title: String { "\(evidence.description.id)  target \(evidence.description.target)" }

    /// Requests, planned and achieved rate.
    var requests: [Row] {
        let rows = evidence.rows
        let planned = rows.reduce(0) { $0 + $1.planned }
        let started = rows.reduce(0) { $0 + $1.started }
        let dropped = rows.reduce(0) { $0 + $1.dropped }
        let sent = rows.reduce(0) { $0 + $1.sent }
        let skipped = rows.reduce(0) { $0 + $1.skipped }
        let all = evidence.outcomes { _, _ in true }.values.reduce(0, +)
        let seconds = rows.last?.timeSeconds ?? 0
        var table: [Row] = [
            [
                "requests",
                "\(Figure.whole(all)) in \(Figure.significant(seconds)) s, "
                    + "\(Figure.whole(total)) judged",
            ],
            ["rate", "\(Figure.significant(seconds > 0 ? Double(sent) / seconds : 0))/s sent"],
        ]
        if planned > 0 {
            table.append([
                "arrivals",
                "\(Figure.whole(started)) started of \(Figure.whole(planned)) planned, "
                    + "\(Figure.whole(dropped)) dropped",
            ])
        }
        if profile.network.tls.isInsecure {
            table.append(["TLS", "the target's certificate was not checked (insecure)"])
        }
        let iterations = rows.reduce(0) { $0 + ($1.iterations ?? 0) }
        if iterations > 0 {
            table.append(["iterations", "\(Figure.whole(iterations)) of users, closed model"])
        }
        let unfed = rows.reduce(0) { $0 + ($1.unfed ?? 0) }
        if unfed > 0 {
            table.append([
                "not started", "\(Figure.whole(unfed)) for want of data: a file was used up",
            ])
        }
        if skipped > 0 {
            table.append([
                "skipped", "\(Figure.whole(skipped)) steps after a failure of their iteration",
            ])
        }
        return table
    }

    /// Quantiles by clock: latency counts failures as infinite, the others are of right answers.
    var clocks: [Row] {
        func row(_ name: String, _ clock: Clock) -> Row {
            let histogram = evidence.histogram(clock) { phase, _ in isJudged(phase) }
            return [name]
                + Self.quantiles.map { Self.text(histogram.value(atQuantilePartsPerMillion: $0)) }
        }
        var table = [["", "p50", "p90", "p95", "p99", "p99.9", "max"]]
        table.append(
            ["latency"] + latencies.map { $0.map(Figure.time) ?? (total > 0 ? "failed" : "-") })
        table.append(row("answered right", .latency))
        table.append(row("service time", .service))
        table.append(row("connection wait", .wait))
        let steps: [(String, Clock)] = [
            ("resolve", .resolve), ("connect", .connect), ("TLS", .tls), ("send", .send),
            ("first byte", .firstByte), ("receive", .receive),
        ]
        // What is of a few requests alone, as a new connection, has a row where there were any.
        for (name, clock) in steps {
            let samples = evidence.histogram(clock) { phase, _ in isJudged(phase) }
            if !samples.isEmpty { table.append(row(name, clock)) }
        }
        table.append(row("lag", .lag))
        return table
    }

    /// The interval of p95 and of p99, by order statistics.
    var intervals: [Row] {
        [950_000, 990_000].compactMap { partsPerMillion in
            guard total > 0 else { return nil }
            let histogram = evidence.histogram(.latency) { phase, _ in isJudged(phase) }
            let ranks = QuantileRanks(
                trials: total, partsPerMillion: partsPerMillion, confidence: verdict.confidence)
            let lower = ranks.lower.flatMap { histogram.bucket(atRank: UInt64($0))?.lowerBound }
            let upper = ranks.upper.map {
                histogram.value(atRank: UInt64($0)).map(Figure.time) ?? "failed"
            }
            return [
                "p\(partsPerMillion / 10_000)",
                "\(Self.text(lower)) to \(upper ?? "not bounded by this sample") at "
                    + Figure.given(verdict.confidence),
            ]
        }
    }

    /// Each outcome with its share.
    var outcomes: [Row] {
        let counts = evidence.outcomes { phase, _ in isJudged(phase) }
        return Outcome.allCases.compactMap { outcome in
            guard let count = counts[outcome] ?? (outcome == .ok ? 0 : nil), total > 0 else {
                return nil
            }
            let share = Proportion(count, of: total)
            return [outcome.rawValue, Figure.ratio(share, confidence: verdict.confidence)]
        }
    }

    /// A line for each operation.
    var operations: [Row] {
        var table = [["operation", "requests", "failed", "p50", "p95", "p99", "max"]]
        for operation in evidence.operations {
            let counts = evidence.outcomes { phase, name in isJudged(phase) && name == operation }
            let requests = counts.values.reduce(0, +)
            guard requests > 0 else { continue }
            let histogram = evidence.histogram(.latency) { phase, name in
                isJudged(phase) && name == operation
            }
            let values = [500_000, 950_000, 990_000, 1_000_000].map { quantile in
                Self.value(histogram, of: counts, at: quantile).map(Figure.time) ?? "failed"
            }
            table.append(
                [operation, Figure.whole(requests), Figure.whole(requests - (counts[.ok] ?? 0))]
                    + values)
        }
        return table
    }

    /// A line for each group: the whole of it, without its pauses.
    var groups: [Row] {
        var table = [["group", "times", "failed", "p50", "p95", "p99", "max"]]
        for name in evidence.groups {
            func histogram(failed: Bool) -> Histogram {
                evidence.histogram(.group, failed: failed) { phase, group in
                    isJudged(phase) && group == name
                }
            }
            let (right, failed) = (histogram(failed: false), histogram(failed: true).totalCount)
            let times = right.totalCount + failed
            guard times > 0 else { continue }
            let values = [500_000, 950_000, 990_000, 1_000_000].map { quantile in
                let rank = QuantileRanks.point(trials: Int(times), partsPerMillion: quantile)
                return right.value(atRank: UInt64(rank)).map(Figure.time) ?? "failed"
            }
            table.append([name, Figure.whole(Int(times)), Figure.whole(Int(failed))] + values)
        }
        return table.count > 1 ? table : []
    }

    /// The generator's own figures, and the target's memory.
    var generator: [Row] {
        let judged = Set(profile.load.filter(\.isJudged).map(\.name))
        let rows = evidence.rows.filter { $0.isIn(judged) }
        let busy = rows.map(\.busiestLoop).max() ?? 0
        let steal = rows.isEmpty ? 0 : rows.reduce(0) { $0 + $1.steal } / Double(rows.count)
        var table: [Row] = [
            [
                "threads",
                "\(evidence.description.threads), the busiest at most \(Figure.percent(busy)) busy",
            ],
            ["steal", Figure.percent(steal)],
        ]
        if let floor = evidence.description.calibration {
            let values = floor.latencies.map {
                "\(Figure.quantile(partsPerMillion: $0.partsPerMillion)) "
                    + Figure.time($0.nanoseconds)
            }
            table.append([
                "floor",
                "\(values.joined(separator: ", ")) against a responder that answers at once",
            ])
        }
        table += loops(rows)
        table += memory("loadgen", evidence.rows.map(\.generator))
        table += memory("target", evidence.rows.map(\.target))
        return table
    }

    /// What the generator threads did, in all judged seconds.
    private func loops(_ rows: [SeriesRow]) -> [Row] {
        let readings = rows.compactMap(\.loops)
        let all = readings.flatMap { $0 }
        guard !all.isEmpty else { return [] }
        let cpu = all.map(\.cpu).max() ?? 0
        let requests = max(1, rows.reduce(0) { $0 + $1.sent })
        let bytes = all.reduce(0) { $0 + $1.allocatedBytes }
        let switches = all.reduce(0) { $0 + $1.involuntarySwitches }
        let connections = readings.map { $0.reduce(0) { $0 + $1.connections } }.max() ?? 0
        var table: [Row] = [
            [
                "cpu",
                "the busiest thread at most \(Figure.percent(cpu)) of a core, "
                    + "\(Figure.whole(switches)) times taken off it",
            ],
            ["allocations", "\(Figure.significant(Double(bytes) / Double(requests))) B a request"],
            [
                "connections",
                "at most \(Figure.whole(connections)) open, "
                    + "\(Figure.whole(all.reduce(0) { $0 + $1.opened })) opened, "
                    + "\(Figure.whole(all.reduce(0) { $0 + $1.reconnects })) reconnects; "
                    + "at most \(Figure.bytes(UInt64(all.map(\.mostReadBytes).max() ?? 0))) "
                    + "waiting at a read",
            ],
        ]
        let overshoots = all.compactMap(\.overshootNanoseconds)
        if let most = all.compactMap(\.mostOvershootNanoseconds).max(), !overshoots.isEmpty {
            let mean = overshoots.reduce(0, +) / UInt64(overshoots.count)
            table.append([
                "timers", "\(Figure.time(mean)) late on average, \(Figure.time(most)) at most",
            ])
        }
        return table
    }

    private func memory(_ name: String, _ readings: [ProcessReading?]) -> [Row] {
        let known = readings.compactMap { $0 }
        func change(_ path: KeyPath<ProcessReading, UInt64?>) -> String? {
            guard let first = known.first(where: { $0[keyPath: path] != nil })?[keyPath: path],
                let last = known.last(where: { $0[keyPath: path] != nil })?[keyPath: path]
            else { return nil }
            return "\(Figure.bytes(first)) -> \(Figure.bytes(last))"
        }
        let parts = [
            change(\.allocatedBytes).map { "allocated \($0)" },
            change(\.residentBytes).map { "resident \($0)" },
        ].compactMap { $0 }
        return parts.isEmpty ? [] : [[name, parts.joined(separator: ", ")]]
    }

    private static func text(_ value: UInt64?) -> String { value.map(Figure.time) ?? "-" }
}
