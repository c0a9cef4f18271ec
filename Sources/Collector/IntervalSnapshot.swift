public import Evidence
public import Histograms

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
    /// Failed requests, whole.
    public var failures: [FailureRecord]

    init(counters: Recorder.Counters = Recorder.Counters(), failures: [FailureRecord] = []) {
        self.counters = counters
        self.failures = failures
    }

    /// Merges the snapshots of several loops.
    public init(merging parts: [IntervalSnapshot]) {
        self.init()
        for part in parts {
            for (key, histogram) in part.histograms {
                histograms[key, default: Histogram()].add(histogram)
            }
            for count in part.counts { add(count) }
            counters.started += part.counters.started
            counters.iterations += part.counters.iterations
            counters.dropped += part.counters.dropped
            counters.skipped += part.counters.skipped
            counters.unfed += part.counters.unfed
            failures += part.failures
            failureCounts += part.failureCounts
        }
        failureCounts = FailureCount.merged(failureCounts)
    }

    private mutating func add(_ count: OperationCounts) {
        guard
            let index = counts.firstIndex(where: {
                $0.phase == count.phase && $0.operation == count.operation
            })
        else { return counts.append(count) }
        counts[index].outcomes.merge(count.outcomes, uniquingKeysWith: +)
        counts[index].over.merge(count.over, uniquingKeysWith: +)
    }

    /// Quantiles over every operation of one clock, right answers only; absent where there are
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
