import CBoostMath

/// The level below which a share of normal values lies, by a sample of few.
public enum ToleranceLimit {
    /// How many standard deviations above the mean of `count` values all but `share` of the
    /// population lies below, with `confidence`; `nil` if it cannot be found.
    ///
    /// - Parameters:
    ///   - count: at least 2; a real number for values that weigh as much.
    ///   - share: of the population above the limit, 0 to 1.
    /// - Source: Hahn & Meeker 1991: the quantile of the non-central t distribution.
    public static func factor(count: Double, share: Double, confidence: Double) -> Double? {
        precondition(count >= 2 && share > 0 && share < 1, "\(count), \(share)")
        let root = count.squareRoot()
        return finite(
            boost_non_central_student_quantile(
                count - 1, NormalDistribution.quantile(1 - share) * root, confidence)
        ).map { $0 / root }
    }
}
