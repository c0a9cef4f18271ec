/// Bounds of the mean of a series whose neighbours are alike, for throughput and goodput.
public struct MeanBounds: Sendable, Equatable {
    /// The mean; `nil` if there is nothing.
    public let mean: Double?
    /// The corrected autocorrelation at lag 1.
    public let autocorrelation: Double
    /// How many independent values weigh as much.
    public let effectiveCount: Double
    private let student: StudentMean?
    /// The lower bound at the one-sided confidence; `nil` below two effective values.
    public let lower: Double?
    /// The upper bound at the one-sided confidence; `nil` below two effective values.
    public let upper: Double?

    /// Bounds from per-second values after the warm-up cut.
    ///
    /// O(n).
    ///
    /// - Source: Student's t on the effective number of values; statistics.md 2.6.
    public init(_ series: Series, confidence: Double) {
        let correlation = Autocorrelation(series)
        student = StudentMean(
            series.values, effectiveCount: correlation.effectiveCount)
        mean = series.mean
        autocorrelation = correlation.corrected
        effectiveCount = correlation.effectiveCount
        lower = student?.lower(confidence)
        upper = student?.upper(confidence)
    }

    /// How likely such a mean is, or one further off, if the true one is the limit exactly; `nil`
    /// below two effective values.
    public func failProbability(_ bound: Bound, _ limit: Double) -> Double? {
        student?.p(against: bound, limit)
    }

    /// Judges the claim that the mean keeps to `limit`.
    public func verdict(_ bound: Bound, _ limit: Double) -> Verdict {
        guard mean != nil else { return .invalid }
        guard let lower, let upper else { return .inconclusive }
        switch bound {
        case .atLeast: return lower >= limit ? .pass : upper < limit ? .fail : .inconclusive
        case .atMost: return upper <= limit ? .pass : lower > limit ? .fail : .inconclusive
        }
    }
}

/// A mean with its standard error and degrees of freedom, from at least two effective values.
struct StudentMean: Sendable, Equatable {
    let mean: Double
    private let error: Double
    private let student: StudentDistribution

    /// `nil` below two effective values or two values.
    init?(_ values: [Double], effectiveCount: Double) {
        guard effectiveCount >= 2, let mean = values.mean, let variance = values.variance
        else { return nil }
        self.mean = mean
        error = (variance / effectiveCount).squareRoot()
        student = StudentDistribution(degreesOfFreedom: effectiveCount - 1)
    }

    func lower(_ confidence: Double) -> Double { mean - student.quantile(confidence) * error }

    func upper(_ confidence: Double) -> Double { mean + student.quantile(confidence) * error }

    /// How likely such a mean is, or one further off, if the true one keeps to the limit exactly.
    func p(against bound: Bound, _ limit: Double) -> Double {
        let shortfall = bound == .atLeast ? limit - mean : mean - limit
        if error == 0 { return shortfall > 0 ? 0 : 1 }
        return student.above(shortfall / error)
    }
}
