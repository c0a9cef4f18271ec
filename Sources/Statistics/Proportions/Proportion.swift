import CBoostMath

/// A share of requests with a property, k of n, with exact bounds and three-valued verdicts.
public struct Proportion: Sendable, Equatable {
    /// How many have the property.
    public let count: Int
    /// How many there are.
    public let total: Int

    /// `count` of `total`, 0 <= count <= total.
    public init(_ count: Int, of total: Int) {
        precondition(count >= 0 && count <= total, "\(count) of \(total)")
        self.count = count
        self.total = total
    }

    /// The lower bound at a one-sided confidence; `nil` if there is nothing.
    ///
    /// - Source: Clopper & Pearson 1934.
    public func lowerBound(confidence: Double) -> Double? {
        guard total > 0 else { return nil }
        if count == 0 { return 0 }
        if count == total { return Double.exp(Double.log(1 - confidence) / Double(total)) }
        return boost_ibeta_inv(Double(count), Double(total - count + 1), 1 - confidence)
    }

    /// The upper bound at a one-sided confidence; `nil` if there is nothing.
    public func upperBound(confidence: Double) -> Double? {
        guard total > 0 else { return nil }
        if count == total { return 1 }
        if count == 0 { return -Double.expMinusOne(Double.log(1 - confidence) / Double(total)) }
        return boost_ibeta_inv(Double(count + 1), Double(total - count), confidence)
    }

    /// What the evidence says of the claim that the true share is below a limit.
    public typealias Verdict = Statistics.Verdict

    /// Judges the claim that the true share is at most `limit`, each way at this confidence.
    public func verdict(limit: Double, confidence: Double) -> Verdict {
        guard total > 0 else { return .invalid }
        let alpha = 1 - confidence
        if Binomial.atMost(count, trials: total, probability: limit) <= alpha { return .pass }
        if Binomial.atLeast(count, trials: total, probability: limit) <= alpha { return .fail }
        return .inconclusive
    }
}
