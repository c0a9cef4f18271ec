public import Histograms
public import Statistics

/// The latency of right answers of one operation in one phase, second by second.
///
/// Bounded by a level for each second and the cells of a grid, so that it is kept while the
/// interval log is read.
public struct LatencyTrace: Sendable {
    /// An interval longer than this is no second, and says nothing of its level.
    private static let longestInterval = 2.5

    /// The level of each second, with the middle of that in seconds from the start of the load.
    public private(set) var levels: [(middleSeconds: Double, level: LatencyLevel)] = []
    /// Right answers by time and latency.
    public private(set) var grid = LatencyGrid()
    /// The samples of intervals that are no second.
    public private(set) var unplaced: UInt64 = 0

    /// A trace of nothing.
    public init() {}

    /// Adds an interval; times in seconds from the start of the load.
    public mutating func add(
        _ histogram: Histogram, startSeconds: Double, lengthSeconds: Double
    ) {
        grid.add(histogram, startSeconds: startSeconds, lengthSeconds: lengthSeconds)
        guard lengthSeconds <= Self.longestInterval else {
            unplaced += histogram.totalCount
            return
        }
        var level = LatencyLevel()
        for bucket in histogram.buckets {
            let middle = Double(bucket.range.lowerBound) + Double(bucket.range.upperBound)
            level.add(
                logarithm: Double.log(max(1, middle / 2)), count: Int(clamping: bucket.count))
        }
        if histogram.overflow > 0 {
            level.add(
                logarithm: Double.log(Double(histogram.highestTrackable)),
                count: Int(clamping: histogram.overflow))
        }
        levels.append((startSeconds + lengthSeconds / 2, level))
    }
}
