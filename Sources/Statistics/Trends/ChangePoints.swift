/// Where a history of results changed its level.
///
/// - Source: Matteson & James 2014; Fleming et al. 2023 (Hunter), with unbiased variances and both
///   neighbours of a removed point computed anew.
public struct ChangePoints: Sendable, Equatable {
    /// One change.
    public struct Change: Sendable, Equatable {
        /// The index of the first value of the new level.
        public let index: Int
        /// The chance of such a difference without a change; small after the search for it.
        public let p: Double
        /// The mean of the values since the change before.
        public let meanBefore: Double
        /// The mean of the values up to the next change.
        public let meanAfter: Double

        /// The new level over the old one; `nil` from a level of 0.
        public let ratio: Double?

        /// The larger of the two relative changes, forward and backward; infinite from or to 0.
        public var magnitude: Double {
            guard let ratio, ratio != 0 else { return meanBefore == meanAfter ? 0 : .infinity }
            return max((ratio - 1).magnitude, (1 / ratio - 1).magnitude)
        }
    }

    /// How changes are looked for.
    public struct Options: Sendable {
        /// How many values are looked at together, at least 2.
        public var window = 50
        /// A change whose p value is not below this is dropped.
        public var maximumP = 0.001
        /// A change that is not larger than this share is dropped.
        public var minimumMagnitude = 0.0
        /// 1 for unbiased variances; 0 as other tools have it.
        public var varianceDivisorLess = 1
        /// A change with fewer values than this on either side is dropped.
        public var minimumSegment = 1

        /// The defaults.
        public init() {}
    }

    /// The changes, in order.
    public let changes: [Change]

    /// Looks for changes; O(window^2) for each half window.
    public init(_ series: Series, options: Options = Options()) {
        precondition(options.window >= 2, "\(options.window)")
        changes = ChangeSearch(values: series.values, options: options, isLogarithmic: false)
            .changes()
    }
}
