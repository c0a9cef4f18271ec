public import Statistics

/// A share of requests held against a limit, with what a run shows of the dependence between them.
///
/// Second by second the requests go into at most 30 batches of equal time. What the batches, the
/// episodes of errors and the level of latency say widens the bounds.
///
/// - Source: statistics.md 1.3 and "Dependence".
public struct ShareTest: Sendable, Equatable {
    /// The most batches.
    public static let maximumBatches = 30

    /// If requests hang together, at least so many independent ones are reckoned to count: they
    /// come in few spells then, and one may have been missed.
    private static let unseen = 0.5
    /// Batches of independent requests differ a little more than they should in half of all runs,
    /// which costs a FAIL some seven points of power: `Scripts/calibrate-verdicts` measures it.
    private static let nominalPower = 0.87

    /// All requests, and those that count.
    public let seen: Proportion
    /// The share that it is held against.
    public let limit: Double
    /// How many batches there are.
    public let batches: Int
    /// How requests hang together by the level of latency; `nil` if that is not known.
    public let dependence: Dependence?
    /// `nil` if there are fewer than two batches.
    private let clustered: ClusteredProportion?
    /// A single error shows nothing of bursts, and its one episode has no variance to estimate.
    private let isSingleError: Bool
    private let levelEffect: Double
    private let degreesOfFreedom: Double

    /// From each second's requests in the order of time, for errors their episodes, and for
    /// latencies the dependence that their level shows.
    ///
    /// O(seconds + episodes).
    public init(
        perSecond: [Proportion], limit: Double, episodes: ErrorEpisodes? = nil,
        dependence: Dependence? = nil
    ) {
        let count = min(Self.maximumBatches, perSecond.count)
        var sums = [(count: Int, total: Int)](repeating: (0, 0), count: count)
        for (index, second) in perSecond.enumerated() {
            let batch = index * count / perSecond.count
            sums[batch].count += second.count
            sums[batch].total += second.total
        }
        seen = Proportion(
            sums.reduce(0) { $0 + $1.count }, of: sums.reduce(0) { $0 + $1.total })
        self.limit = limit
        self.dependence = dependence
        batches = count
        isSingleError = seen.count == 1
        clustered =
            count < 2
            ? nil
            : ClusteredProportion(
                batches: sums.map { Proportion($0.count, of: $0.total) }, episodes: episodes)
        levelEffect = dependence?.designEffect(at: limit) ?? 1
        degreesOfFreedom = min(
            clustered?.degreesOfFreedom ?? .infinity,
            dependence?.degreesOfFreedom(at: limit) ?? .infinity)
    }

    /// The episodes of errors that were due at these times, in seconds, among `requests` of them.
    ///
    /// Errors belong together if their gap is at most a second. If they are so many that
    /// independent ones would often lie as near, only a tenth of their mean distance joins them,
    /// but always the distance between two requests: a success ends an episode, not the time
    /// between two failures.
    public static func episodes(
        at times: [Double], seconds: Double, requests: Int
    ) -> ErrorEpisodes {
        let apart = seconds / Double(max(1, requests))
        let gap = max(1.5 * apart, min(1, seconds / (10 * Double(max(1, times.count)))))
        // Independent errors lie as near by chance, too, and would be joined as often as this.
        let share = min(0.999, Double(times.count) / Double(max(1, requests)))
        let joined = 1 - Double.exp((gap / apart).rounded(.down) * Double.log(1 - share))
        return ErrorEpisodes(
            times: times, gapSeconds: gap, byChance: (1 + joined) / max(1e-9, 1 - joined))
    }

    /// Whether nothing of dependence was to be seen: all or none count, or one error alone.
    private var isPlain: Bool {
        levelEffect == 1 && (seen.count == 0 || seen.count == seen.total || isSingleError)
    }

    /// Whether a single second, which shows no dependence, is all there is to judge by.
    public var isBlind: Bool { clustered == nil && !isPlain }

    /// How many requests weigh as much as one independent request, at least 1.
    public var designEffect: Double {
        isPlain ? 1 : max(levelEffect, clustered?.designEffect ?? 1)
    }

