/// Student's t-test of two samples with one variance.
public enum StudentTest {
    /// The two-sided chance of such a difference of means; `nil` below three values in all.
    ///
    /// - Parameter divisorLess: 1 for unbiased variances.
    public static func pooled(_ a: Series, _ b: Series, divisorLess: Int = 1) -> Double? {
        pooled(a.values, b.values, divisorLess: divisorLess)
    }

    static func pooled(_ a: [Double], _ b: [Double], divisorLess: Int) -> Double? {
        guard let meanA = a.mean, let meanB = b.mean, a.count + b.count > 2 else { return nil }
        // One value alone has no variance of its own.
        func share(_ values: [Double]) -> Double {
            values.count < 2
                ? 0
                : values.squaredDeviations / Double(values.count - divisorLess)
                    * Double(values.count - 1)
        }
        let degrees = Double(a.count + b.count - 2)
        let variance = (share(a) + share(b)) / degrees
        let error = (variance * (1 / Double(a.count) + 1 / Double(b.count))).squareRoot()
        guard error > 0 else { return meanA == meanB ? 1 : 0 }
        let t = (meanA - meanB).magnitude / error
        return min(1, 2 * StudentDistribution(degreesOfFreedom: degrees).above(t))
    }
}
