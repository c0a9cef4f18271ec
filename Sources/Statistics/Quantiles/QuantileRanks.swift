/// Which order statistics of n independent samples enclose a quantile.
///
/// - Source: David & Nagaraja; Hahn & Meeker 1991.
public struct QuantileRanks: Sendable, Equatable {
    /// The rank of the lower end, from 1; `nil` if the sample does not bound it.
    public let lower: Int?
    /// The rank of the upper end, from 1; `nil` if the sample does not bound it.
    public let upper: Int?
    /// How likely the interval is to hold the quantile; `nil` if an end is.
    public let coverage: Double?

    /// The two-sided interval at `confidence`: each end errs with at most half of what is left.
    public init(trials: Int, partsPerMillion: Int, confidence: Double) {
        self.init(trials, partsPerMillion, tail: (1 - confidence) / 2)
    }

    /// The one-sided bounds, each at `confidence`.
    public init(trials: Int, partsPerMillion: Int, oneSidedConfidence: Double) {
        self.init(trials, partsPerMillion, tail: 1 - oneSidedConfidence)
    }

    /// The two-sided interval by the normal approximation, whose coverage is not known.
    ///
    /// Within one rank of the exact one where n q (1 - q) is above 25, at constant cost.
    public init(approximatelyOf trials: Int, partsPerMillion: Int, confidence: Double) {
        let (n, q) = (Double(trials), Double(partsPerMillion) / 1e6)
        let width =
            NormalDistribution.quantile((1 + confidence) / 2) * (n * q * (1 - q)).squareRoot()
        let lower = Int(clamping: (n * q - width).rounded(.down))
        let upper = Int(clamping: (n * q + width).rounded(.up)) + 1
        self.lower = lower >= 1 ? lower : nil
        self.upper = upper <= trials ? upper : nil
        coverage = nil
    }

    /// The same ranks in a sample of `trials` that weighs as much as `effective` independent
    /// values, which these ranks are of: each is moved outward to the same share of the sample.
    public func spread(from effective: Int, to trials: Int) -> (lower: Int?, upper: Int?) {
        precondition(effective > 0 && trials >= effective, "\(effective) of \(trials)")
        let scale = Double(trials) / Double(effective)
        return (
            lower.map { max(1, Int(clamping: (Double($0) * scale).rounded(.down))) },
            upper.map { min(trials, Int(clamping: (Double($0) * scale).rounded(.up))) }
        )
    }

    private init(_ trials: Int, _ partsPerMillion: Int, tail: Double) {
        let q = Double(partsPerMillion) / 1e6
        // F(r-1), which grows with the rank r.
        func below(_ rank: Int) -> Double {
            Binomial.atMost(rank - 1, trials: trials, probability: q)
        }
        func first(where holds: (Int) -> Bool) -> Int {
            var (low, high) = (1, trials + 1)
            while low < high {
                let middle = low + (high - low) / 2
                if holds(middle) { high = middle } else { low = middle + 1 }
            }
            return low
        }
        let lower = first { below($0) > tail } - 1
        let upper = first { below($0) >= 1 - tail }
        self.lower = lower >= 1 ? lower : nil
        self.upper = upper <= trials ? upper : nil
        coverage = self.lower != nil && self.upper != nil ? below(upper) - below(lower) : nil
    }

    /// The rank of the point quantile: max(1, ceil(q n)) in whole numbers; n above 0.
    public static func point(trials: Int, partsPerMillion: Int) -> Int {
        precondition(trials > 0 && (0...1_000_000).contains(partsPerMillion), "\(trials)")
        let (high, low) = trials.multipliedFullWidth(by: partsPerMillion)
        let (quotient, remainder) = 1_000_000.dividingFullWidth((high, low))
        return max(1, quotient + (remainder > 0 ? 1 : 0))
    }

    /// The fewest samples whose largest bounds the quantile from above.
    public static func minimumForUpperBound(partsPerMillion: Int, confidence: Double) -> Int {
        let q = Double(partsPerMillion) / 1e6
        return Int(clamping: (Double.log(1 - confidence) / Double.log(q)).rounded(.up))
    }
}
