import Testing

@testable import Statistics

@Suite struct TrendTests {
    @Test func `a line gives its slope back, an outlier hardly moves it`() throws {
        var values = (0..<40).map { 7 + 2.5 * Double($0) }
        let line = try #require(Trend(try Series(values)))
        #expect(line.estimate.slope == 2.5 && line.estimate.intercept == 7 && line.tau == 1)
        values[20] = 1e9
        let bent = try #require(Trend(try Series(values)))
        #expect(abs(bent.estimate.slope - 2.5) < 1e-9)
    }

    @Test func `stretching x or y stretches the slope`() throws {
        var random = SeededRandom(seed: 41)
        let y = random.nextSeries(30, correlation: 0.4)
        let x = (0..<30).map(Double.init)
        let one = try #require(try Trend(x: Series(x), y: Series(y)))
        let other = try #require(
            try Trend(x: Series(x.map { $0 * 4 + 3 }), y: Series(y.map { $0 * 8 - 1 })))
        #expect(abs(other.estimate.slope - 2 * one.estimate.slope) < 1e-12)
        #expect(other.s == one.s && abs(other.varianceFactor - one.varianceFactor) < 1e-9)
    }

    @Test func `noise with a memory is called a trend as seldom as the specification says`() throws
    {
        for (rho, most) in [(0.0, 33), (0.6, 46)] {
            let simulation = Simulation(seed: 42, runs: 400)
            let found = try simulation.count { random in
                let values = try Series(random.nextSeries(30, correlation: rho))
                let trend = try #require(Trend(values))
                return trend.pIncreasing(varianceFactor: trend.varianceFactor) < 0.05
            }
            #expect(found <= most, "\(found) of 400 at \(rho); seed \(simulation.seed)")
        }
    }

    @Test func `places must increase, and be as many`() throws {
        #expect(throws: StatisticsError.self) {
            try Trend(x: Series([0, 1, 1]), y: Series([1, 2, 3]))
        }
        #expect(throws: StatisticsError.self) { try Trend(x: Series([0, 1]), y: Series([1])) }
        #expect(Trend(try Series([4])) == nil)
    }

    @Test func `a floor is below its block`() throws {
        var random = SeededRandom(seed: 43)
        let values = random.nextSeries(103)
        let floor = Floor(try Series(values), block: 10)
        #expect(floor.values.count == 10)
        for (block, index) in floor.indices.enumerated() {
            #expect(index / 10 == block)
            #expect(values[block * 10..<block * 10 + 10].allSatisfy { $0 >= values[index] })
        }
    }
}

@Suite struct LeakTestTests {
    private let tolerance = 41.4

    /// A verdict on 60 floors, a minute apart, of a growth and independent noise.
    private func test(
        _ random: inout SeededRandom, noise: Double = 1e4, growth: (Double) -> Double
    ) throws -> LeakTest {
        let x = (0..<60).map { 60 * Double($0) }
        let y = x.map { 2e8 + growth($0) + noise * random.nextNormal() }
        return try LeakTest(
            floors: Series(y), at: Series(x), tolerance: tolerance, granularity: 1)
    }

    @Test func `nothing, the tolerance itself and four times it`() throws {
        let simulation = Simulation(seed: 51, runs: 60)
        let clean = try simulation.count { try test(&$0) { _ in 0 }.verdict == .pass }
        #expect(clean >= 42, "\(clean) of 60; seed \(simulation.seed)")
        let falsely = try simulation.count { try test(&$0) { _ in 0 }.verdict == .fail }
        #expect(falsely <= 2, "\(falsely) of 60; seed \(simulation.seed)")
        let passes = try simulation.count {
            try test(&$0) { self.tolerance * $0 }.verdict == .pass
        }
        #expect(passes <= 8, "\(passes) of 60; seed \(simulation.seed)")
        let found = try simulation.count {
            try test(&$0) { 4 * self.tolerance * $0 }.verdict == .fail
        }
        #expect(found == 60, "\(found) of 60; seed \(simulation.seed)")
    }

    @Test func `a cache that fills is no leak, growth that gathers speed is`() throws {
        let simulation = Simulation(seed: 52, runs: 30)
        for constant in [0.1, 0.2, 0.3] {
            let fails = try simulation.count { random in
                try test(&random) { 2e6 * (1 - Double.exp(-$0 / (3_600 * constant))) }.verdict
                    == .fail
            }
            #expect(fails == 0, "\(fails) of 30 at \(constant); seed \(simulation.seed)")
        }
        let found = try simulation.count { random in
            try test(&random) { self.tolerance * 4 * $0 * $0 / 3_600 }.verdict == .fail
        }
        #expect(found == 30, "\(found) of 30; seed \(simulation.seed)")
    }

    @Test func `too few floors, a constant and a restart`() throws {
        let x = try Series((0..<40).map(Double.init))
        let few = try LeakTest(
            floors: Series([1, 2]), at: Series([0, 1]), tolerance: 1, granularity: 1)
        #expect(few.verdict == .inconclusive && few.reason == .tooFewBlocks)
        let constant = try LeakTest(
            floors: Series([Double](repeating: 5, count: 40)), at: x, tolerance: 1, granularity: 4)
        #expect(constant.verdict == .pass)
        #expect(constant.figures?.upper95 == 4.0 / 39 && constant.figures?.slope == 0)
        #expect(throws: StatisticsError.self) {
            try LeakTest(
                floors: Series([Double](repeating: 5, count: 14)),
                at: Series((0..<14).map { Double($0 % 7) }), tolerance: 1, granularity: 1)
        }
    }

    @Test func `a longer run resolves a smaller leak`() {
        let hours = LeakTest.neededSeconds(slope: 41, floorNoise: 1e5, floors: 60) / 3_600
        #expect(abs(hours - 0.75) < 0.02)
        let day = LeakTest.neededSeconds(slope: 1, floorNoise: 1e5, floors: 60) / 3_600
        #expect(abs(day - 31) < 0.5)
    }
}
