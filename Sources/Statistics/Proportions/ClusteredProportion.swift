/// A share of requests whose errors come in bursts, or whose latency changes from second to second,
/// with bounds that know it.
///
/// Independent-trial bounds then promise too much. The sample is shrunk by its design effect, and
/// the exact bounds are taken of what is left.
///
/// - Source: Rao & Scott 1992; Korn & Graubard 1998; statistics.md 1.3.
public struct ClusteredProportion: Sendable, Equatable {
    /// All requests, and those with the property.
    public let seen: Proportion
    /// The variance of the batches over that of independent trials, corrected for their own
    /// correlation.
    public let batchEffect: Double
    /// The same with the batches' correlation however few have the property.
    public let correlatedEffect: Double
    /// What the episodes' sizes say; 1 where none are given.
    public let episodeEffect: Double
    /// The batches' autocorrelation at lag 1.
    public let lagOne: Double
    /// The same without most of its bias; 0 below 30 errors, where it cannot be estimated.
    public let autocorrelation: Double
    /// How many independent batches weigh as much as the batches.
    public let effectiveBatches: Double
    /// The degrees of freedom of the estimated variance.
    public let degreesOfFreedom: Double
    /// How much the sample shrinks because its variance is only estimated; 1 without a design
    /// effect.
    private let spread: Double
    private let hasEpisodes: Bool

    /// Batches of equal time in their order, and for errors their episodes.
    ///
    /// O(batches + episodes).
    ///
    /// - Parameters:
    ///   - batches: at least 2, by default 30 of a run.
    ///   - episodes: the errors' episodes; `nil` for latency thresholds.
    public init(batches: [Proportion], episodes: ErrorEpisodes? = nil) {
        precondition(batches.count >= 2, "\(batches.count) batches")
        seen = Proportion(
            batches.reduce(0) { $0 + $1.count }, of: batches.reduce(0) { $0 + $1.total })
        let variation = BatchVariation(batches, of: seen)
        let sizes = episodes?.sizes ?? []
        hasEpisodes = !sizes.isEmpty
        episodeEffect = episodes?.designEffect ?? 1
        batchEffect = variation.effect
        correlatedEffect = variation.correlatedEffect
        lagOne = variation.lagOne
        autocorrelation = variation.autocorrelation
        effectiveBatches = variation.effectiveBatches
        let degrees = effectiveBatches - 1
        degreesOfFreedom = hasEpisodes ? min(degrees, Double(sizes.count)) : degrees
        let isMixed = seen.count > 0 && seen.count < seen.total
        spread = isMixed ? max(1, batchEffect, episodeEffect) : 1
    }

    /// How many requests weigh as much as one independent request; 1 where all or none have the
    /// property.
    public var designEffect: Double { spread }

    /// How much the sample shrinks at a confidence because its variance is only estimated.
    public func shrink(confidence: Double) -> Double {
        guard spread > 1, confidence != 0.5 else { return 1 }
        let z = NormalDistribution.quantile(confidence)
        let t = StudentDistribution(degreesOfFreedom: degreesOfFreedom).quantile(confidence)
        return (z / t) * (z / t)
    }

    /// The independent requests that the sample weighs as much as, and those with the property.
    public func effective(confidence: Double) -> (count: Double, total: Double) {
        let scale = shrink(confidence: confidence) / spread
        return (scale * Double(seen.count), scale * Double(seen.total))
    }

    /// The lower bound at a one-sided confidence; `nil` if there is nothing.
    public func lowerBound(confidence: Double) -> Double? {
        guard seen.total > 0 else { return nil }
        if spread == 1 { return seen.lowerBound(confidence: confidence) }
        let (count, total) = effective(confidence: confidence)
        return IncompleteBeta.inverse(count, total - count + 1, of: 1 - confidence)
    }

    /// The upper bound at a one-sided confidence; `nil` if there is nothing.
    public func upperBound(confidence: Double) -> Double? {
        guard seen.total > 0 else { return nil }
        if spread == 1 { return seen.upperBound(confidence: confidence) }
        let (count, total) = effective(confidence: confidence)
        return IncompleteBeta.inverse(count + 1, total - count, of: confidence)
    }

    /// Whether the run was long enough for its own correlation.
    ///
    /// Where it is not, nothing passes, but for a latency share far below its limit.
    public var isLongEnough: Bool {
        spread < 2 || (effectiveBatches >= 10 && (hasEpisodes || hasTenIndependent))
    }

    /// Whether at least ten independent requests with the property were seen.
    private var hasTenIndependent: Bool { Double(seen.count) / spread >= 10 }

    /// The upper bound with at least ten effective requests with the property, which a share far
    /// below its limit is judged by although fewer than ten were seen; `nil` in any other case.
    public func cautiousUpperBound(confidence: Double) -> Double? {
        guard spread >= 2, effectiveBatches >= 10, !hasEpisodes, !hasTenIndependent else {
            return nil
        }
        let (count, total) = effective(confidence: confidence)
        let cautious = max(count, 10)
        guard total > cautious else { return 1 }
        return IncompleteBeta.inverse(cautious + 1, total - cautious, of: confidence)
    }

    /// Judges the claim that the true share is at most `limit`, each way at this confidence.
    public func verdict(limit: Double, confidence: Double) -> Verdict {
        guard let lower = lowerBound(confidence: confidence),
            let upper = upperBound(confidence: confidence)
        else { return seen.total == 0 ? .invalid : .inconclusive }
        if lower > limit { return .fail }
        if isLongEnough { return upper <= limit ? .pass : .inconclusive }
        guard let cautious = cautiousUpperBound(confidence: confidence),
            Double(seen.count) / Double(seen.total) <= limit / 3, cautious <= limit
        else { return .inconclusive }
        return .pass
    }
}

/// How much more batches differ than those of independent trials would.
private struct BatchVariation {
    /// Fewest requests with the property from which the batches' correlation is estimated.
    private static let minimumForCorrelation = 30

    private(set) var effect = 1.0
    private(set) var correlatedEffect = 1.0
    private(set) var lagOne = 0.0
    private(set) var autocorrelation = 0.0
    private(set) var effectiveBatches: Double

    init(_ batches: [Proportion], of seen: Proportion) {
        let size = Double(batches.count)
        effectiveBatches = size
        guard seen.count > 0, seen.count < seen.total else { return }
        let total = Double(seen.total)
        let share = Double(seen.count) / total
        let excess = batches.map { Double($0.count) - share * Double($0.total) }
        let correlation = Autocorrelation(deviations: excess)
        let variance = size / (size - 1) * excess.map { $0 * $0 }.sum / (total * total)
        effect = variance / (share * (1 - share) / total)
        lagOne = correlation.lagOne
        let corrected = correlation.corrected
        correlatedEffect = effect * (1 + corrected) / (1 - corrected)
        guard seen.count >= Self.minimumForCorrelation else { return }
        autocorrelation = corrected
        effect = correlatedEffect
        effectiveBatches = max(2, size * (1 - autocorrelation) / (1 + autocorrelation))
    }
}
