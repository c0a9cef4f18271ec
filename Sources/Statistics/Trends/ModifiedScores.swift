/// How far values lie from the median of their window, in units that outliers do not stretch.
///
/// - Source: Iglewicz & Hoaglin 1993.
public struct ModifiedScores: Sendable, Equatable {
    /// The median.
    public let median: Double
    /// The median of the distances from it.
    public let medianDistance: Double
    private let meanDistance: Double

    /// The scale of a window, at best of 60 values or more; `nil` without any.
    ///
    /// O(n log n).
    public init?(_ window: Series) {
        guard let median = window.median else { return nil }
        let distances = window.values.map { ($0 - median).magnitude }
        self.median = median
        medianDistance = distances.median ?? 0
        meanDistance = distances.mean ?? 0
    }

    /// The score of a value; `nil` if all the window is one value and this is another, which is
    /// anomalous by any measure.
    public func score(of value: Double) -> Double? {
        if medianDistance > 0 { return 0.6745 * (value - median) / medianDistance }
        if meanDistance > 0 { return (value - median) / (1.253314 * meanDistance) }
        return value == median ? 0 : nil
    }

    /// Whether a value lies further off than a limit.
    public func isAnomalous(_ value: Double, limit: Double = 3.5) -> Bool {
        score(of: value).map { $0.magnitude > limit } ?? true
    }
}
