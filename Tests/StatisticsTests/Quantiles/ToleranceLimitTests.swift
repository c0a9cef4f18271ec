import Testing

@testable import Statistics

@Suite struct ToleranceLimitTests {
    // scipy: nct.ppf(confidence, n - 1, norm.ppf(1 - share) * sqrt(n)) / sqrt(n); Hahn & Meeker's
    // table A.12 has 26.260, 7.656 and 2.911 for the first three.
    @Test(arguments: [
        (2.0, 0.05, 0.95, 26.25967), (3.0, 0.05, 0.95, 7.655900), (10.0, 0.05, 0.95, 2.910963),
        (5.0, 0.01, 0.95, 5.741085), (100.0, 0.05, 0.95, 1.926539),
    ])
    func `a factor is that of the tables`(
        count: Double, share: Double, confidence: Double, factor: Double
    ) throws {
        let found = try #require(
            ToleranceLimit.factor(count: count, share: share, confidence: confidence))
        #expect(abs(found / factor - 1) < 1e-4, "\(found)")
    }

    @Test func `a level far below a bound cannot reach it, and one near it can`() {
        var random = SeededRandom(seed: 21)
        var level = 0.0
        let levels = (0..<20).map { _ -> LatencyLevel in
            level = 0.5 * level + 0.2 * random.nextNormal()
            return LatencyLevel(
                (0..<100).map { _ in 2e5 * Double.exp(level + 0.4 * random.nextNormal()) })
        }
        // A column a second: of 100 requests 40, 4 and none lie above these levels.
        let tails = TailCounts(
            totals: [Int](repeating: 100, count: 20),
            above: [[Int]](repeating: [40, 4, 0], count: 20), levels: [1e5, 5e5, 2e6])
        let dependence = Dependence(levels: levels, tails: tails)
        #expect(dependence.isSeen && !dependence.isLongEnough)
        #expect(!dependence.canReach(50e6, share: 0.05, confidence: 0.95))
        #expect(dependence.canReach(6e5, share: 0.05, confidence: 0.95))
    }
}
