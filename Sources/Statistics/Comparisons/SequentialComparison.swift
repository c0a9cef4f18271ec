/// A comparison of two builds, round by round, that may stop at each of four agreed looks.
public struct SequentialComparison: Sendable, Equatable {
    /// After how many rounds the looks are taken; no other is allowed.
    public static let lookRounds = [7, 10, 14, 20]

    /// How the rounds' values are compared.
    public enum Design: Sendable {
        /// Both builds ran in every round.
        case paired
        /// The builds' runs were made apart.
        case unpaired
    }

    /// One look.
    public struct Look: Sendable, Equatable {
        /// After how many rounds.
        public let rounds: Int
        /// The one-sided confidence of its bounds: all looks together err as seldom as one may.
        public let confidence: Double
        /// The ratio with its bounds.
        public let estimate: RatioEstimate
        /// What it says.
        public let word: Regression.Word
    }

    /// The looks that were taken.
    public let looks: [Look]
    /// Whether SAME is said and an improvement by the margin is ruled out as well.
    public let isEquivalent: Bool

    /// Compares values in the order of their rounds, one of each build a round; lower is better.
    ///
    /// - Throws: `StatisticsError.notPositive` on a value not above 0.
    public init(
        _ design: Design, baseline: Series, candidate: Series, margin: Double, confidence: Double
    ) throws(StatisticsError) {
        var looks: [Look] = []
        var alpha = 1 - confidence
        for rounds in Self.lookRounds where rounds <= min(baseline.count, candidate.count) {
            alpha /= 2
            let look = try Self.look(
                design, Series(finite: Array(baseline.values.prefix(rounds))),
                Series(finite: Array(candidate.values.prefix(rounds))), margin: margin,
                confidence: 1 - alpha)
            guard let look else { continue }
            looks.append(look)
            if look.word != .inconclusive { break }
        }
        self.looks = looks
        isEquivalent =
            looks.last.map { Regression.isEquivalent($0.estimate, margin: margin) } ?? false
    }

    /// What the last look says.
    public var word: Regression.Word { looks.last?.word ?? .inconclusive }

    /// After how many rounds the comparison stops or stands; `nil` before the first look.
    public var rounds: Int? { looks.last?.rounds }

    private static func look(
        _ design: Design, _ a: Series, _ b: Series, margin: Double, confidence: Double
    ) throws(StatisticsError) -> Look? {
        let estimate =
            switch design {
            case .paired:
                try RatioEstimate.paired(baseline: a, candidate: b, confidence: confidence)
            case .unpaired:
                try RatioEstimate.unpaired(baseline: a, candidate: b, confidence: confidence)
            }
        return estimate.map { estimate in
            Look(
                rounds: a.count, confidence: confidence, estimate: estimate,
                word: Regression.word(estimate, margin: margin))
        }
    }
}
