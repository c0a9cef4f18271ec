/// Whether a sample may come from a given distribution.
///
/// - Source: Kolmogorov 1933; the finite sample's correction is Stephens 1970, good to 0.01 of p
///   from some 20 values on.
public struct KolmogorovSmirnov: Sendable, Equatable {
    /// The largest distance between the sample's distribution and the given one.
    public let distance: Double
    /// The chance of such a distance, or a larger one, if the sample does come from it.
    public let p: Double

    /// Holds a sample against a continuous distribution; `nil` without a value.
    ///
    /// O(n log n).
    ///
    /// - Parameter cumulative: the share of the distribution at or below a value, 0 to 1.
    public init?(_ sample: Series, cumulative: (Double) -> Double) {
        guard sample.count > 0 else { return nil }
        let n = Double(sample.count)
        var distance = 0.0
        for (index, value) in sample.values.sorted().enumerated() {
            let share = cumulative(value)
            distance = max(distance, share - Double(index) / n, Double(index + 1) / n - share)
        }
        self.distance = distance
        let root = n.squareRoot()
        p = Self.tail((root + 0.12 + 0.11 / root) * distance)
    }

    /// P(K > x) of Kolmogorov's distribution.
    static func tail(_ x: Double) -> Double {
        if x < 0.2 { return 1 }
        if x < 1 {
            // The theta function's other form converges where x is small.
            let sum = (1...20).reduce(0.0) { sum, k in
                let odd = Double(2 * k - 1)
                return sum + Double.exp(-odd * odd * Double.pi * Double.pi / (8 * x * x))
            }
            return 1 - (2 * Double.pi).squareRoot() / x * sum
        }
        let sum = (1...20).reduce(0.0) { sum, k in
            let term = Double.exp(-2 * Double(k * k) * x * x)
            return sum + (k % 2 == 1 ? term : -term)
        }
        return min(1, max(0, 2 * sum))
    }
}
