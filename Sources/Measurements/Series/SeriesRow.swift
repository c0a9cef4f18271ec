/// One second of a run: a line of series.ndjson.
///
/// Counts are of this second alone.
public struct SeriesRow: Sendable, Codable, Equatable {
    /// The end of the second, from the start of the load.
    public var timeSeconds: Double
    /// The phases at that time, most often one.
    public var phases: PhaseNames
    /// Arrivals that the schedule has due in this second.
    public var planned = 0
    /// Arrivals of the open model that were started.
    public var started = 0
    /// Iterations that users of the closed model began; `nil` if none did.
    public var iterations: Int?
    /// Arrivals dropped at the in-flight cap.
    public var dropped = 0
    /// Requests whose first byte was written.
    public var sent = 0
    /// Steps left out because an earlier step of their iteration failed.
    public var skipped = 0
    /// Iterations that were not started, because a data file that gives each row once was used up;
    /// `nil` if there was none.
    public var unfed: Int?
    /// Requests in flight at the end of the second.
    public var inFlight = 0
    /// Requests that ended, by the phase they were due in and their operation.
    public var counts: [OperationCounts]
    /// The failed ones of `counts` by their kind; `nil` if none failed, and in evidence of earlier
    /// versions.
    public var failures: [FailureCount]?
    /// Groups that ended, by phase and group (`operation`).
    ///
    /// One that failed has the outcome of the request that ended it. `nil` if there were none, and
    /// in evidence of earlier versions.
    public var groups: [OperationCounts]?
    /// Latency of what ended right; `nil` if nothing did.
    public var latency: QuantileSummary?
    /// Lag of what was sent; `nil` if nothing was.
    public var lag: QuantileSummary?
    /// The target's memory and CPU; `nil` if they could not be read.
    public var target: ProcessReading?
    /// loadgen's own memory and CPU.
    public var generator: ProcessReading?
    /// The busiest event loop's share of the second spent outside waiting, 0 to 1.
    public var busiestLoop = 0.0
    /// The machine's share of stolen CPU time, 0 to 1.
    public var steal = 0.0
    /// Each generator thread, in order; `nil` in evidence of earlier versions.
    public var loops: [LoopReading]?

    /// By how much CLOCK_REALTIME moved against CLOCK_MONOTONIC in this second; `nil` in evidence
    /// of earlier versions.
    public var clockStepNanoseconds: Int64?
    /// How long the machine was suspended in this second, by CLOCK_BOOTTIME; likewise.
    public var suspendedNanoseconds: Int64?

    /// A row of a second in which nothing but `counts` happened.
    public init(timeSeconds: Double, phases: [String], counts: [OperationCounts] = []) {
        self.timeSeconds = timeSeconds
        self.phases = PhaseNames(phases)
        self.counts = counts
    }

    enum CodingKeys: String, CodingKey {
        case timeSeconds = "time_s"
        case phases = "phase"
        case planned
        case started
        case iterations
        case dropped
        case sent
        case skipped
        case unfed
        case inFlight = "in_flight"
        case counts
        case failures
        case groups
        case latency
        case lag
        case target
        case generator
        case busiestLoop = "busiest_loop"
        case steal
        case loops
        case clockStepNanoseconds = "clock_step_ns"
        case suspendedNanoseconds = "suspended_ns"
    }
}

extension SeriesRow {
    /// Whether one of these phases went on at that time.
    public func isIn(_ phases: Set<String>) -> Bool {
        self.phases.names.contains { phases.contains($0) }
    }
}

/// The names of phases that go on at the same time; in the evidence a text with ` + ` between them.
public struct PhaseNames: Sendable, Codable, Equatable, CustomStringConvertible {
    /// What stands between two names, so that none may have it.
    public static let separator = " + "

    /// In the order of the load.
    public var names: [String]

    /// Names from a list.
    public init(_ names: [String]) { self.names = names }

    /// The names as the evidence has them.
    public var description: String { names.joined(separator: Self.separator) }

    /// Reads a text.
    public init(from decoder: any Decoder) throws {
        let text = try decoder.singleValueContainer().decode(String.self)
        names = text.split(separator: Self.separator).map(String.init)
    }

    /// Writes a text.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}

/// What ended in one second, of one operation in one phase.
public struct OperationCounts: Sendable, Codable, Equatable {
    /// The phase that the requests were due in.
    public var phase: String
    /// The operation's id.
    public var operation: String
    /// Requests by outcome; without those that did not happen.
    public var outcomes: [Outcome: Int]
    /// For each latency threshold of the objectives, in nanoseconds, the right answers that took as
    /// long or longer.
    ///
    /// Failures are not among them.
    public var over: [String: Int]

    /// Counts from their parts.
    public init(
        phase: String, operation: String, outcomes: [Outcome: Int], over: [String: Int] = [:]
    ) {
        self.phase = phase
        self.operation = operation
        self.outcomes = outcomes
        self.over = over
    }
}

/// Quantiles in nanoseconds.
public struct QuantileSummary: Sendable, Codable, Equatable {
    /// The median.
    public var p50Nanoseconds: UInt64
    /// The 95th percentile.
    public var p95Nanoseconds: UInt64
    /// The 99th percentile.
    public var p99Nanoseconds: UInt64
    /// The largest value.
    public var maxNanoseconds: UInt64

    /// A summary from its parts.
    public init(
        p50Nanoseconds: UInt64, p95Nanoseconds: UInt64, p99Nanoseconds: UInt64,
        maxNanoseconds: UInt64
    ) {
        self.p50Nanoseconds = p50Nanoseconds
        self.p95Nanoseconds = p95Nanoseconds
        self.p99Nanoseconds = p99Nanoseconds
        self.maxNanoseconds = maxNanoseconds
    }

    enum CodingKeys: String, CodingKey {
        case p50Nanoseconds = "p50_ns"
        case p95Nanoseconds = "p95_ns"
        case p99Nanoseconds = "p99_ns"
        case maxNanoseconds = "max_ns"
    }
}
