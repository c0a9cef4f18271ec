/// How much of a value can be told from the one before it, and what that leaves of a sample.
public struct Autocorrelation: Sendable {
    private let deviations: [Double]
    private let squares: Double

    /// Of a series.
    public init(_ series: Series) {
        let mean = series.mean ?? 0
        self.init(deviations: series.values.map { $0 - mean })
    }

    init(deviations: [Double]) {
        self.deviations = deviations
        squares = deviations.map { $0 * $0 }.sum
    }

    /// The biased estimate at a lag (divided by n, so that it is at most 1); `nil` if the
    /// series is constant, and 0 from lags as long as the series.
    ///
    /// O(n).
    public func coefficient(lag: Int) -> Double? {
        precondition(lag >= 0, "\(lag)")
        guard squares > 0 else { return nil }
        guard lag < deviations.count else { return 0 }
        return zip(deviations, deviations.dropFirst(lag)).map { $0 * $1 }.sum / squares
    }

    /// The estimate at lag 1; 0 where the series is constant.
    public var lagOne: Double { coefficient(lag: 1) ?? 0 }

    /// The estimate at lag 1 without most of its bias.
    public var corrected: Double { Self.corrected(lagOne, count: deviations.count) }

    /// r* = (n r1 + 2)/(n - 4) between 0 and 0.99; 0.99 where n is 4 or less.
    ///
    /// - Source: van Giersbergen 2005; Hamed 2009.
    static func corrected(_ r1: Double, count: Int) -> Double {
        guard count > 4 else { return 0.99 }
        return min(max((Double(count) * r1 + 2) / Double(count - 4), 0), 0.99)
    }

    /// How many independent values weigh as much: n (1 - r*)/(1 + r*).
    public var effectiveCount: Double {
        let r = corrected
        return Double(deviations.count) * (1 - r) / (1 + r)
    }

    /// The integrated time by the initial positive sequence, at least 1; `nil` if the series is
    /// constant.
    ///
    /// O(n lags), where the first pair of lags whose sum is not above 0 ends it.
    ///
    /// - Source: Geyer 1992.
    public var integratedTime: Double? {
        guard squares > 0 else { return nil }
        var sum = 0.0
        var lag = 0
        while lag < deviations.count {
            let pair = (coefficient(lag: lag) ?? 0) + (coefficient(lag: lag + 1) ?? 0)
            guard pair > 0 else { break }
            sum += pair
            lag += 2
        }
        return max(1, 2 * sum - 1)
    }

    /// Squared steps over squared deviations: 2 for independent values, less where neighbours are
    /// alike; `nil` if the series is constant.
    ///
    /// - Source: von Neumann 1941.
    public var vonNeumannRatio: Double? {
        guard squares > 0 else { return nil }
        return zip(deviations, deviations.dropFirst()).map { ($1 - $0) * ($1 - $0) }.sum / squares
    }
}

/// Means of equal batches of consecutive values, and what they say of the mean's variance.
public struct BatchMeans: Sendable {
    /// Each batch's mean; what does not fill a batch at the end is left out.
    public let means: [Double]

    /// Cuts a series into `batches`, at least 2; `nil` if it has fewer values.
    public init?(_ series: Series, batches: Int) {
        precondition(batches >= 2, "\(batches)")
        let size = series.count / batches
        guard size > 0 else { return nil }
        means = (0..<batches).map { batch in
            Array(series.values[batch * size..<(batch + 1) * size]).mean ?? 0
        }
    }

    /// The mean of the batches.
    public var mean: Double { means.mean ?? 0 }

    /// The variance of that mean.
    public var varianceOfMean: Double { (means.variance ?? 0) / Double(means.count) }

    /// The batches' own autocorrelation at lag 1.
    public var lagOne: Double { Autocorrelation(Series(finite: means)).lagOne }
}
