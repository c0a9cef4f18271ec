public import Statistics

/// A share of requests judged with what a run shows of the dependence between them.
///
/// Second by second the requests go into at most 30 batches of equal time. What the batches and the
/// episodes of errors say widens the bounds. Fewer seconds than 30 are a batch each.
///
/// - Source: statistics.md 1.3.
public struct ShareTest: Sendable, Equatable {
    /// The most batches.
    public static let mostBatches = 30

    /// All requests, and those that count.
    public let seen: Proportion
    /// How many batches there are.
    public let batches: Int
    /// With dependence; absent where there are fewer than two batches.
    private let clustered: ClusteredProportion?
    /// A single error shows nothing of bursts, and its one episode has no variance to estimate.
    private let isSingleError: Bool

    /// From each second's requests in the order of time, and for errors their episodes.
    ///
    /// O(seconds + episodes).
    public init(perSecond: [Proportion], episodes: ErrorEpisodes? = nil) {
        let count = min(Self.mostBatches, perSecond.count)
        var sums = [(count: Int, total: Int)](repeating: (0, 0), count: count)
        for (index, second) in perSecond.enumerated() {
            let batch = index * count / perSecond.count
            sums[batch].count += second.count
            sums[batch].total += second.total
        }
        seen = Proportion(
            sums.reduce(0) { $0 + $1.count }, of: sums.reduce(0) { $0 + $1.total })
        batches = count
        isSingleError = episodes != nil && seen.count == 1
        clustered =
            count < 2
            ? nil
            : ClusteredProportion(
                batches: sums.map { Proportion($0.count, of: $0.total) }, episodes: episodes)
    }

    /// The episodes of errors that were due at these times, in seconds.
    ///
    /// Errors belong together where their gap is at most a second. Where they are so many that
    /// independent ones would often lie as near, only a tenth of their mean distance joins them.
    public static func episodes(at times: [Double], seconds: Double) -> ErrorEpisodes {
        ErrorEpisodes(
            times: times, gapSeconds: min(1, seconds / (10 * Double(max(1, times.count)))))
    }

    /// Whether all or none count, or one error alone: then there is no dependence to be seen.
    private var isPlain: Bool {
        seen.count == 0 || seen.count == seen.total || isSingleError
    }

    /// Whether a single second, which shows no dependence, is all there is to judge by.
    public var isBlind: Bool { clustered == nil && !isPlain }

    /// How many requests weigh as much as one independent request, at least 1.
    public var designEffect: Double { isPlain ? 1 : clustered?.designEffect ?? 1 }

    /// The independent requests that the sample weighs as much as, and those that count.
    public func effective(confidence: Double) -> (count: Double, total: Double) {
        guard !isPlain, let clustered else { return (Double(seen.count), Double(seen.total)) }
        return clustered.effective(confidence: confidence)
    }

    /// The lower bound at a one-sided confidence; absent where there is none.
    public func lowerBound(confidence: Double) -> Double? {
        if isPlain { return seen.lowerBound(confidence: confidence) }
        return clustered?.lowerBound(confidence: confidence)
    }

    /// The upper bound at a one-sided confidence; absent where there is none.
    public func upperBound(confidence: Double) -> Double? {
        if isPlain { return seen.upperBound(confidence: confidence) }
        return clustered?.upperBound(confidence: confidence)
    }

    /// Whether the run was long enough for its own correlation.
    public var isLongEnough: Bool { isPlain || clustered?.isLongEnough ?? false }

    /// Judges the claim that the true share is at most `limit`, each way at this confidence.
    public func verdict(limit: Double, confidence: Double) -> Verdict {
        if isPlain { return seen.verdict(limit: limit, confidence: confidence) }
        return clustered?.verdict(limit: limit, confidence: confidence) ?? .inconclusive
    }

    /// The smallest true share above `limit` that such a sample calls FAIL with 80 % power; absent
    /// where not even all of it would.
    public func smallestFound(limit: Double, confidence: Double) -> Double? {
        let trials = Int(effective(confidence: confidence).total)
        guard trials > 0,
            let errors = SampleSize.fewestErrorsThatFail(
                trials: trials, limit: limit, confidence: confidence)
        else { return nil }
        return IncompleteBeta.inverse(Double(errors), Double(trials - errors) + 1, of: 0.8)
    }
}
