/// Whether a difference of mean logarithms is larger than relabelling the runs would make it.
public struct PermutationTest: Sendable, Equatable {
    /// More relabellings than this are not tried.
    public static let maximumRelabellings = 20_000

    /// The candidate's mean logarithm less the baseline's.
    public let statistic: Double
    /// The share of relabellings whose statistic is as large or larger.
    public let p: Double

    /// Tries all relabellings; `nil` if a sample is empty or there are more than 20,000.
    ///
    /// - Throws: `StatisticsError.notPositive` on a value not above 0.
    public init?(baseline: Series, candidate: Series) throws(StatisticsError) {
        let (a, b) = (
            try RatioEstimate.logarithms(baseline), try RatioEstimate.logarithms(candidate)
        )
        guard let meanA = a.mean, let meanB = b.mean,
            Self.relabellings(a.count, b.count) <= Double(Self.maximumRelabellings)
        else { return nil }
        let all = a + b
        let total = all.sum
        let observed = meanB - meanA
        var (count, tried) = (0, 0)
        Self.forEachChoice(of: b.count, among: all.count) { chosen in
            let sum = chosen.reduce(0) { $0 + all[$1] }
            let value = sum / Double(b.count) - (total - sum) / Double(a.count)
            tried += 1
            // The observed labelling itself may come out a hair smaller by rounding.
            if value >= observed - 1e-12 { count += 1 }
        }
        statistic = observed
        p = Double(count) / Double(tried)
    }

    /// In how many ways n + m runs can be labelled.
    static func relabellings(_ n: Int, _ m: Int) -> Double {
        (0..<m).reduce(1.0) { $0 * Double(n + m - $1) / Double($1 + 1) }.rounded()
    }

    /// Calls `body` with every choice of `count` places among `size`, ascending.
    private static func forEachChoice(
        of count: Int, among size: Int, _ body: ([Int]) -> Void
    ) {
        var chosen = Array(0..<count)
        while true {
            body(chosen)
            // The last place that can still move.
            guard let place = chosen.indices.last(where: { chosen[$0] < size - count + $0 })
            else { return }
            chosen[place] += 1
            for next in chosen.indices where next > place { chosen[next] = chosen[next - 1] + 1 }
        }
    }
}

/// The signed-rank test: whether paired differences are above 0.
///
/// - Source: Wilcoxon 1945; Hodges & Lehmann 1963.
public struct SignedRank: Sendable, Equatable {
    /// The ranks of the positive differences, added up.
    public let positiveSum: Double
    /// P(sum >= positiveSum) if the differences scatter about 0, exact also with equal sizes.
    public let p: Double
    /// The median of the averages of all pairs of differences.
    public let estimate: Double

    /// Tests differences; those of 0 are left out, and `nil` without any other.
    ///
    /// O(n^3).
    public init?(_ differences: Series) {
        let values = differences.values.filter { $0 != 0 }
        guard !values.isEmpty, let estimate = differences.values.walshAverages.medianOfSorted
        else { return nil }
        let ranks = Ranks(values.map(\.magnitude)).ranks
        positiveSum = zip(values, ranks).reduce(0) { $1.0 > 0 ? $0 + $1.1 : $0 }
        // Shared ranks are halves, so twice a rank is whole.
        let doubled = ranks.map { Int(2 * $0) }
        p = NullDistribution.signedSum(of: doubled).atLeast(Int(2 * positiveSum))
        self.estimate = estimate
    }
}
