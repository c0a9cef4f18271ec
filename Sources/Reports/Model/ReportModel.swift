public import Evidence
import Exchanges
import Measurements
public import Profiles
import Statistics
public import Verdicts

/// What a report says, computed once, so that all of its formats show the same.
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
    let figures: ReportFigures
    /// What each fault did.
    let trials: FaultTrials
    /// What bounds the figures of all judged requests.
    let inference: InferenceContext
    /// Latency of every judged request in nanoseconds; nil is a request that failed.
    public var latencies: [UInt64?] { figures.clocks[0].values }

    /// The figures of a run.
    public init(evidence: RunEvidence, verdict: RunVerdict, profile: Profile) {
        self.evidence = evidence
        self.verdict = verdict
        self.profile = profile
        inference = InferenceContext(
            evidence, profile: profile, confidence: verdict.confidence)
        figures = ReportFigures(evidence, profile: profile, inference: inference)
        trials = FaultTrials(evidence, profile: profile)
    }

    // MARK: Parts of the report

    /// What was run, against what, in a line.
    var title: String { "\(evidence.description.id)  target \(evidence.description.target)" }

    /// Requests, planned and achieved rate.
    var requests: [Row] {
        let load = figures.load
        var table: [Row] = [
            [
                "requests",
                "\(Figure.whole(load.requests)) in \(Figure.significant(load.seconds)) s, "
                    + "\(Figure.whole(load.judged)) judged",
            ],
            ["rate", "\(Figure.significant(load.sentPerSecond))/s sent"],
        ]
        if load.planned > 0 {
            table.append([
                "arrivals",
                "\(Figure.whole(load.started)) started of \(Figure.whole(load.planned)) planned, "
                    + "\(Figure.whole(load.dropped)) dropped",
            ])
        }
        if let allowance = profile.network.allowance { table.append(["hosts", allowance]) }
        if profile.network.tls.isInsecure {
            table.append(["TLS", "the target's certificate was not checked (insecure)"])
        }
        if load.iterations > 0 {
            table.append([
                "iterations", "\(Figure.whole(load.iterations)) of users, closed model",
            ])
        }
        if load.unfed > 0 {
            table.append([
                "not started", "\(Figure.whole(load.unfed)) for want of data: a file was used up",
            ])
        }
        if load.skipped > 0 {
            table.append([
                "skipped",
                "\(Figure.whole(load.skipped)) steps after a failure of their iteration",
            ])
        }
        return table
    }

    /// Quantiles by clock: latency counts failures as infinite, the others are of right answers.
    var clocks: [Row] {
        [[""] + Self.quantileNames]
            + figures.clocks.map { clock in
                [clock.name] + clock.values.map { $0.map(Self.quantile) ?? clock.missing }
            }
    }

    /// What lies in a histogram's first place is only known to be less than its end, 512 ns.
    private static func quantile(_ nanoseconds: UInt64) -> String {
        nanoseconds < 512 ? "< 512 ns" : Figure.time(nanoseconds)
    }

    /// What p95 and p99 of another run would be.
    var intervals: [Row] {
        figures.intervals.map { interval in
            let confidence = Figure.given(verdict.confidence)
            return [
                Figure.quantile(partsPerMillion: interval.partsPerMillion),
                interval.isKnown
                    ? "again \(interval.words) (\(confidence))" : "again \(Self.tooShort)",
            ]
        }
    }

    /// Why a run says nothing of another one's latency.
    static let tooShort = "not known: this run is too short to say"

    /// Each outcome with its count and its share: a fact of this run.
    var outcomes: [Row] {
        figures.outcomes.map { entry in
            let share = Proportion(entry.count, of: figures.load.judged)
            return [entry.outcome.rawValue, Figure.counted(share)]
        }
    }

    /// A line for each operation.
    var operations: [Row] { table("operation", "requests", figures.operations) }

    /// A line for each group: the whole of it, without its pauses.
    var groups: [Row] {
        figures.groups.isEmpty ? [] : table("group", "times", figures.groups)
    }

    private func table(
        _ name: String, _ count: String, _ entries: [ReportFigures.OfOperation]
    ) -> [Row] {
        [[name, count, "failed", "p50", "p95", "p99", "max"]]
            + entries.map { entry in
                [entry.name, Figure.whole(entry.requests), Figure.whole(entry.failed)]
                    + entry.values.map { $0.map(Figure.time) ?? entry.missing }
            }
    }
}

extension ReportFigures.Interval {
    /// From where to where.
    var words: String {
        switch (lower, upper) {
        case (.failed, _): "a failed request"
        case (.at(let low), .at(let high)): "\(Figure.time(low)) to \(Figure.time(high))"
        case (.at(let low), .failed): "\(Figure.time(low)) to a failed request"
        case (.at(let low), .unbounded): "at least \(Figure.time(low))"
        case (.unbounded, .at(let high)): "at most \(Figure.time(high))"
        case (.unbounded, .failed), (.unbounded, .unbounded): "not bounded by so few requests"
        }
    }
}
