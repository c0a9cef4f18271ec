/// Several tests at once, without more false alarms than one alone would give.
///
/// - Source: Holm 1979.
public struct Holm: Sendable {
    /// The adjusted p values, in the order of the tests; each is at most 1.
    public let adjusted: [Double]

    /// Adjusts p values; O(m log m).
    public init(_ p: [Double]) {
        precondition(p.allSatisfy { (0...1).contains($0) }, "\(p)")
        var adjusted = p
        var least = 0.0
        for (rank, index) in p.indices.sorted(by: { p[$0] < p[$1] }).enumerated() {
            least = max(least, min(1, Double(p.count - rank) * p[index]))
            adjusted[index] = least
        }
        self.adjusted = adjusted
    }

    /// Which tests reject at a level, so that any false one is among them with that probability.
    public func rejected(alpha: Double) -> [Bool] { adjusted.map { $0 <= alpha } }

    /// How many comparisons can be made so that one whose p value is `smallest` still rejects.
    public static func maximumComparisons(smallest p: Double, alpha: Double) -> Int {
        precondition(p > 0, "\(p)")
        // 0.05 / 0.05 may come out a hair below 1.
        return Int(clamping: (alpha / p * (1 + 1e-12)).rounded(.down))
    }
}
