/// Where a segment falls apart into two parts that differ most, by the energy distance.
///
/// - Source: Matteson & James 2014.
public struct EnergySplit: Sendable, Equatable {
    /// The index of the first value of the right part.
    public let index: Int
    /// Where the right part ends; what follows was left out of the comparison.
    public let end: Int
    /// The energy distance, scaled by the parts' sizes.
    public let statistic: Double

    /// The best split over all places and all right ends; `nil` below two values.
    ///
    /// O(n^2) in time and memory.
    public static func best(of series: Series) -> EnergySplit? { best(of: series.values) }

    static func best(of values: [Double]) -> EnergySplit? {
        let n = values.count
        guard n >= 2 else { return nil }
        let distances = PairDistances(values)
        var best: EnergySplit?
        for end in 2...n {
            for index in 1..<end {
                let statistic = distances.statistic(index, end)
                if statistic > best?.statistic ?? -.infinity {
                    best = EnergySplit(index: index, end: end, statistic: statistic)
                }
            }
        }
        return best
    }

    /// The scaled energy distance of two samples, neither empty.
    ///
    /// O((n + m)^2).
    public static func statistic(_ left: Series, _ right: Series) -> Double {
        precondition(left.count > 0 && right.count > 0, "\(left.count) and \(right.count)")
        return PairDistances(left.values + right.values)
            .statistic(left.count, left.count + right.count)
    }
}

/// Sums of |x_i - x_k|, by rectangles.
private struct PairDistances {
    private let side: Int
    /// The sum over i < row, k < column.
    private var sums: [Double]

    init(_ values: [Double]) {
        side = values.count + 1
        sums = [Double](repeating: 0, count: side * side)
        for i in values.indices {
            var row = 0.0
            for k in values.indices {
                row += (values[i] - values[k]).magnitude
                sums[(i + 1) * side + k + 1] = sums[i * side + k + 1] + row
            }
        }
    }

    /// Q of the values up to `index` and those from there up to `end`.
    func statistic(_ index: Int, _ end: Int) -> Double {
        let (n, m) = (Double(index), Double(end - index))
        // Each pair within a part is there twice.
        let left = sums[index * side + index] / 2
        let across = sums[index * side + end] - sums[index * side + index]
        let all = sums[end * side + end] / 2
        let right = all - left - across
        var q = 2 / (n + m) * across
        if index > 1 { q -= 2 * m / ((n + m) * (n - 1)) * left }
        if end - index > 1 { q -= 2 * n / ((n + m) * (m - 1)) * right }
        return q
    }
}
