public import Histograms
public import Measurements

extension RunEvidence {
    /// Requests by outcome, over phases and operations that `include` takes.
    public func outcomes(where include: (_ phase: String, _ operation: String) -> Bool) -> [Outcome:
        Int]
    {
        var sums: [Outcome: Int] = [:]
        for row in rows {
            for count in row.counts where include(count.phase, count.operation) {
                sums.merge(count.outcomes, uniquingKeysWith: +)
            }
        }
        return sums
    }

    /// Right answers that took a threshold or longer, by the exact counters; `nil` if the run
    /// had
    /// no counter for it.
    public func countOver(
        _ thresholdNanoseconds: UInt64,
        where include: (_ phase: String, _ operation: String) -> Bool
    ) -> Int? {
        let name = String(thresholdNanoseconds)
        var sum = 0
        for row in rows {
            for count in row.counts where include(count.phase, count.operation) {
                guard let over = count.over[name] else { return nil }
                sum += over
            }
        }
        return sum
    }

    /// One clock's samples, over phases and operations that `include` takes.
    public func histogram(
        _ clock: Clock, failed: Bool = false,
        where include: (_ phase: String, _ operation: String) -> Bool
    ) -> Histogram {
        var merged = Histogram()
        for (key, histogram) in histograms
        where key.clock == clock && key.isFailed == failed && include(key.phase, key.operation) {
            merged.add(histogram)
        }
        return merged
    }

    /// Right answers by time and latency, over phases and operations that `include` takes.
    public func latencyGrid(
        where include: (_ phase: String, _ operation: String) -> Bool = { _, _ in true }
    ) -> LatencyGrid {
        var merged = LatencyGrid()
        for (key, trace) in latencyTraces where include(key.phase, key.operation) {
            merged.add(trace.grid)
        }
        return merged
    }

    /// Every group that has a sample, in order.
    public var groups: [String] {
        Set(histograms.keys.filter { $0.clock == .group }.map(\.operation)).sorted()
    }

    /// Every operation that has a sample or a count, in order.
    public var operations: [String] {
        Set(rows.flatMap(\.counts).map(\.operation)).sorted()
    }
}
