/// How many requests a claim about a share needs.
public enum SampleSize {
    /// The largest number of requests that is looked at; a thousand years at 30,000/s.
    private static let most = 1 << 50

    /// The smallest n at which k errors prove a share of at most `limit`.
    ///
    /// Bisection, O(log n).
    public static func required(limit: Double, errors: Int, confidence: Double) -> Int {
        precondition(limit > 0 && limit < 1 && errors >= 0, "\(limit), \(errors)")
        let alpha = 1 - confidence
        func passes(_ n: Int) -> Bool {
            Binomial.atMost(errors, trials: n, probability: limit) <= alpha
        }
        var high = max(errors + 1, 2)
        while !passes(high), high < most { high *= 2 }
        var low = errors  // With no more requests than errors nothing passes.
        while high - low > 1 {
            let middle = low + (high - low) / 2
            if passes(middle) { high = middle } else { low = middle }
        }
        return high
    }

    /// The fewest errors in n requests that refute a share of at most `limit`; absent where none
    /// do.
    public static func fewestErrorsThatFail(trials: Int, limit: Double, confidence: Double) -> Int?
    {
        let alpha = 1 - confidence
        return least(in: 1...max(1, trials)) {
            Binomial.atLeast($0, trials: trials, probability: limit) <= alpha
        }
    }

    /// The most errors in n requests that still prove a share of at most `limit`; absent where not
    /// even none do.
    public static func mostErrorsThatPass(trials: Int, limit: Double, confidence: Double) -> Int? {
        let alpha = 1 - confidence
        let first = least(in: 0...trials) {
            Binomial.atMost($0, trials: trials, probability: limit) > alpha
        }
        guard let first else { return trials }
        return first == 0 ? nil : first - 1
    }

    /// A number of requests, and the errors that they allow.
    public struct Plan: Sendable, Equatable {
        /// The most errors that still pass.
        public let errors: Int
        /// How many requests.
        public let trials: Int
        /// How likely they are to pass at the believed share.
        public let passProbability: Double
    }

    /// The smallest plan that passes with `power` if the true share is `believed`.
    ///
    /// - Returns: absent where `believed` is not below `limit`, so that no plan can be relied on.
    public static func plan(
        limit: Double, believed: Double, confidence: Double, power: Double = 0.8
    ) -> Plan? {
        guard believed < limit else { return nil }
        // The nearer the two are, the more errors are needed; at 100,000 they are the same.
        for errors in 0..<100_000 {
            let trials = required(limit: limit, errors: errors, confidence: confidence)
            let chance = Binomial.atMost(errors, trials: trials, probability: believed)
            if chance >= power {
                return Plan(errors: errors, trials: trials, passProbability: chance)
            }
        }
        return nil
    }

    /// How many more requests without an error would prove the claim; 0 where it is proven.
    public static func more(after seen: Proportion, limit: Double, confidence: Double) -> Int {
        max(0, required(limit: limit, errors: seen.count, confidence: confidence) - seen.total)
    }

    /// The first value in a range at which a condition that stays true becomes true.
    private static func least(in range: ClosedRange<Int>, where holds: (Int) -> Bool) -> Int? {
        guard holds(range.upperBound) else { return nil }
        var (low, high) = (range.lowerBound, range.upperBound)
        while low < high {
            let middle = low + (high - low) / 2
            if holds(middle) { high = middle } else { low = middle + 1 }
        }
        return low
    }
}
