/// What a comparison of two builds says, lower values being better.
public enum Regression {
    /// The word for one look at a comparison.
    public enum Word: String, Sendable, Codable {
        /// The candidate is better.
        case improved = "IMPROVED"
        /// It is not worse by the margin.
        case same = "SAME"
        /// It is worse, and by an amount that matters.
        case regressed = "REGRESSED"
        /// Neither is proven.
        case inconclusive = "INCONCLUSIVE"
    }

    /// Judges the claim that the candidate is not worse by `margin` (0.05 is 5 %) or more.
    ///
    /// PASS if the upper bound is below 1 + margin; FAIL if the lower bound is above 1 and the
    /// estimate at least 1 + margin. Without bounds INCONCLUSIVE.
    ///
    /// - Parameter isStrict: FAIL only where the lower bound is above 1 + margin.
    /// - Source: Schuirmann 1987 (one half of two one-sided tests).
    public static func verdict(
        _ estimate: RatioEstimate, margin: Double, isStrict: Bool = false
    ) -> Verdict {
        guard let lower = estimate.lower, let upper = estimate.upper else { return .inconclusive }
        if upper < 1 + margin { return .pass }
        let isWorse = isStrict ? lower > 1 + margin : lower > 1 && estimate.ratio >= 1 + margin
        return isWorse ? .fail : .inconclusive
    }

    /// The same as a word, which tells an improvement from no change.
    public static func word(_ estimate: RatioEstimate, margin: Double) -> Word {
        guard let upper = estimate.upper else { return .inconclusive }
        if upper < 1 { return .improved }
        return switch verdict(estimate, margin: margin) {
        case .pass: .same
        case .fail: .regressed
        case .inconclusive, .invalid: .inconclusive
        }
    }

    /// Whether the candidate is proven to be neither worse nor better by the margin.
    public static func isEquivalent(_ estimate: RatioEstimate, margin: Double) -> Bool {
        guard let lower = estimate.lower, word(estimate, margin: margin) == .same else {
            return false
        }
        return lower > 1 / (1 + margin)
    }
}
