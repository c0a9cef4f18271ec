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

    /// The fewest errors in n requests that refute a share of at most `limit`; `nil` if none
    /// do.
    public static func minimumErrorsThatFail(trials: Int, limit: Double, confidence: Double) -> Int?
    {
        let alpha = 1 - confidence
        return least(in: 1...max(1, trials)) {
            Binomial.atLeast($0, trials: trials, probability: limit) <= alpha
        }
    }

    /// The most errors in n requests that still prove a share of at most `limit`; `nil` if not
    /// even none do.
    public static func maximumErrorsThatPass(trials: Int, limit: Double, confidence: Double) -> Int?
    {
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
    /// - Returns: `nil` if `believed` is not below `limit`, so that no plan can be relied on.
    public static func plan(
        limit: Double, believed: Double, confidence: Double, power: Double = 0.8
    ) -> Plan? {
        guard believed < limit else { return nil }
        func plan(_ errors: Int) -> Plan {
            let trials = required(limit: limit, errors: errors, confidence: confidence)
            return Plan(
                errors: errors, trials: trials,
                passProbability: Binomial.atMost(
                    errors, trials: trials, probability: believed))
        }
        for errors in firstCandidate(power, plan)..<maximumErrors {
            let plan = plan(errors)
            if plan.passProbability >= power { return plan }
        }
        return nil
    }

    /// The nearer the two shares are, the more errors are needed; at so many they are the same.
    private static let maximumErrors = 100_000

    /// Where to start to look for the smallest plan.
    ///
    /// The chance to pass rises with the errors allowed, but for the steps of whole numbers, which
    /// are smaller than one over the root of the errors. Below 400 errors each is looked at.
    private static func firstCandidate(_ power: Double, _ plan: (Int) -> Plan) -> Int {
        func isTooFew(_ errors: Int) -> Bool {
            plan(errors).passProbability < power - 1 / Double(errors).squareRoot()
        }
        var low = 400
        guard isTooFew(low) else { return 0 }
        var high = low
        while high < maximumErrors, isTooFew(high) {
            low = high
            high *= 2
        }
        high = min(high, maximumErrors)
        while high - low > 1 {
            let middle = low + (high - low) / 2
            if isTooFew(middle) { low = middle } else { high = middle }
        }
        return low
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
