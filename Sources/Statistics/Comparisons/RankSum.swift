/// The rank-sum test of Mann and Whitney: whether candidate values are larger than baseline values.
///
/// - Source: Mann & Whitney 1947; ties after Hollander & Wolfe, as in scipy's mannwhitneyu.
public struct RankSum: Sendable, Equatable {
    /// Pairs in which the candidate's value is the larger one; ties count half.
    public let u: Double
    /// How many values the baseline has.
    public let baselineCount: Int
    /// How many values the candidate has.
    public let candidateCount: Int
    /// Whether two values are equal, so that exact probabilities are not defined.
    public let hasTies: Bool
    private let tieTerm: Double

    /// Compares two samples; `nil` if one of them is empty.
    ///
    /// O(n log n).
    public init?(baseline: Series, candidate: Series) {
        guard baseline.count > 0, candidate.count > 0 else { return nil }
        let ranks = Ranks(baseline.values + candidate.values)
        let sum = ranks.ranks.dropFirst(baseline.count).reduce(0, +)
        let m = Double(candidate.count)
        u = sum - m * (m + 1) / 2
        baselineCount = baseline.count
        candidateCount = candidate.count
        hasTies = ranks.tieTerm > 0
        tieTerm = ranks.tieTerm
    }

    private var pairs: Double { Double(baselineCount) * Double(candidateCount) }

    /// P(U >= u) if both are alike, small where the candidate is larger; `nil` with ties.
    public var exactGreater: Double? {
        hasTies ? nil : distribution.atLeast(Int(u))
    }

    /// P(U <= u) if both are alike, small where the candidate is smaller; `nil` with ties.
    public var exactLess: Double? {
        hasTies ? nil : distribution.atMost(Int(u))
    }

    /// The chance of a difference as large as this in either direction; `nil` with ties.
    public var exactTwoSided: Double? {
        guard let exactGreater, let exactLess else { return nil }
        return min(1, 2 * min(exactGreater, exactLess))
    }

    /// P(U >= u) by the normal approximation with continuity and ties; `nil` if all are equal.
    public var approximateGreater: Double? {
        deviation.map { min(1, NormalDistribution.above((u - pairs / 2 - 0.5) / $0)) }
    }

    /// The two-sided chance by the same approximation.
    public var approximateTwoSided: Double? {
        deviation.map { deviation in
            let away = (u - pairs / 2).magnitude
            return min(1, 2 * NormalDistribution.above((away - 0.5) / deviation))
        }
    }

    private var deviation: Double? {
        let n = Double(baselineCount + candidateCount)
        let variance = pairs / 12 * (n + 1 - tieTerm / (n * (n - 1)))
        return variance > 0 ? variance.squareRoot() : nil
    }

    private var distribution: NullDistribution {
        .rankSum(baseline: baselineCount, candidate: candidateCount)
    }
}

/// Ranks from 1 in the order of size, equal values sharing the mean of theirs.
struct Ranks {
    let ranks: [Double]
    /// t^3 - t over the groups of t equal values, added up.
    let tieTerm: Double

    init(_ values: [Double]) {
        let order = values.indices.sorted { values[$0] < values[$1] }
        var ranks = [Double](repeating: 0, count: values.count)
        var tieTerm = 0.0
        var start = 0
        while start < order.count {
            var end = start + 1
            while end < order.count, values[order[end]] == values[order[start]] { end += 1 }
            for place in start..<end { ranks[order[place]] = Double(start + end + 1) / 2 }
            let size = Double(end - start)
            tieTerm += size * size * size - size
            start = end
        }
        self.ranks = ranks
        self.tieTerm = tieTerm
    }
}
