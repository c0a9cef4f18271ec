/// The ranks of a sample that enclose a quantile, if its requests hang together.
///
/// The share above the quantile has an interval on the effective sample; its ends are the shares at
/// which the ends of the quantile's interval lie.
///
/// - Source: Woodruff 1952; statistics.md 2.2.
public struct QuantileInterval: Sendable, Equatable {
    /// The rank of the lower end, from 1; `nil` if the sample does not bound it.
    public let lower: Int?
    /// The rank of the upper end, from 1; `nil` if the sample does not bound it.
    public let upper: Int?

    /// The two-sided interval at `confidence` of a quantile in parts per million, among `trials`
    /// requests of which `designEffect`, at least 1, weigh as much as one independent request.
    public init(trials: Int, partsPerMillion: Int, confidence: Double, designEffect: Double) {
        precondition(trials > 0 && designEffect >= 1, "\(trials), \(designEffect)")
        guard designEffect > 1, (1..<1_000_000).contains(partsPerMillion) else {
            let ranks = QuantileRanks(
                trials: trials, partsPerMillion: partsPerMillion, confidence: confidence)
            (lower, upper) = (ranks.lower, ranks.upper)
            return
        }
        let tail = (1 - confidence) / 2
        let share = Double(1_000_000 - partsPerMillion) / 1e6
        let effective = max(1, Double(trials) / designEffect)
        let count = share * effective
        let least = IncompleteBeta.inverse(count, effective - count + 1, of: tail) ?? 0
        let most = IncompleteBeta.inverse(count + 1, effective - count, of: 1 - tail) ?? 1
        let point = QuantileRanks.point(trials: trials, partsPerMillion: partsPerMillion)
        func rank(_ above: Double) -> Int {
            Int(clamping: ((1 - above) * Double(trials)).rounded(.up))
        }
        // The interval never excludes its own point.
        let low = min(point, rank(most))
        lower = low >= 1 ? low : nil
        upper = least * Double(trials) < 1 ? nil : min(trials, max(point, rank(least)))
    }
}
