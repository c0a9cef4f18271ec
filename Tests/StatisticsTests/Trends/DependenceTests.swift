import Testing

@testable import Statistics

@Suite struct DependenceTests {
    // scipy: quad of norm.pdf(x) (norm.sf((z - r x)/sqrt(1 - r^2)) - norm.sf(z)) from z on.
    @Test(arguments: [
        (1.6448536269514722, 0.5, 0.0096894287672, 1e-9),
        (1.6448536269514722, 0.9, 0.0293677629, 1e-9),
        (2.3263478740408408, 0.3, 0.00045632848886, 1e-10), (0.0, 0.5, 1.0 / 12, 1e-12),
        (1.0, 0.0, 0.0, 1e-15), (0.0, 1.0, 0.25, 1e-12),
    ])
    func `two normal values exceed a level together as often as the reference says`(
        z: Double, correlation: Double, excess: Double, tolerance: Double
    ) {
        let found = BivariateNormal.jointExcess(above: z, correlation: correlation)
        #expect(abs(found - excess) < tolerance, "\(found)")
    }

    /// Seconds of 100 requests around a level that wanders.
    private func levels(
        _ count: Int, correlation: Double, deviation: Double, seed: UInt64
    ) -> [LatencyLevel] {
        var random = SeededRandom(seed: seed)
        var level = random.nextNormal()
        return (0..<count).map { _ in
            level =
                correlation * level
                + (1 - correlation * correlation).squareRoot() * random.nextNormal()
            return LatencyLevel(
                (0..<100).map { _ in
                    Double.exp(deviation * level + 0.5 * random.nextNormal())
                })
        }
    }

    @Test func `independent requests hang together in as few runs as chance allows`() {
        let seen = (0..<200).count {
            Dependence(levels: levels(30, correlation: 0, deviation: 0, seed: UInt64($0))).isSeen
        }
        // 2 % of 200; 12 or more come in one of a thousand such tests.
        #expect(seen < 12, "\(seen)")
    }

    @Test func `a wandering level has its intraclass correlation and its time`() {
        let found = Dependence(levels: levels(3000, correlation: 0.8, deviation: 0.5, seed: 4))
        #expect(found.isSeen && found.isLongEnough)
        #expect(abs(found.intraclass - 0.5) < 0.05, "\(found.intraclass)")
        #expect(abs(found.correlation - 0.8) < 0.04, "\(found.correlation)")
        #expect(abs(found.time - 9) < 2, "\(found.time)")
        // By the model: 1 + 99 rho(0.5) + 2 100 sum of rho(0.5 0.8^h) at z of 5 %, by scipy 140.5.
        #expect(
            abs(found.designEffect(at: 0.05) / 140.5 - 1) < 0.25, "\(found.designEffect(at: 0.05))")
    }

    @Test
    func `the effect is larger where more exceed a bound, and 1 where nothing hangs together`() {
        let found = Dependence(levels: levels(600, correlation: 0.8, deviation: 1, seed: 9))
        #expect(found.designEffect(at: 0.05) > found.designEffect(at: 0.001))
        #expect(found.designEffect(at: 0) == 1 && found.designEffect(at: 1) == 1)
        let steady = Dependence(levels: [LatencyLevel](repeating: LatencyLevel([1, 2]), count: 9))
        #expect(!steady.isSeen && steady.designEffect(at: 0.05) == 1)
        #expect(Dependence(levels: []).isLongEnough)
    }

    @Test func `a run shorter than ten times its correlation time says nothing of another`() {
        let long = Dependence(levels: levels(600, correlation: 0.8, deviation: 0.5, seed: 2))
        let short = Dependence(levels: levels(60, correlation: 0.95, deviation: 0.5, seed: 2))
        #expect(long.isSeen && long.isLongEnough && long.stretches > 30)
        #expect(short.isSeen && !short.isLongEnough && short.stretches < 10)
    }

    @Test func `tails show how requests hang together at a share that a bound did not reach`() {
        // Every second of ten has all of its slow requests: 100 of 100 above the level.
        let columns = (0..<100).map { $0 % 10 == 0 ? [100, 100, 0] : [100, 0, 0] }
        let tails = TailCounts(totals: [Int](repeating: 100, count: 100), above: columns)
        #expect(tails.exceedances(near: 0.05)?.reduce(0) { $0 + $1.count } == 1000)
        // Batches of 3 or 4 columns of which 10 in 30 have one, by hand: at least 20.
        #expect(tails.designEffect(at: 0.05).effect > 20)
        let none = TailCounts(totals: [5, 5], above: [[5, 0], [5, 0]])
        #expect(none.exceedances(near: 0.05) == nil && none.designEffect(at: 0.05).effect == 1)
    }

    @Test func `an interval of a quantile widens with the design effect and holds its point`() {
        let plain = QuantileInterval(
            trials: 10_000, partsPerMillion: 950_000, confidence: 0.95, designEffect: 1)
        #expect(plain.lower == 9457 && plain.upper == 9543)
        // scipy: beta.ppf(0.025, 5, 96) is 0.01643187 and beta.ppf(0.975, 6, 95) 0.11283491.
        let wide = QuantileInterval(
            trials: 10_000, partsPerMillion: 950_000, confidence: 0.95, designEffect: 100)
        #expect(wide.lower == 8872 && wide.upper == 9836, "\(wide)")
        let huge = QuantileInterval(
            trials: 100, partsPerMillion: 999_000, confidence: 0.95, designEffect: 90)
        #expect(huge.upper == nil && huge.lower ?? 0 <= 100)
    }
}
