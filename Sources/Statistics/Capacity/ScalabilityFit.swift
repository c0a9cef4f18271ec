/// The scalability law that fits measured throughput best, by least squares within its bounds.
public struct ScalabilityFit: Sendable, Equatable {
    /// One measured load.
    public struct Point: Sendable, Equatable {
        /// Measured concurrency, above 0; of an open load, throughput times latency (Little).
        public let concurrency: Double
        /// Requests a second, above 0.
        public let throughput: Double
        /// 1 over its variance, where runs were repeated.
        public let weight: Double

        /// A point; all of them weigh alike unless said otherwise.
        public init(concurrency: Double, throughput: Double, weight: Double = 1) {
            precondition(concurrency > 0 && throughput >= 0 && weight > 0)
            self.concurrency = concurrency
            self.throughput = throughput
            self.weight = weight
        }
    }

    /// A figure's standard error, and its two-sided 95 % interval.
    public struct Precision: Sendable, Equatable {
        /// The standard error.
        public let standardError: Double
        /// The interval by Student's t.
        public let interval: ClosedRange<Double>
    }

    /// A reason not to trust a fit.
    public enum Caution: Sendable, Equatable {
        /// Fewer than six loads.
        case fewLoads
        /// The law explains less than 95 % of the variance.
        case poorFit
        /// The interval of the coherency includes 0, or it is 0.
        case peakNotIdentified
        /// Some load is above what as many single ones would give.
        case superlinear
    }

    /// The fitted law.
    public let law: ScalabilityLaw
    /// The weighted squared residuals, added up.
    public let residualSquares: Double
    /// Points less free parameters.
    public let degreesOfFreedom: Int
    /// The share of the variance that the law explains; `nil` if throughput is constant.
    public let rSquared: Double?
    /// Of the rate; `nil` without degrees of freedom.
    public let rate: Precision?
    /// Of the contention; `nil` if it is at its bound.
    public let contention: Precision?
    /// Of the coherency; `nil` if it is at its bound.
    public let coherency: Precision?
    /// The standard error of the peak's concurrency; `nil` if either price is at its bound.
    public let peakStandardError: Double?
    /// What speaks against trusting it.
    public let cautions: [Caution]
    /// The law is never believed beyond this concurrency: 1.5 times the largest measured.
    public let largestBelievable: Double

    /// Fits; `nil` below three loads, or where none is above concurrency 1 or has throughput.
    public init?(_ points: [Point]) {
        guard points.count >= 3, let largest = points.map(\.concurrency).max(), largest > 1,
            points.contains(where: { $0.throughput > 0 }),
            let best = ScalabilitySearch(points, largest: largest).best()
        else { return nil }
        law = best.law
        residualSquares = best.squares
        degreesOfFreedom = points.count - best.free.count
        rSquared = Self.rSquared(points, best.squares)
        largestBelievable = 1.5 * largest
        let precision = best.covariance(degreesOfFreedom)
        rate = precision?.of(.rate, at: best.law.rate)
        contention = precision?.of(.contention, at: best.law.contention)
        coherency = precision?.of(.coherency, at: best.law.coherency)
        peakStandardError = precision?.ofPeak(best.law)
        cautions = Self.cautions(points, best.law, rSquared, coherency)
    }

    private static func rSquared(_ points: [Point], _ squares: Double) -> Double? {
        let weight = points.map(\.weight).sum
        let mean = points.map { $0.weight * $0.throughput }.sum / weight
        let total = points.map { $0.weight * ($0.throughput - mean) * ($0.throughput - mean) }.sum
        return total > 0 ? 1 - squares / total : nil
    }

    private static func cautions(
        _ points: [Point], _ law: ScalabilityLaw, _ rSquared: Double?, _ coherency: Precision?
    ) -> [Caution] {
        var cautions: [Caution] = []
        if points.count < 6 { cautions.append(.fewLoads) }
        if rSquared ?? 0 < 0.95 { cautions.append(.poorFit) }
        if coherency.map({ $0.interval.lowerBound <= 0 }) ?? true {
            cautions.append(.peakNotIdentified)
        }
        if points.contains(where: { $0.throughput > $0.concurrency * law.rate }) {
            cautions.append(.superlinear)
        }
        return cautions
    }
}
