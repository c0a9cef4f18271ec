/// One step of a capacity search, with what the target did at its rate.
public struct CapacityStep: Sendable, Codable, Equatable {
    /// What it was for.
    public var stage: CapacitySearch.Stage
    /// What came of it.
    public var outcome: CapacitySearch.Outcome
    /// Arrivals a second that were asked for.
    public var rate: Double
    /// The run's id.
    public var run: String
    /// How long its load was to last, in seconds.
    public var seconds: Double
    /// Judged requests.
    public var requests: Int
    /// Right answers a second within the step; what was answered after it does not count.
    public var throughput: Double
    /// Arrivals that were answered within the step, as a share of those that came in it; `nil`
    /// where none came.
    public var answeredShare: Double?
    /// By how many a second arrivals in flight grew; `nil` below two seconds.
    public var inFlightGrowth: Double?
    /// The one-sided chance of such a rise without a trend.
    public var inFlightGrowthP: Double?
    /// The median latency in nanoseconds; `nil` if no request was answered right.
    public var p50: Double?
    /// The 95th percentile, a failed request counting as the whole timeout.
    public var p95: Double?
    /// The 99th percentile.
    public var p99: Double?
    /// The mean latency of right answers, in nanoseconds.
    public var mean: Double?
    /// The share of requests that failed.
    public var errorRate: Double
    /// CPU seconds that the target used in a second; `nil` if nothing tells.
    public var cpu: Double?
    /// Bytes of memory in use at its end.
    public var memory: Double?
    /// What kept it from passing, in words; empty where it passed.
    public var reason: String
    /// Whose limit that was.
    public var bound: Bound?

    /// Whose limit kept a step from passing.
    public enum Bound: String, Sendable, Codable {
        /// The target was too slow.
        case target
        /// The target answered wrong, or not at all.
        case error
        /// The generator did not bring the load.
        case generator
        /// More load would be needed to tell.
        case undecided
    }

    /// A step from its parts.
    public init(
        _ step: CapacitySearch.Step, outcome: CapacitySearch.Outcome, figures: RunFigures,
        seconds: Double
    ) {
        stage = step.stage
        rate = step.rate
        self.outcome = outcome
        self.seconds = seconds
        run = figures.run
        requests = figures.requests
        throughput = figures.value(.throughput) ?? 0
        p50 = figures.value(.latency(partsPerMillion: 500_000))
        p95 = figures.value(.latency(partsPerMillion: 950_000))
        p99 = figures.value(.latency(partsPerMillion: 990_000))
        errorRate = figures.value(.errorRate) ?? 0
        memory = figures.value(.memory)
        reason = ""
    }

    /// Takes what the step's seconds say of the target's queue: one that does not keep up has not
    /// passed, whatever its objectives say.
    ///
    /// A load that the generator did not bring says nothing of the target.
    public mutating func take(_ stability: CapacityStability) {
        throughput = stability.throughput ?? 0
        answeredShare = stability.answeredShare
        inFlightGrowth = stability.growthPerSecond
        inFlightGrowthP = stability.growthP
        guard let problem = stability.problem, outcome == .pass || outcome == .undecided else {
            return
        }
        if problem == .tooShort, outcome == .undecided { return }
        outcome = problem == .tooShort ? .undecided : .fail
        reason = stability.sentence
        bound = problem == .tooShort ? .undecided : .target
    }
}
