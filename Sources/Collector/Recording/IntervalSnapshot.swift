public import Histograms
public import Measurements

/// What was recorded in one interval, on one loop or, once merged, on all of them.
public struct IntervalSnapshot: Sendable {
    /// Histograms that hold at least one sample.
    public var histograms: [HistogramKey: Histogram] = [:]
    /// Requests that ended, by phase and operation.
    public var counts: [OperationCounts] = []
    /// The failed ones of them by their kind.
    public var failureCounts: [FailureCount] = []
    /// What belongs to no operation.
    public var counters: Recorder.Counters
    /// Groups that ended, by phase and group; in each the outcome of its last request.
    public var groups: [OperationCounts] = []
    /// Failed requests that are kept whole.
    public var failed: [KeptRequest]
    /// Right answers over their limit that are kept whole.
    public var slow: [KeptRequest]
    /// Seconds by what was due in them, with every tenth, once all of it has ended.
    public var due: [DueSecond] = []
    /// When a loop had no right answer of an operation.
    public var silences: [Silence] = []
    /// When the loop did not look; of one loop, not merged.
    public var blind: [BlindStretch] = []

    init(
        counters: Recorder.Counters = Recorder.Counters(), failed: [KeptRequest] = [],
        slow: [KeptRequest] = []
    ) {
        self.counters = counters
        self.failed = failed
        self.slow = slow
    }

    /// The failed requests as lines of the evidence.
    public var failures: [FailureRecord] { failed.map(\.record) }

    /// Merges the snapshots of several loops, in their order.
    public init(merging parts: [IntervalSnapshot]) {
        self.init()
        for (index, part) in parts.enumerated() {
            due += part.due
            silences += part.silences.map { silence in
                var silence = silence
                silence.loop = index
                return silence
            }
            for (key, histogram) in part.histograms {
                histograms[key, default: Histogram()].add(histogram)
            }
            for count in part.counts { Self.add(count, to: &counts) }
            for count in part.groups { Self.add(count, to: &groups) }
            counters.started += part.counters.started
            counters.iterations += part.counters.iterations
            counters.dropped += part.counters.dropped
            counters.skipped += part.counters.skipped
            counters.unfed += part.counters.unfed
            failed += part.failed
            slow += part.slow
            failureCounts += part.failureCounts
        }
        due = DueSecond.merged(due)
        failureCounts = FailureCount.merged(failureCounts)
    }

    private static func add(_ count: OperationCounts, to counts: inout [OperationCounts]) {
        guard
            let index = counts.firstIndex(where: {
                $0.phase == count.phase && $0.operation == count.operation
            })
        else { return counts.append(count) }
        counts[index].outcomes.merge(count.outcomes, uniquingKeysWith: +)
        counts[index].over.merge(count.over, uniquingKeysWith: +)
    }

    /// Quantiles over every operation of one clock, right answers only; `nil` if there are
    /// none.
    public func summary(_ clock: Clock) -> QuantileSummary? {
        var merged = Histogram()
        for (key, histogram) in histograms where key.clock == clock && !key.isFailed {
            merged.add(histogram)
        }
        guard let p50 = merged.value(atQuantilePartsPerMillion: 500_000),
            let p95 = merged.value(atQuantilePartsPerMillion: 950_000),
            let p99 = merged.value(atQuantilePartsPerMillion: 990_000),
            let most = merged.value(atQuantilePartsPerMillion: 1_000_000)
        else { return nil }
        return QuantileSummary(
            p50Nanoseconds: p50, p95Nanoseconds: p95, p99Nanoseconds: p99, maxNanoseconds: most)
    }
}
