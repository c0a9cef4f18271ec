/// The claim that the mean keeps to a limit in every window of a run: `within any 10s`.
public struct WindowedMean: Sendable, Equatable {
    /// One window.
    public struct Window: Sendable, Equatable {
        /// The lower bound of its mean.
        public let lower: Double
        /// The upper bound of its mean.
        public let upper: Double
        /// How likely such a window is if the claim holds in it.
        public let p: Double
        /// The same after Holm's correction for the number of windows.
        public let adjusted: Double
    }

    /// The windows in the order of time; an incomplete last one is left out.
    public let windows: [Window]
    /// The corrected autocorrelation at lag 1 inside windows, the same for all.
    public let autocorrelation: Double
    /// How many independent values each window weighs as much as; at least 2.
    public let effectiveCount: Double
    /// The windows that are proven to break the limit, from 0.
    public let failed: [Int]
    /// The verdict on the claim; INVALID without a value, INCONCLUSIVE without a full window.
    public let verdict: Verdict

    /// Judges per-second values in consecutive windows.
    ///
    /// PASS if every window's bound keeps to the limit, which needs no correction; FAIL if Holm's
    /// test over the windows rejects one. O(n).
    ///
    /// - Parameter width: of a window, in values; at least 2.
    public init(
        _ series: Series, width: Int, _ bound: Bound, _ limit: Double, confidence: Double
    ) {
        precondition(width >= 2, "\(width)")
        let parts = (0..<series.count / width).map { part in
            Array(series.values[part * width..<(part + 1) * width])
        }
        let correlation = Self.pooled(parts, width)
        let effectiveCount = max(2, Double(width) * (1 - correlation) / (1 + correlation))
        autocorrelation = correlation
        self.effectiveCount = effectiveCount
        let means = parts.compactMap { StudentMean($0, effectiveCount: effectiveCount) }
        let p = means.map { $0.p(against: bound, limit) }
        let holm = Holm(p)
        let rejected = holm.rejected(alpha: 1 - confidence)
        let windows = means.indices.map { index in
            Window(
                lower: means[index].lower(confidence), upper: means[index].upper(confidence),
                p: p[index], adjusted: holm.adjusted[index])
        }
        self.windows = windows
        let keep = windows.allSatisfy { bound == .atLeast ? $0.lower >= limit : $0.upper <= limit }
        failed = windows.isEmpty || keep ? [] : rejected.indices.filter { rejected[$0] }
        verdict =
            series.count == 0
            ? .invalid
            : windows.isEmpty
                ? .inconclusive : keep ? .pass : failed.isEmpty ? .inconclusive : .fail
    }

    /// From the deviations from each window's own mean, so that one bad window does not count as
    /// correlation.
    private static func pooled(_ parts: [[Double]], _ width: Int) -> Double {
        var (products, squares) = (0.0, 0.0)
        for part in parts {
            let mean = part.mean ?? 0
            let deviations = part.map { $0 - mean }
            products += zip(deviations, deviations.dropFirst()).map { $0 * $1 }.sum
            squares += deviations.map { $0 * $0 }.sum
        }
        return Autocorrelation.corrected(squares > 0 ? products / squares : 0, count: width)
    }
}
