/// How much runs of one build differ from each other, and how many it takes to see past that.
public struct RunVariation: Sendable, Equatable {
    /// The standard deviation of the logarithms, from their median distance: about the coefficient
    /// of variation, and not moved by one bad run.
    public let coefficient: Double

    /// Of one value of each run, above 0; `nil` below three runs.
    ///
    /// - Throws: `StatisticsError.notPositive`.
    public init?(_ values: Series) throws(StatisticsError) {
        let logarithms = try RatioEstimate.logarithms(values)
        guard logarithms.count >= 3, let median = logarithms.median,
            let distance = logarithms.map({ ($0 - median).magnitude }).median
        else { return nil }
        // The median distance of a normal value is 0.6745 standard deviations.
        coefficient = distance / 0.6745
    }

    /// A known coefficient, from 0.
    public init(coefficient: Double) {
        precondition(coefficient >= 0, "\(coefficient)")
        self.coefficient = coefficient
    }

    /// Whether the host is too noisy to compare builds on: more than 10 %.
    public var isTooNoisy: Bool { coefficient > 0.1 }

    /// About how many runs of each build prove with 80 % power that an unchanged build is not worse
    /// by `margin`, by the unpaired comparison; at least 3.
    ///
    /// - Source: the normal approximation over the rank test's efficiency of 3/pi, and one run for
    ///   the variance that is only estimated.
    public func neededRuns(margin: Double, confidence: Double) -> Int {
        precondition(margin > 0 && confidence > 0.5 && confidence < 1, "\(margin), \(confidence)")
        let z = NormalDistribution.quantile(confidence) + NormalDistribution.quantile(0.8)
        let ratio = z * coefficient / Double.logOnePlus(margin)
        return max(
            3, Int(clamping: min(1e15, (2 * ratio * ratio / (3 / Double.pi)).rounded(.up))) + 1)
    }
}
