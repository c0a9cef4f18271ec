public import Evidence
import Histograms
public import Measurements
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
    /// bytes, bytes a request; without metrics that the run did not measure.
    public var values: [String: Double]
    /// When the run started, in seconds since 1970; `nil` in what an older version kept.
    public var startedSeconds: Double?
    /// One step of the reading that a value comes from, in the value's unit, by the metric's name;
    /// only of metrics that are read in steps, as CPU time in ticks of the kernel's clock.
    public var resolutions: [String: Double]?
    /// Why the run proves nothing; empty where it can be compared.
    public var problems: [String]

    /// What the kernel counts CPU time in, in seconds: USER_HZ is 100 on Linux.
    static let tickSeconds = 0.01
    /// What the kernel counts resident memory in, in bytes.
    static let pageBytes = 4_096.0

    /// Figures from their parts.
    public init(
        run: String, requests: Int, values: [String: Double], isClosed: Bool = false,
        startedSeconds: Double? = nil, problems: [String] = []
    ) {
        self.startedSeconds = startedSeconds
        self.run = run
        self.requests = requests
        self.isClosed = isClosed
        self.values = values
        self.problems = problems
    }

    /// The figures of a run's judged phases.
    public init(_ evidence: RunEvidence, profile: Profile) {
        run = evidence.description.id
        startedSeconds = evidence.description.startedSeconds
        let names = profile.judgedPhaseNames
        let outcomes = evidence.outcomes { phase, _ in names.contains(phase) }
        let total = outcomes.values.reduce(0, +)
        requests = total
        isClosed = profile.judgedPhases.contains { !$0.model.isOpen }
        values = [:]
        problems = Validity(evidence: evidence, profile: profile).findings()
            .filter { $0.reach != .failsOfTime }.map(\.sentence)
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

    /// A metric's value; `nil` if the run did not measure it.
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
    /// in use at the second, with the steps of these readings; what the readings lack stays as it
    /// was.
    public mutating func setTarget(
        from before: ProcessReading?, to after: ProcessReading?, requests: Int
    ) {
        // What an allocator says of itself is exact to the byte.
        let pageBytes = after?.allocatedBytes == nil ? Self.pageBytes : nil
        if let bytes = after?.memoryBytes {
            set(.memory, Double(bytes))
            setResolution(.memory, pageBytes)
        }
        guard requests > 0 else { return }
        if let from = before?.cpuSeconds, let to = after?.cpuSeconds, to > from {
            set(.cpu, (to - from) / Double(requests))
            // Whoever reads it, /proc or the target itself: two readings that are whole ticks were
            // counted in ticks.
            let isInTicks = [from, to].allSatisfy { seconds in
                let ticks = seconds / Self.tickSeconds
                return (ticks - ticks.rounded()).magnitude < 1e-5
            }
            setResolution(.cpu, isInTicks ? Self.tickSeconds / Double(requests) : nil)
        }
        // Of the allocator's bytes and resident ones there is no difference.
        if let from = before?.memoryBytes, let to = after?.memoryBytes,
            (before?.allocatedBytes == nil) == (after?.allocatedBytes == nil)
        {
            set(.growth, (Double(to) - Double(from)) / Double(requests))
            setResolution(.growth, pageBytes.map { $0 / Double(requests) })
        }
    }

    /// One step of the reading that the metric's value comes from; `nil` if it has none.
    func resolution(_ metric: ComparisonMetric) -> Double? { resolutions?[metric.name] }

    private mutating func setResolution(_ metric: ComparisonMetric, _ step: Double?) {
        resolutions = resolutions ?? [:]
        resolutions?[metric.name] = step
        if resolutions?.isEmpty == true { resolutions = nil }
    }
}

extension ProcessReading {
    /// The allocator's live bytes, else what is resident.
    public var memoryBytes: UInt64? { allocatedBytes ?? residentBytes }
}
