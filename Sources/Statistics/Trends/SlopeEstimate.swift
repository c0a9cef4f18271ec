/// The median of the slopes between all pairs of points, which outliers hardly move.
///
/// - Source: Theil 1950; Sen 1968; rank positions as in scipy's theilslopes.
public struct SlopeEstimate: Sendable {
    /// Every pair's slope, ascending.
    private let slopes: [Double]
    /// The estimated slope, in units of y for one of x.
    public let slope: Double
    /// The estimated y at x = 0.
    public let intercept: Double
    /// The variance of Mann and Kendall's S, tie-corrected.
    public let varianceOfS: Double

    /// Of points; `nil` if no two differ in x.
    ///
    /// O(n^2 log n).
    ///
    /// - Throws: `StatisticsError.unequalLengths`.
    public init?(x: Series, y: Series) throws(StatisticsError) {
        guard x.count == y.count else { throw .unequalLengths(x.count, y.count) }
        self.init(x.values, y.values)
    }

    /// Columns of one length.
    init?(_ x: [Double], _ y: [Double]) {
        var slopes: [Double] = []
        slopes.reserveCapacity(x.count * (x.count - 1) / 2)
        for i in x.indices {
            for j in x.indices.dropFirst(i + 1) where x[i] != x[j] {
                slopes.append((y[j] - y[i]) / (x[j] - x[i]))
            }
        }
        slopes.sort()
        guard let slope = slopes.medianOfSorted, let middleX = x.median, let middleY = y.median
        else { return nil }
        self.slopes = slopes
        self.slope = slope
        intercept = middleY - slope * middleX
        let n = Double(x.count)
        varianceOfS = (n * (n - 1) * (2 * n + 5) - Self.ties(x) - Self.ties(y)) / 18
    }

    /// The lower bound at a one-sided confidence.
    ///
    /// - Parameter varianceFactor: by how much correlation widens the variance of S.
    public func lower(confidence: Double, varianceFactor: Double = 1) -> Double {
        let width = width(confidence, varianceFactor)
        let position = ((Double(slopes.count) - width) / 2).rounded(.toNearestOrEven)
        return slopes[min(max(Int(position) - 1, 0), slopes.count - 1)]
    }

    /// The upper bound at a one-sided confidence.
    public func upper(confidence: Double, varianceFactor: Double = 1) -> Double {
        let width = width(confidence, varianceFactor)
        let position = ((Double(slopes.count) + width) / 2).rounded(.toNearestOrEven)
        return slopes[min(max(Int(position), 0), slopes.count - 1)]
    }

    private func width(_ confidence: Double, _ varianceFactor: Double) -> Double {
        NormalDistribution.quantile(confidence) * (varianceFactor * varianceOfS).squareRoot()
    }

    /// t(t - 1)(2t + 5) over the groups of t equal values, added up.
    static func ties(_ values: [Double]) -> Double {
        var groups: [Double: Double] = [:]
        for value in values { groups[value, default: 0] += 1 }
        return groups.values.reduce(0) { $0 + $1 * ($1 - 1) * (2 * $1 + 5) }
    }
}
