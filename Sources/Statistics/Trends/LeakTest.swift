/// Whether memory grows by more than a tolerance, from its floors against time or requests.
///
/// That something is free of leaks cannot be proven; that it grows by less than a tolerance can.
///
/// - Source: statistics.md section 4.
public struct LeakTest: Sendable {
    /// Fewer floors decide nothing.
    public static let minimumFloors = 12
    /// Fewer floors pass only where the distance from the tolerance dwarfs the noise.
    public static let fullFloors = 30

    /// Why the verdict is what it is.
    public enum Reason: String, Sendable, Codable {
        /// Growth is bounded below the tolerance.
        case bounded
        /// Growth above the tolerance is proven.
        case leak
        /// Growth above the tolerance gathers speed.
        case accelerating
        /// Fewer than 12 floors.
        case tooFewBlocks = "too_few_blocks"
        /// Growth is proven, but its second half is less than half as fast: a cache that fills.
        case slowing
        /// Fewer than 30 floors, and the distance from the tolerance does not dwarf the noise.
        case fewBlocks = "few_blocks"
        /// Growth of a heap that is collected from time to time, and was not in this run.
        case noCollection = "no_collection"
        /// The residuals' memory is too long for this run.
        case noiseTooSlow = "noise_too_slow"
        /// Bounded as a whole, but its second half is not.
        case lateGrowth = "late_growth"
        /// The bounds enclose the tolerance.
        case notResolved = "not_resolved"
    }

    /// The figures that the rule rests on, in bytes for one of x.
    public struct Figures: Sendable, Equatable {
        /// The slope.
        public let slope: Double
        /// Its upper bound at 95 %, plus the granularity over the span.
        public let upper95: Double
        /// Its lower bound at 99 %, less the granularity over the span.
        public let lower99: Double
        /// The same as if the residuals had no memory.
        public let lower99Independent: Double
        /// The slope of the second half of the floors.
        public let secondHalfSlope: Double
        /// The residuals' corrected autocorrelation.
        public let autocorrelation: Double
        /// The largest residual less the smallest.
        public let residualRange: Double
        /// Kendall's tau: 1 where every floor is above all before it.
        public let tau: Double
        /// The last x less the first.
        public let span: Double
        /// How many floors.
        public let count: Int
    }

    /// What was computed; `nil` below 12 floors.
    public let figures: Figures?
    /// The verdict.
    public let verdict: Verdict
    /// Why.
    public let reason: Reason

    /// Judges floors.
    ///
    /// O(n^2 log n), of at most some 500 floors.
    ///
    /// - Parameters:
    ///   - floors: in bytes.
    ///   - x: when each was reached, in seconds or completed requests; strictly increasing.
    ///   - tolerance: in bytes for one of x.
    ///   - granularity: the step in which memory is counted, in bytes: 4,096 for resident pages.
    /// - Throws: `StatisticsError` on columns of different lengths or places that do not increase,
    ///   as after a restart.
    public init(
        floors: Series, at x: Series, tolerance: Double, granularity: Double
    ) throws(StatisticsError) {
        guard floors.count >= Self.minimumFloors else {
            (figures, verdict, reason) = (nil, .inconclusive, .tooFewBlocks)
            return
        }
        guard let trend = try Trend(x: x, y: floors),
            let figures = Self.figures(trend, x.values, floors.values, granularity)
        else {
            (figures, verdict, reason) = (nil, .inconclusive, .tooFewBlocks)
            return
        }
        self.figures = figures
        (verdict, reason) = figures.judged(tolerance)
    }

    private static func figures(
        _ trend: Trend, _ x: [Double], _ y: [Double], _ granularity: Double
    ) -> Figures? {
        guard let first = x.first, let last = x.last,
            let second = SlopeEstimate(
                Array(x.suffix(from: x.count / 2)), Array(y.suffix(from: y.count / 2)))
        else { return nil }
        let factor = trend.varianceFactor
        let step = granularity / (last - first)
        let slope = trend.estimate
        return Figures(
            slope: slope.slope,
            upper95: slope.upper(confidence: 0.95, varianceFactor: factor) + step,
            lower99: slope.lower(confidence: 0.99, varianceFactor: factor) - step,
            lower99Independent: slope.lower(confidence: 0.99) - step,
            secondHalfSlope: second.slope, autocorrelation: trend.autocorrelation,
            residualRange: trend.residuals.range, tau: trend.tau, span: last - first,
            count: y.count)
    }
}

extension LeakTest.Figures {
    /// The rule, in its order.
    fileprivate func judged(_ tolerance: Double) -> (Verdict, LeakTest.Reason) {
        // A growth, or a distance from the tolerance, several times larger than all that the
        // residuals did in the run is not explained by slow noise.
        let growth = (slope - tolerance) * span
        let isLeak =
            (autocorrelation <= 0.9 || growth > 4 * residualRange)
            && lower99 > tolerance && secondHalfSlope >= 0.5 * slope
        if isLeak { return (.fail, .leak) }
        let isAccelerating =
            tau >= 0.8 && secondHalfSlope >= slope && lower99Independent > tolerance
            && growth > 1.5 * residualRange
        if isAccelerating { return (.fail, .accelerating) }
        let isQuiet = autocorrelation <= 0.6 && count >= LeakTest.fullFloors
        let isResolvable = isQuiet || -growth > 4 * residualRange
        if isResolvable, upper95 < tolerance, secondHalfSlope < tolerance {
            return (.pass, .bounded)
        }
        if lower99 > tolerance, secondHalfSlope < 0.5 * slope { return (.inconclusive, .slowing) }
        if !isResolvable {
            return (.inconclusive, autocorrelation <= 0.6 ? .fewBlocks : .noiseTooSlow)
        }
        return (.inconclusive, upper95 < tolerance ? .lateGrowth : .notResolved)
    }
}

extension LeakTest {
    /// How long a run must be to resolve a slope, in seconds.
    ///
    /// - Parameters:
    ///   - slope: the growth that is to be found, in bytes a second, above 0.
    ///   - floorNoise: the standard deviation of floors, in bytes.
    ///   - floors: how many floors the run has.
    /// - Source: statistics.md section 4, 80 % power at 95 %.
    public static func neededSeconds(
        slope: Double, floorNoise: Double, floors: Int
    ) -> Double {
        precondition(slope > 0 && floorNoise >= 0 && floors > 0, "\(slope), \(floorNoise)")
        return 2.49 * floorNoise * (12 / Double(floors)).squareRoot() / slope
    }
}
