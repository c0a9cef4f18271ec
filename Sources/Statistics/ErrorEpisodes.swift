/// Errors that came together, each group an episode.
public struct ErrorEpisodes: Sendable, Equatable {
    /// How many errors each has, in the order of time.
    public let sizes: [Int]

    /// Groups errors whose gap is at most `gapSeconds`.
    ///
    /// O(n log n).
    ///
    /// - Parameter times: when each failed request was due, in seconds and in any order.
    public init(times: [Double], gapSeconds: Double = 1) {
        precondition(gapSeconds >= 0, "\(gapSeconds)")
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
    }

    /// How many there are.
    public var count: Int { sizes.count }

    /// By how much they widen the variance of a count of errors: the errors that an error has in
    /// its episode, itself included; 1 without any.
    ///
    /// - Source: index of dispersion of a compound Poisson process.
    public var designEffect: Double {
        let total = sizes.reduce(0.0) { $0 + Double($1) }
        return total == 0 ? 1 : sizes.reduce(0.0) { $0 + Double($1) * Double($1) } / total
    }

    /// At most so many episodes an hour, where `episodes` were seen in `hours` above 0.
    public static func mostPerHour(episodes: Int, hours: Double, confidence: Double) -> Double {
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
