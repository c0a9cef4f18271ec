import Statistics

/// What two builds' runs say about the second one, with every figure that a report shows.
public struct Comparison: Sendable, Codable, Equatable {
    /// The word for the whole.
    public enum Word: String, Sendable, Codable {
        /// Nothing is worse by the margin, and something is better.
        case improved = "IMPROVED"
        /// Nothing is worse by the margin.
        case same = "SAME"
        /// Something is worse, by an amount that matters.
        case regressed = "REGRESSED"
        /// Neither is proven.
        case inconclusive = "INCONCLUSIVE"
        /// The runs prove nothing.
        case invalid = "INVALID"
    }

    /// What the runs prove of one metric, at the confidence of its bounds.
    public enum Claim: String, Sendable, Codable {
        /// The candidate is better.
        case better
        /// It is not worse by the margin.
        case notWorse = "not_worse"
        /// It is worse, by an amount whose estimate is the margin or more.
        case worse
        /// It is worse by the margin or more.
        case worseByMargin = "worse_by_margin"
        /// None of these.
        case nothing
        /// The metric is read in steps larger than the margin, so that nothing can be said.
        case notJudged = "not_judged"
    }

    /// One metric.
    public struct OfMetric: Sendable, Codable, Equatable {
        /// Its name.
        public var metric: String
        /// Whether it decides; one that does not is shown all the same.
        public var decides: Bool
        /// The word for it, by itself.
        public var word: Word
        /// What the runs prove; of runs made apart in time it is no claim about the build.
        public var claim: Claim
        /// The level of the baseline's runs: their median, moved so that the two levels differ by
        /// the effect.
        ///
        /// Medians of each side alone may contradict what the pairs show.
        public var baseline: Double
        /// The level of the candidate's runs, in the same way.
        public var candidate: Double
        /// How many times worse the candidate is (of throughput its reciprocal); for the error rate
        /// how much higher, as a share, and for growth in bytes a request.
        public var effect: Double
        /// The lower bound of the effect; `nil` if the rounds are too few for one.
        public var lower: Double?
        /// The upper bound of the effect; `nil` if the rounds are too few for one.
        public var upper: Double?
        /// The confidence of each bound at the look that decided.
        public var boundConfidence: Double
        /// The chance of differences like these if the candidate were no worse, after Holm.
        public var adjustedP: Double
        /// The same by relabelling the runs, of runs made apart that are few enough.
        public var permutationP: Double?
        /// The smallest regression that would have been seen four times of five.
        public var smallestSeen: Double?
        /// How many rounds, or runs of each, it took.
        public var rounds: Int
        /// One step of the metric's reading, in its unit, by which the bounds are widened; `nil`
        /// where it is not read in steps.
        public var resolution: Double?
        /// How much rounds differ by themselves: about the coefficient of variation.
        public var variation: Double?
        /// Whether an improvement by the margin is ruled out as well as a regression.
        public var isEquivalent: Bool
        /// All of it in words.
        public var sentence: String
    }

    /// The word for the whole.
    public var word: Word
    /// Every metric that both builds' runs measured.
    public var metrics: [OfMetric]
    /// Rounds, or runs of the side that has fewer.
    public var rounds: Int
    /// After how many rounds there was a look.
    public var looks: [Int]
    /// How values belong together.
    public var design: ComparisonRule.Design
    /// Whether the runs of both sides took turns, so that a drift of the machine falls on both.
    public var isTimeMixed: Bool
    /// How much worse still counts as the same.
    public var margin: Double
    /// The same for the error rate, as a difference of shares.
    public var errorMargin: Double
    /// The same for growth, in bytes a request.
    public var growthMargin: Double
    /// One-sided confidence, over all looks.
    public var confidence: Double
    /// What limits the claim, in words.
    public var notes: [String]

    /// Whether a metric that decides is worse by the margin or more.
    public var isWorseByMargin: Bool {
        metrics.contains { $0.decides && $0.word == .regressed && $0.claim == .worseByMargin }
    }

    /// The process's exit code for the word.
    public var exitCode: Int32 {
        switch word {
        case .improved, .same: 0
        case .regressed: 2
        case .inconclusive: 3
        case .invalid: 4
        }
    }

    /// The next look after so many rounds; `nil` after the last.
    public static func nextLook(after rounds: Int) -> Int? {
        SequentialComparison.lookRounds.first { $0 > rounds }
    }
}
