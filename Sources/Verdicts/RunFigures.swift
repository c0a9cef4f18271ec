public import Evidence
import Histograms
public import Profiles
import Statistics

/// One run as a comparison sees it: one value of each metric, whatever its requests were.
///
/// Requests of one run share everything that disturbs the run, so that a run is one observation.
public struct RunFigures: Sendable, Codable, Equatable {
    /// The run's id.
    public var run: String
    /// Judged requests.
    public var requests: Int
    /// Whether users of the closed model sent some of them, so that throughput is the target's.
    public var isClosed: Bool
    /// Values by the metric's name: nanoseconds, answers a second, shares, CPU seconds a request,
    /// bytes, bytes a request; a metric that the run did not measure is absent.
    public var values: [String: Double]
    /// Why the run proves nothing; empty where it can be compared.
    public var problems: [String]

    /// Figures from their parts.
    public init(
        run: String, requests: Int, values: [String: Double], isClosed: Bool = false,
        problems: [String] = []
    ) {
        self.run = run
        self.requests = requests
        self.isClosed = isClosed
        self.values = values
        self.problems = problems
    }

    /// The figures of a run's judged phases.
    public init(_ evidence: RunEvidence, profile: Profile) {
        run = evidence.description.id
        let names = Set(profile.load.filter(\.isJudged).map(\.name))
        let outcomes = evidence.outcomes { phase, _ in names.contains(phase) }
        let total = outcomes.values.reduce(0, +)
        requests = total
        isClosed = profile.load.contains { $0.isJudged && !$0.model.isOpen }
        values = [:]
        problems = Validity(evidence: evidence, profile: profile).findings()
            .filter(\.voidsPass).map(\.sentence)
        guard total > 0 else {
            problems.append("no request was measured in a judged phase.")
            return
        }
        let right = outcomes[.ok] ?? 0
        let histogram = evidence.histogram(.latency) { phase, _ in names.contains(phase) }
        let timeout = Double(profile.limits.timeout.nanoseconds)
        for case .latency(let quantile) in ComparisonMetric.all {
            let rank = QuantileRanks.point(trials: total, partsPerMillion: quantile)
            let value = histogram.value(atRank: UInt64(rank)).map { Double($0) } ?? timeout
            set(.latency(partsPerMillion: quantile), value)
        }
        set(.errorRate, Double(total - right) / Double(total))
        // A run that was stopped did not come to the end of its phases.
        let last = evidence.rows.last?.timeSeconds ?? 0
        let seconds = zip(profile.load, profile.spans).filter { $0.0.isJudged }
            .reduce(0) {
                $0 + max(0, min(Double($1.1.end) / 1e9, last) - Double($1.1.start) / 1e9)
            }
        if right > 0, seconds > 0 { set(.throughput, Double(right) / seconds) }
        readTarget(evidence)
    }

    /// A metric's value; absent where the run did not measure it.
    public func value(_ metric: ComparisonMetric) -> Double? { values[metric.name] }

    /// Sets a metric's value, as one that was measured from outside.
    public mutating func set(_ metric: ComparisonMetric, _ value: Double) {
        if value.isFinite { values[metric.name] = value }
    }

    /// What the first and the last reading of the target say, by the requests in between.
    private mutating func readTarget(_ evidence: RunEvidence) {
        let rows = evidence.rows.filter { $0.target != nil }
        guard let first = rows.first, let last = rows.last else { return }
        let between = evidence.rows.filter {
            $0.timeSeconds > first.timeSeconds && $0.timeSeconds <= last.timeSeconds
        }
        setTarget(from: first.target, to: last.target, requests: Self.ended(between))
    }

    /// Requests that ended in these seconds.
    public static func ended(_ rows: [SeriesRow]) -> Int {
        rows.flatMap(\.counts).flatMap(\.outcomes.values).reduce(0, +)
    }

    /// Sets the target's CPU time and growth by the requests between two readings, and the memory
    /// in use at the second; what the readings lack stays as it was.
    public mutating func setTarget(
        from before: ProcessReading?, to after: ProcessReading?, requests: Int
    ) {
        if let bytes = after?.memoryBytes { set(.memory, Double(bytes)) }
        guard requests > 0 else { return }
        if let from = before?.cpuSeconds, let to = after?.cpuSeconds, to > from {
            set(.cpu, (to - from) / Double(requests))
        }
        // Of the allocator's bytes and resident ones there is no difference.
        if let from = before?.memoryBytes, let to = after?.memoryBytes,
            (before?.allocatedBytes == nil) == (after?.allocatedBytes == nil)
        {
            set(.growth, (Double(to) - Double(from)) / Double(requests))
        }
    }
}

extension ProcessReading {
    /// The allocator's live bytes, else what is resident.
    public var memoryBytes: UInt64? { allocatedBytes ?? residentBytes }
}
