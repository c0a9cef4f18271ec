import Testing

@testable import Statistics

@Suite struct RunVariationTests {
    private func runs(
        _ random: inout SeededRandom, _ count: Int, _ variation: Double
    ) throws -> Series {
        try Series((0..<count).map { _ in 8 * Double.exp(variation * random.nextNormal()) })
    }

    @Test func `the variation that was put in comes back, one bad run or not`() throws {
        var random = SeededRandom(seed: 111)
        let many = try runs(&random, 2_001, 0.04)
        let plain = try #require(try RunVariation(many)).coefficient
        #expect(abs(plain - 0.04) < 0.003, "\(plain); seed 111")
        let bent = try #require(try RunVariation(Series(many.values.dropLast() + [1e6])))
        #expect(abs(bent.coefficient - plain) < 0.001)
        #expect(try RunVariation(Series([1, 2])) == nil)
        #expect(throws: StatisticsError.self) { try RunVariation(Series([1, 2, 0])) }
        #expect(RunVariation(coefficient: 0.11).isTooNoisy)
        #expect(!RunVariation(coefficient: 0.1).isTooNoisy)
    }

    @Test(arguments: [0.02, 0.03, 0.05])
    func `so many runs do decide, four times of five`(variation: Double) throws {
        let count = RunVariation(coefficient: variation).neededRuns(margin: 0.05, confidence: 0.95)
        let simulation = Simulation(seed: 112, runs: 400)
        let passes = try simulation.count { random in
            let estimate = try RatioEstimate.unpaired(
                baseline: runs(&random, count, variation),
                candidate: runs(&random, count, variation), confidence: 0.95)
            return Regression.verdict(try #require(estimate), margin: 0.05) == .pass
        }
        // 80 % less three standard errors, and not many more runs than it takes.
        #expect(passes >= 296, "\(passes) of 400 with \(count); seed \(simulation.seed)")
        #expect(passes <= 380, "\(passes) of 400 with \(count); seed \(simulation.seed)")
    }
}
