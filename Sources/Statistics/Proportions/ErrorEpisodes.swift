/// Errors that came together, each group an episode.
public struct ErrorEpisodes: Sendable, Equatable {
    /// How many errors each has, in the order of time.
    public let sizes: [Int]
    /// What independent errors that lie side by side by chance make of the design effect, at
    /// least 1.
    private let byChance: Double

    /// Groups errors whose gap is at most `gapSeconds`.
    ///
    /// O(n log n).
    ///
    /// - Parameters:
    ///   - times: when each failed request was due, in seconds and in any order.
    ///   - gapSeconds: the longest gap within an episode.
    ///   - byChance: the design effect that independent errors would show, at least 1.
    public init(times: [Double], gapSeconds: Double = 1, byChance: Double = 1) {
        precondition(gapSeconds >= 0 && byChance >= 1, "\(gapSeconds), \(byChance)")
        self.byChance = byChance
        var sizes: [Int] = []
        var last = -Double.infinity
        for time in times.sorted() {
            if time - last <= gapSeconds { sizes[sizes.count - 1] += 1 } else { sizes.append(1) }
            last = time
        }
        self.sizes = sizes
    }

    /// Episodes of known sizes, each at least 1.
    public init(sizes: [Int]) {
        precondition(sizes.allSatisfy { $0 >= 1 }, "\(sizes)")
        self.sizes = sizes
        byChance = 1
    }

    /// How many there are.
    public var count: Int { sizes.count }

    /// By how much they widen the variance of a count of errors: the errors that an error has in
    /// its episode, itself included; 1 without any.
    ///
    /// - Source: index of dispersion of a compound Poisson process.
    public var designEffect: Double {
        let total = sizes.reduce(0.0) { $0 + Double($1) }
        guard total > 0 else { return 1 }
        return max(1, sizes.reduce(0.0) { $0 + Double($1) * Double($1) } / total / byChance)
    }

    /// At most so many episodes an hour, where `episodes` were seen in `hours` above 0.
    public static func maximumPerHour(episodes: Int, hours: Double, confidence: Double) -> Double {
        precondition(hours > 0, "\(hours)")
        return PoissonDistribution.upperBound(count: episodes, confidence: confidence) / hours
    }

    /// The longest burst that a run without an error had a fair chance to show.
    ///
    /// The bound on the share is a bound on episodes times their size: below this size at least
    /// -ln(1 - confidence) episodes were to be expected if the share were `limit`.
    public static func longestBurst(trials: Int, limit: Double, confidence: Double) -> Int {
        precondition(trials >= 0 && confidence > 0 && confidence < 1, "\(trials), \(confidence)")
        return Int(Double(trials) * limit / -Double.log(1 - confidence))
    }
}
