/// How the requests of a run hang together: what every interval, bound and plan of it rests on.
///
/// Requests of a second share the level of latency that the target has then, and levels of
/// neighbouring seconds are alike. The level shows this although nothing exceeds a bound, so that
/// the variance of a count can be taken at the limit that is claimed, not at what was seen.
///
/// - Source: a score test of a clustered share; statistics.md, "Dependence".
public struct Dependence: Sendable, Equatable {
    /// A level that differs so much between seconds by chance has this probability.
    private static let detection = 0.02
    /// The run is to be this many times as long as its correlation time, and at least.
    public static let minimumStretches = 10.0
    /// A smaller design effect does not ask for a run that is long for its correlation.
    public static let smallEffect = 1.5
    private static let maximumCorrelation = 0.995
    /// A short run shows a quarter of the swings of a level that wanders for minutes, so that two
    /// of those and a half are ten of its own.
    private static let minimumDeviations = 10.0

    /// How likely levels that differ so much are if requests are independent, 0 to 1.
    let chance: Double
    /// Whether the level differs more from second to second than independent requests explain.
    public let isSeen: Bool
    /// The part of the variance of a latency's logarithm that a second's requests share, 0 to 1.
    public let intraclass: Double
    /// The correlation of the levels of neighbouring seconds, 0 to below 1.
    public let correlation: Double
    /// The standard deviation of the seconds' mean logarithms.
    private let deviation: Double
    /// The judged seconds.
    public let seconds: Int
    /// Requests a second, on average.
    private let perSecond: Double
    private let tails: TailCounts?

    /// From the levels of the judged seconds in order, and what lay above which level of latency.
    ///
    /// O(seconds + columns of the tails).
    public init(levels: [LatencyLevel], tails: TailCounts? = nil) {
        let known = levels.filter { $0.count > 1 }
        self.tails = tails
        seconds = max(1, levels.count)
        perSecond = Double(levels.reduce(0) { $0 + $1.count }) / Double(seconds)
        let means = known.map(\.mean)
        let noise = known.map { $0.variance / Double($0.count) }.mean ?? 0
        let within = known.map(\.variance).mean ?? 0
        guard known.count >= 3, let variance = means.variance, let mean = means.mean,
            variance > 0
        else {
            (chance, isSeen, intraclass, correlation) = (1, false, 0, 0)
            deviation = 0
            return
        }
        deviation = variance.squareRoot()
        let degrees = Double(known.count - 1)
        chance =
            noise > 0 ? Gamma.upper(degrees / 2, at: degrees * variance / noise / 2) : 0
        isSeen = chance < Self.detection
        let signal = max(0, variance - noise)
        intraclass = signal / (signal + within)
        let corrected = Autocorrelation(deviations: means.map { $0 - mean }).corrected
        // What sampling adds to each second's mean is not correlated.
        let reliability = signal / variance
        correlation =
            reliability > 0 ? min(0.99, corrected / max(reliability, 0.3)) : 0
    }

    /// For how long the level stays what it is: the seconds that weigh as much as one independent
    /// second.
    public var time: Double { (1 + correlation) / (1 - correlation) }

    /// How many independent stretches the run has at least, by a bound of its correlation.
    ///
    /// The bound is one-sided at 95 %, by the large-sample error of an autocorrelation.
    public var stretches: Double {
        let error = ((1 - correlation * correlation) / Double(seconds)).squareRoot()
        let most = min(Self.maximumCorrelation, correlation + 1.645 * error)
        return Double(seconds) * (1 - most) / (1 + most)
    }

    /// Whether the run is long enough for its own correlation to say what another would show.
    public var isLongEnough: Bool { !isSeen || stretches >= Self.minimumStretches }

    /// Whether the level of latency may come so high that `share` of the requests reach a bound.
    ///
    /// If not, what does reach it is of another kind than the level's swings. Another run may be as
    /// much slower than this one as the tolerance limit of levels is above their mean: of as many
    /// normal values as the run is correlation times long, two at least, and ten deviations at
    /// least.
    public func canReach(_ bound: Double, share: Double, confidence: Double) -> Bool {
        let count = max(2, min(10_000, Double(seconds) / time))
        guard
            let factor = ToleranceLimit.factor(
                count: count, share: share, confidence: confidence)
        else { return true }
        let slower = Double.exp(max(Self.minimumDeviations, factor) * deviation)
        guard let seen = tails?.share(above: bound / slower) else { return true }
        return seen > share
    }

    /// How many requests weigh as much as one independent request where `share` of all requests
    /// exceed a bound; 1 where no dependence was seen.
    public func designEffect(at share: Double) -> Double {
        guard isSeen, share > 0, share < 1 else { return 1 }
        return max(1, modelled(at: share), tails?.designEffect(at: share).effect ?? 1)
    }

    /// The degrees of freedom that the design effect is known with, at least 1.
    public func degreesOfFreedom(at share: Double) -> Double {
        guard isSeen else { return .infinity }
        let batches = tails?.designEffect(at: share).batches ?? .infinity
        return max(1, min(batches, Double(seconds) / time) - 1)
    }

    /// By the level alone: the correlations of two exceedances of one second and of seconds apart,
    /// if levels are normal.
    private func modelled(at share: Double) -> Double {
        let z = NormalDistribution.quantile(1 - share)
        let variance = share * (1 - share)
        let most = min(0.999, intraclass)
        func correlation(_ between: Double) -> Double {
            BivariateNormal.jointExcess(above: z, correlation: between) / variance
        }
        var effect = 1 + (perSecond - 1) * correlation(most)
        var level = most
        var lag = 1
        while lag < seconds {
            level *= self.correlation
            guard level > most * 1e-3 else { break }
            effect +=
                2 * perSecond * (1 - Double(lag) / Double(seconds)) * correlation(level)
            lag += 1
        }
        return effect
    }
}
