import Testing

@testable import Statistics

@Suite struct RandomEffectsTests {
    @Test(arguments: [3, 5, 10])
    func `the next run is beyond its bound as seldom as that says`(count: Int) throws {
        // Runs that differ by 5 %, each with 2 % of its own.
        let simulation = Simulation(seed: 31, runs: 2_000)
        func value(_ random: inout SeededRandom) -> Double {
            0.05 * random.nextNormal() + 0.02 * random.nextNormal()
        }
        let missed = try simulation.count { random in
            let values = try Series((0..<count).map { _ in value(&random) })
            let runs = try #require(RandomEffects(values))
            return value(&random) > runs.nextUpper(0.95)
        }
        // 100 of 2,000, and three standard errors either way.
        #expect((70...130).contains(missed), "\(missed); seed \(simulation.seed)")
        let wrong = try simulation.count { random in
            let values = try Series((0..<count).map { _ in value(&random) })
            return try #require(RandomEffects(values)).lower(0.95) > 0
        }
        #expect((70...130).contains(wrong), "\(wrong); seed \(simulation.seed)")
    }

    @Test func `the spread between runs is what is left of the spread within`() throws {
        let values = try Series([1, 2, 3, 4])
        let runs = try #require(RandomEffects(values, within: [0.5, 0.5, 1, 1]))
        #expect(abs(runs.variance - 5.0 / 3) < 1e-12 && runs.within == 0.75)
        #expect(abs(try #require(runs.between) - (5.0 / 3 - 0.75)) < 1e-12)
        #expect(RandomEffects(values, within: [9, 9, 9, 9])?.between == 0)
        // A variance that is not known of every run is not known.
        #expect(RandomEffects(values, within: [9, 9, 9])?.between == nil)
        #expect(RandomEffects(try Series([1])) == nil)
    }

    @Test func `runs that are all alike still have the chance of a count in them`() throws {
        let same = try #require(RandomEffects(try Series([2, 2, 2])))
        #expect(same.nextUpper(0.95) == 2 && same.pAbove(1) == 0 && same.pAbove(2) == 1)
        let counted = try #require(RandomEffects(try Series([2, 2, 2]), minimumVariance: 0.01))
        #expect(counted.nextUpper(0.95) > 2.2)
    }
}
