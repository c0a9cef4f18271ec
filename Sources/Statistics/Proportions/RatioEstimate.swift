/// By what factor a candidate's values are larger than a baseline's, with exact bounds.
///
/// - Source: Hodges & Lehmann 1963; bounds by inverting the rank tests' exact distributions.
public struct RatioEstimate: Sendable, Equatable {
    /// The estimated ratio; 1 where nothing changed.
    public let ratio: Double
    /// The lower bound; `nil` if the runs are too few for any.
    public let lower: Double?
    /// The upper bound; `nil` if the runs are too few for any.
    public let upper: Double?
    /// How many of the sorted logarithmic differences lie outside each bound; `nil` with them.
    public let critical: Int?

    /// From runs made apart: all pairs of one run of each.
    ///
    /// O(n m log(n m)).
    ///
    /// - Parameter confidence: one-sided, of each bound.
    /// - Throws: `StatisticsError.notPositive` on a value not above 0.
    public static func unpaired(
        baseline: Series, candidate: Series, confidence: Double
    ) throws(StatisticsError) -> RatioEstimate? {
        let (a, b) = (try logarithms(baseline), try logarithms(candidate))
        guard !a.isEmpty, !b.isEmpty else { return nil }
        let differences = a.flatMap { a in b.map { $0 - a } }.sorted()
        let critical = NullDistribution.rankSum(baseline: a.count, candidate: b.count)
            .critical(alpha: 1 - confidence)
        return RatioEstimate(differences, critical)
    }

    /// From rounds in which both ran: the averages of all pairs of rounds, each with itself too.
    ///
    /// What disturbs a round disturbs both, and falls out. O(n^2 log n).
    ///
    /// - Throws: `StatisticsError` on values not above 0, or series of different lengths.
    public static func paired(
        baseline: Series, candidate: Series, confidence: Double
    ) throws(StatisticsError) -> RatioEstimate? {
        guard baseline.count == candidate.count else {
            throw .unequalLengths(baseline.count, candidate.count)
        }
        let (a, b) = (try logarithms(baseline), try logarithms(candidate))
        guard !a.isEmpty else { return nil }
        let differences = zip(a, b).map { $1 - $0 }
        let critical = NullDistribution.signedRank(count: a.count).critical(alpha: 1 - confidence)
        return RatioEstimate(differences.walshAverages, critical)
    }

    /// - Parameter sorted: at least one logarithmic difference, ascending.
    private init(_ sorted: [Double], _ critical: Int?) {
        ratio = Double.exp(sorted.medianOfSorted ?? 0)
        // With one or two runs a bound may lie beyond the middle; then there is none.
        let usable = critical.flatMap { 2 * $0 < sorted.count ? $0 : nil }
        self.critical = usable
        lower = usable.map { Double.exp(sorted[$0]) }
        upper = usable.map { Double.exp(sorted[sorted.count - 1 - $0]) }
    }

    /// The same where every value may be off by a factor of up to `factor`, 1 or more: each bound
    /// that much further away, the estimate as it was.
    public func widened(by factor: Double) -> RatioEstimate {
        precondition(factor >= 1, "\(factor)")
        return RatioEstimate(
            ratio: ratio, lower: lower.map { $0 / factor }, upper: upper.map { $0 * factor },
            critical: critical)
    }

    private init(ratio: Double, lower: Double?, upper: Double?, critical: Int?) {
        self.ratio = ratio
        self.lower = lower
        self.upper = upper
        self.critical = critical
    }

    static func logarithms(_ series: Series) throws(StatisticsError) -> [Double] {
        if let index = series.values.firstIndex(where: { $0 <= 0 }) {
            throw .notPositive(series.values[index], at: index)
        }
        return series.values.map { Double.log($0) }
    }
}

extension [Double] {
    /// The averages of all pairs, each with itself too, ascending.
    var walshAverages: [Double] {
        indices.flatMap { i in self[i...].map { ($0 + self[i]) / 2 } }.sorted()
    }
}
