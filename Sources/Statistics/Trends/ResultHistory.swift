/// One figure of every build, and where it changed.
///
/// A history never fails a build: it names a range of commits, and a comparison of both sides
/// confirms it.
public struct ResultHistory: Sendable, Equatable {
    /// Fewer builds say nothing.
    public static let minimumBuilds = 10
    /// A change with fewer builds after it, counting its own, may still turn out to be none.
    private static let settled = 5

    /// A change.
    public struct Change: Sendable, Equatable {
        /// The index of the first build of the new level.
        public let index: Int
        /// The new level over the old one, of geometric means.
        public let ratio: Double
        /// The chance of such a difference without a change; small after the search for it.
        public let p: Double
        /// Whether too few builds follow to be sure.
        public let isProvisional: Bool
    }

    /// The changes, in order; `nil` below ten builds.
    public let changes: [Change]?

    /// Looks for changes of at least 3 % at p 0.001, on logarithms, with four builds on each side.
    ///
    /// - Parameter values: one of each build, above 0; missing builds are left out.
    /// - Throws: `StatisticsError.notPositive`.
    public init(_ values: Series) throws(StatisticsError) {
        let logarithms = try RatioEstimate.logarithms(values)
        guard values.count >= Self.minimumBuilds else {
            changes = nil
            return
        }
        var options = ChangePoints.Options()
        options.minimumMagnitude = 0.03
        options.minimumSegment = 4
        let search = ChangeSearch(values: logarithms, options: options, isLogarithmic: true)
        changes = search.changes().map { change in
            Change(
                index: change.index, ratio: change.ratio ?? 1, p: change.p,
                isProvisional: values.count - change.index < Self.settled)
        }
    }
}
