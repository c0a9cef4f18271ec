import Glibc
public import Histograms
import Statistics

/// Right answers by time and latency in a bounded number of cells, for a heat map.
///
/// Columns are of equal length; where a run outgrows them, two become one. A column counts what
/// ended in it; a row holds latencies from its own edge to the next one's.
public struct LatencyGrid: Sendable, Equatable {
    /// The most columns.
    public static let maximumColumns = 240
    /// Rows of a decade of latency.
    public static let rowsPerDecade = 10
    /// The edges of the rows in nanoseconds, ascending from 1 µs; the last row has no upper edge.
    public static let edges: [UInt64] = (0...96).map { row in
        UInt64((1_000 * pow(10, Double(row) / Double(rowsPerDecade))).rounded())
    }

    /// How long a column is, in seconds.
    public private(set) var columnSeconds = 1.0
    /// Counts by column, then by row.
    public private(set) var columns: [[UInt64]] = []

    /// A grid with nothing in it.
    public init() {}

    /// Adds an interval's right answers at its middle; times in seconds from the start of the load.
    public mutating func add(_ histogram: Histogram, startSeconds: Double, lengthSeconds: Double) {
        let middle = startSeconds + lengthSeconds / 2
        guard middle >= 0, middle < 1e12, !histogram.isEmpty else { return }
        while middle / columnSeconds >= Double(Self.maximumColumns) { halve() }
        let column = Int(clamping: middle / columnSeconds)
        while columns.count <= column {
            columns.append([UInt64](repeating: 0, count: Self.edges.count))
        }
        // Buckets ascend, and their rows with them.
        var row = histogram.minimum.map(Self.row) ?? 0
        for bucket in histogram.buckets {
            while row + 1 < Self.edges.count, Self.edges[row + 1] <= bucket.range.lowerBound {
                row += 1
            }
            columns[column][row] += bucket.count
        }
        columns[column][Self.edges.count - 1] += histogram.overflow
    }

    /// Adds the cells of another grid; both get the longer of their columns.
    public mutating func add(_ other: LatencyGrid) {
        var other = other
        while other.columnSeconds < columnSeconds { other.halve() }
        while columnSeconds < other.columnSeconds { halve() }
        while columns.count < other.columns.count {
            columns.append([UInt64](repeating: 0, count: Self.edges.count))
        }
        for (column, counts) in other.columns.enumerated() {
            for row in counts.indices { columns[column][row] += counts[row] }
        }
    }

    /// Makes two columns one.
    private mutating func halve() {
        columnSeconds *= 2
        columns = stride(from: 0, to: columns.count, by: 2).map { index in
            guard index + 1 < columns.count else { return columns[index] }
            return zip(columns[index], columns[index + 1]).map { $0 + $1 }
        }
    }

    /// The row of a latency; what is below the first edge is in the first row.
    static func row(of nanoseconds: UInt64) -> Int {
        var (low, high) = (0, edges.count)
        while low < high {
            let middle = (low + high) / 2
            if edges[middle] <= nanoseconds { low = middle + 1 } else { high = middle }
        }
        return max(0, low - 1)
    }
}