    /// The independent requests that the sample weighs as much as, and those that count.
    public func effective(confidence: Double) -> (count: Double, total: Double) {
        let effect = designEffect
        guard effect > 1 else { return (Double(seen.count), Double(seen.total)) }
        let scale = shrink(confidence: confidence) / effect
        return (scale * Double(seen.count), scale * Double(seen.total))
    }

    /// How much the sample shrinks because its variance is only estimated.
    private func shrink(confidence: Double) -> Double {
        let z = NormalDistribution.quantile(confidence)
        // At 50 % both quantiles are 0.
        guard z.magnitude > 1e-3, degreesOfFreedom.isFinite else { return 1 }
        let t = StudentDistribution(degreesOfFreedom: max(1, degreesOfFreedom))
            .quantile(confidence)
        return (z / t) * (z / t)
    }

    /// The lower bound at a one-sided confidence; `nil` if there is none.
    public func lowerBound(confidence: Double) -> Double? {
        if isPlain || designEffect == 1 && clustered != nil {
            return seen.lowerBound(confidence: confidence)
        }
        guard clustered != nil else { return nil }
        let (count, total) = effective(confidence: confidence)
        return count > 0 ? IncompleteBeta.inverse(count, total - count + 1, of: 1 - confidence) : 0
    }

    /// The upper bound at a one-sided confidence; `nil` if there is none.
    ///
    /// Half an independent request is reckoned to count if requests hang together and fewer do.
    public func upperBound(confidence: Double) -> Double? {
        if isPlain || designEffect == 1 && clustered != nil {
            return seen.upperBound(confidence: confidence)
        }
        guard clustered != nil else { return nil }
        var (count, total) = effective(confidence: confidence)
        if isDependent, designEffect >= 2 { count = max(Self.unseen, count) }
        guard total > count else { return 1 }
        return IncompleteBeta.inverse(count + 1, total - count, of: confidence)
    }

    private var isDependent: Bool { dependence?.isSeen ?? false }

    /// Whether the run was long enough for its own correlation.
    public var isLongEnough: Bool {
        guard !isPlain else { return true }
        guard let clustered else { return false }
        guard let dependence else { return clustered.isLongEnough }
        if dependence.isSeen {
            return designEffect < Dependence.smallEffect || dependence.isLongEnough
        }
        return designEffect < 2 || clustered.effectiveBatches >= 10
    }

    /// Judges the claim that the true share is at most the limit, each way at this confidence.
    public func verdict(confidence: Double) -> Verdict {
        if isPlain { return seen.verdict(limit: limit, confidence: confidence) }
        guard let clustered, let lower = lowerBound(confidence: confidence),
            let upper = upperBound(confidence: confidence)
        else { return seen.total == 0 ? .invalid : .inconclusive }
        if lower > limit { return .fail }
        if isLongEnough { return upper <= limit ? .pass : .inconclusive }
        guard dependence == nil,
            let cautious = clustered.cautiousUpperBound(confidence: confidence),
            Double(seen.count) / Double(seen.total) <= limit / 3, cautious <= limit
        else { return .inconclusive }
        return .pass
    }

    /// How likely such a share is, or a larger one, if the true one is the limit: the smallest
    /// alpha at which it FAILs.
    ///
    /// Bisection over the confidence.
    public var failProbability: Double {
        func fails(_ alpha: Double) -> Bool {
            (lowerBound(confidence: 1 - alpha) ?? 0) > limit
        }
        guard fails(0.5) else { return 1 }
        var (low, high) = (-36.0, Double.log(0.5))
        guard !fails(Double.exp(low)) else { return Double.exp(low) }
        for _ in 0..<50 {
            let middle = (low + high) / 2
            if fails(Double.exp(middle)) { high = middle } else { low = middle }
        }
        return Double.exp(high)
    }

    /// The smallest true share above the limit that such a sample calls FAIL with 80 % power; `nil`
    /// if not even all of it would, or if requests hang together, so that no such share is known.
    public func smallestFound(confidence: Double) -> Double? {
        guard designEffect == 1, !isDependent, seen.total > 0,
            let errors = SampleSize.minimumErrorsThatFail(
                trials: seen.total, limit: limit, confidence: confidence)
        else { return nil }
        return IncompleteBeta.inverse(
            Double(errors), Double(seen.total - errors) + 1, of: Self.nominalPower)
    }
}
