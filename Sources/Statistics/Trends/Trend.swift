/// Whether a series rises or falls, and how fast, with neighbours that may be alike.
///
/// Plain tests call noise with a memory a trend. This one widens the variance by what a first-order
/// memory of the residuals' own correlation does to it.
///
/// - Source: Mann 1945; Kendall 1975; Hamed & Rao 1998 with the autocorrelation modelled as in
///   Hamed 2009; statistics.md section 4.
public struct Trend: Sendable {
    /// The slope with its pairs.
    public let estimate: SlopeEstimate
    /// Pairs that rise less pairs that fall.
    public let s: Int
    /// How many values there are.
    public let count: Int
    /// The residuals from the slope.
    public let residuals: [Double]
    /// The residuals' autocorrelation at lag 1; 0 where they are constant.
    public let lagOne: Double
    /// The same without most of its bias.
    public let autocorrelation: Double

    /// Of values against their index; `nil` below two values.
    public init?(_ series: Series) {
        self.init(series.values.indices.map(Double.init), series.values)
    }

    /// Of values against places that increase strictly: times, or completed requests.
    ///
    /// O(n^2 log n); `nil` below two values.
    ///
    /// - Throws: `StatisticsError` on columns of different lengths or places that do not increase.
    public init?(x: Series, y: Series) throws(StatisticsError) {
        guard x.count == y.count else { throw .unequalLengths(x.count, y.count) }
        if let index = x.values.indices.dropFirst().first(where: {
            x.values[$0] <= x.values[$0 - 1]
        }) {
            throw .notIncreasing(at: index)
        }
        self.init(x.values, y.values)
    }

    init?(_ x: [Double], _ y: [Double]) {
        guard let estimate = SlopeEstimate(x, y) else { return nil }
        self.estimate = estimate
        count = y.count
        var s = 0
        for i in y.indices {
            for j in y.indices.dropFirst(i + 1) { s += y[j] > y[i] ? 1 : y[j] < y[i] ? -1 : 0 }
        }
        self.s = s
        let residuals = zip(x, y).map { $1 - estimate.slope * $0 }
        self.residuals = residuals
        lagOne = Autocorrelation(Series(finite: residuals)).lagOne
        autocorrelation = Autocorrelation.corrected(lagOne, count: y.count)
    }

    /// S over its largest value: 1 where every pair rises, -1 where every pair falls.
    public var tau: Double { Double(s) / (Double(count) * Double(count - 1) / 2) }

    /// By how much the residuals' correlation widens the variance of S, at least 1.
    public var varianceFactor: Double {
        guard count > 2 else { return 1 }
        let n = Double(count)
        var (sum, power) = (0.0, 1.0)
        for k in 1..<count {
            power *= autocorrelation
            let left = n - Double(k)
            sum += left * (left - 1) * (left - 2) * (6 / Double.pi) * Double.arcSine(power / 2)
        }
        return max(1, 1 + 2 / (n * (n - 1) * (n - 2)) * sum)
    }

    /// The standardised S; 0 where the series is constant.
    ///
    /// - Parameter varianceFactor: 1 for independent values.
    public func z(varianceFactor: Double = 1) -> Double {
        let variance = estimate.varianceOfS * varianceFactor
        guard variance > 0, s != 0 else { return 0 }
        return Double(s - s.signum()) / variance.squareRoot()
    }

    /// The chance of so many rising pairs without a trend; 1 where the series is constant.
    public func pIncreasing(varianceFactor: Double = 1) -> Double {
        estimate.varianceOfS > 0 ? NormalDistribution.above(z(varianceFactor: varianceFactor)) : 1
    }

    /// The chance of as many rising or falling pairs without a trend.
    public func pTwoSided(varianceFactor: Double = 1) -> Double {
        min(1, 2 * NormalDistribution.above(z(varianceFactor: varianceFactor).magnitude))
    }
}
