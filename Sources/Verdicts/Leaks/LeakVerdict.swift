public import Statistics

/// Whether what a process holds grows with time or with requests: a part of verdict.json.
public struct LeakVerdict: Sendable, Codable, Equatable {
    /// `target` or `loadgen`.
    public var subject: String
    /// What was counted, as `live bytes`, `open files` or `threads`.
    public var quantity: String
    /// Where it was read: `metrics`, `probe`, `proc`, `own`.
    public var source: String?
    /// Whether it is counted in bytes.
    public var isMemory: Bool
    /// The verdict against the tolerance.
    public var verdict: RunVerdict.Word
    /// Why, as statistics.md section 4 names it.
    public var reason: LeakTest.Reason?
    /// The floors that it rests on.
    public var floors: Int
    /// The first and the last floor.
    public var first: Double
    /// The last floor.
    public var last: Double
    /// Growth a request; `nil` below 12 floors.
    public var perRequest: Growth?
    /// Growth an hour; `nil` below 12 floors.
    public var perHour: Growth?
    /// What is said of it.
    public var sentence: String

    /// A slope with its bounds.
    public struct Growth: Sendable, Codable, Equatable {
        /// The slope.
        public var slope: Double
        /// The lower bound at 99 %.
        public var lower: Double
        /// The upper bound at 95 %.
        public var upper: Double
        /// The smallest growth above none that this run would have found in four of five tries.
        public var detectable: Double

        init(_ figures: LeakTest.Figures, scale: Double) {
            slope = figures.slope * scale
            lower = figures.lower99 * scale
            upper = figures.upper95 * scale
            detectable = figures.detectable * scale
        }
    }
}

extension LeakTest.Figures {
    /// The smallest growth whose lower bound would be above none with a chance of 80 %.
    var detectable: Double {
        // The bounds are 2.326 and 1.645 standard errors from the slope; 0.842 give the chance.
        let error = max(0, upper95 - slope) / 1.645
        let found = slope - lower99 + 0.842 * error
        // Where the residuals have too long a memory, growth must dwarf them as well.
        return autocorrelation <= 0.9 || span <= 0 ? found : max(found, 4 * residualRange / span)
    }
}
