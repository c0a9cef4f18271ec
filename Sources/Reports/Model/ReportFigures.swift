import Evidence
import Measurements
import Profiles
import Verdicts

/// Every figure of a report as a number, so that all of its formats show the same ones.
struct ReportFigures: Sendable {
    /// What was to be sent and what was.
    struct Load: Sendable {
        var requests = 0
        var judged = 0
        var seconds = 0.0
        var sent = 0
        var planned = 0
        var started = 0
        var dropped = 0
        var iterations = 0
        var unfed = 0
        var skipped = 0

        /// Requests sent a second, over the whole run.
        var sentPerSecond: Double { seconds > 0 ? Double(sent) / seconds : 0 }
    }

    /// The quantiles of one clock; missing values are failures, or were not measured.
    struct OfClock: Sendable {
        var name: String
        /// Its name in JSON.
        var key: String
        var values: [UInt64?]
        /// What a missing value is called.
        var missing = "-"
    }

    /// A quantile's interval: what another run would show.
    struct Interval: Sendable {
        var partsPerMillion: Int
        /// Whether the run is long enough for its own correlation to say it.
        var isKnown: Bool
        var lower: LatencyInterval.End
        var upper: LatencyInterval.End
    }

    /// Requests that ended in one way.
    struct OfOutcome: Sendable {
        var outcome: Outcome
        var count: Int
    }

    /// An operation's requests, or a group's rounds, with p50, p95, p99 and the maximum.
    struct OfOperation: Sendable {
        var name: String
        var requests: Int
        var failed: Int
        /// In the order of `operationQuantiles`; `nil` for a failure.
        var values: [UInt64?]
        /// What a missing value is called.
        var missing = "failed"
    }

    /// A memory figure at the run's first and last reading.
    struct Change: Sendable {
        var first: UInt64
        var last: UInt64
    }

    /// A process's memory.
    struct Memory: Sendable {
        var name: String
        var allocated: Change?
        var resident: Change?
    }

    /// What the generator threads did, in all judged seconds.
    struct Threads: Sendable {
        var maximumCPU = 0.0
        var involuntarySwitches = 0
        var allocatedBytesPerRequest = 0.0
        var maximumConnections = 0
        var opened = 0
        var reconnects = 0
        var maximumReadBytes = 0
        var meanOvershootNanoseconds: UInt64?
        var maximumOvershootNanoseconds: UInt64?
    }

    /// The quantiles of `OfOperation`, in parts per million.
    static let operationQuantiles = [500_000, 950_000, 990_000, 1_000_000]

    var load = Load()
    var clocks: [OfClock] = []
    var intervals: [Interval] = []
    var outcomes: [OfOutcome] = []
    var operations: [OfOperation] = []
    var groups: [OfOperation] = []
    var threadCount = 0
    /// The busiest event loop's share of a second outside waiting, at most.
    var maximumBusy = 0.0
    /// The machine's share of stolen CPU time, on average.
    var steal = 0.0
    var calibration: Calibration?
    var threads: Threads?
    var memory: [Memory] = []
}
