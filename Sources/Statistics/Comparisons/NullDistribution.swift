/// The exact distribution of a rank statistic where nothing but chance is at work.
public struct NullDistribution: Sendable {
    /// How often each value comes, and how often all: natural numbers where doubles can hold them.
    private let counts: [Double]
    private let total: Double

    /// Of U for two samples without ties.
    ///
    /// O(n m (n + m)).
    ///
    /// - Source: Mann & Whitney 1947: the numbers of partitions, by their generating function.
    public static func rankSum(baseline n: Int, candidate m: Int) -> NullDistribution {
        precondition(n >= 0 && m >= 0 && n + m <= 1_000, "\(n) and \(m)")
        // The Gaussian binomial: the product over i of (1 - x^(n+i)) / (1 - x^i).
        var counts = [Double](repeating: 0, count: n * m + 1)
        counts[0] = 1
        var total = 1.0
        for i in stride(from: 1, through: m, by: 1) {
            for index in stride(from: n * m, through: n + i, by: -1) {
                counts[index] -= counts[index - n - i]
            }
            for index in stride(from: i, through: n * m, by: 1) {
                counts[index] += counts[index - i]
            }
            total *= Double(n + i) / Double(i)
        }
        // Rounding gathers at the far end, and the two ends are alike.
        for index in 0...n * m where 2 * index > n * m { counts[index] = counts[n * m - index] }
        return NullDistribution(counts: counts, total: total.rounded())
    }

    /// Of the sum of the ranks with a plus sign, for `count` differences of distinct size.
    ///
    /// O(count^3).
    public static func signedRank(count: Int) -> NullDistribution {
        precondition(count >= 0 && count <= 1_000, "\(count)")
        return signedSum(of: (0..<count).map { $0 + 1 })
    }

    /// Of the sum of those of some weights that get a plus sign.
    static func signedSum(of weights: [Int]) -> NullDistribution {
        var counts = [Double](repeating: 0, count: weights.reduce(0, +) + 1)
        counts[0] = 1
        var (reached, total) = (0, 1.0)
        for weight in weights {
            reached += weight
            total *= 2
            for index in stride(from: reached, through: weight, by: -1) {
                counts[index] += counts[index - weight]
            }
        }
        return NullDistribution(counts: counts, total: total)
    }

    /// P(statistic <= value).
    public func atMost(_ value: Int) -> Double {
        value < 0 ? 0 : min(1, Array(counts.prefix(value + 1)).sum / total)
    }

    /// P(statistic >= value).
    public func atLeast(_ value: Int) -> Double {
        // Symmetric, so the same numbers are added from the small end.
        atMost(counts.count - 1 - value)
    }

    /// The largest value that the statistic comes up to with at most the probability alpha; `nil`
    /// if even the smallest is likelier.
    public func critical(alpha: Double) -> Int? {
        var sum = 0.0
        for (value, count) in counts.enumerated() {
            sum += count
            if sum / total > alpha { return value == 0 ? nil : value - 1 }
        }
        return counts.count - 1
    }
}
