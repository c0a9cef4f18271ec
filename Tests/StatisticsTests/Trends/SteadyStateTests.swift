import Testing

@testable import Statistics

@Suite struct SteadyStateTests {
    private func series(_ values: [Double]) throws -> Series { try Series(values) }

    @Test func `a value that is no number does not get in`() {
        for bad in [Double.nan, .infinity, -.infinity] {
            #expect(throws: StatisticsError.self) { try Series([1, bad, 2]) }
        }
    }

    @Test func `autocorrelation finds the memory that was put in`() throws {
        for rho in [0.0, 0.5, 0.9] {
            var random = SeededRandom(seed: 12)
            let values = try series(random.nextSeries(20_000, correlation: rho))
            let correlation = Autocorrelation(values)
            #expect(abs(correlation.lagOne - rho) < 0.03, "rho \(rho), seed 12")
            let share = correlation.effectiveCount / 20_000
            #expect(abs(share - (1 - rho) / (1 + rho)) < 0.05, "rho \(rho), seed 12")
            let time = try #require(correlation.integratedTime)
            #expect(abs(time / ((1 + rho) / (1 - rho)) - 1) < 0.25, "rho \(rho), seed 12")
        }
    }

    @Test func `a constant series has no autocorrelation`() throws {
        let constant = Autocorrelation(try series([5, 5, 5, 5, 5, 5]))
        #expect(constant.coefficient(lag: 1) == nil && constant.integratedTime == nil)
        #expect(constant.vonNeumannRatio == nil && constant.lagOne == 0)
        #expect(BatchMeans(try series([1]), batches: 2) == nil)
    }

    @Test func `the cut is that of the definition`() throws {
        for seed in UInt64(1)...20 {
            var random = SeededRandom(seed: seed)
            let noise = random.nextSeries(237, correlation: 0.3)
            let values = noise.enumerated().map { $1 + 4 * Double.exp(-Double($0) / 20) }
            let transient = try #require(Transient(try series(values)))
            let z = (0..<47).map { Array(values[$0 * 5..<$0 * 5 + 5]).mean ?? 0 }
            let errors = (0...42).map { d -> Double in
                let rest = Array(z[d...])
                return rest.squaredDeviations / Double(rest.count * rest.count)
            }
            let least = try #require(errors.min())
            #expect(abs(transient.error - least) < 1e-12, "seed \(seed)")
            #expect(abs(errors[transient.cutGroups] - least) < 1e-12, "seed \(seed)")
        }
        let constant = try #require(Transient(try series([Double](repeating: 0.1, count: 60))))
        #expect(constant.cut == 0 && constant.isSteady)
    }

    @Test func `a step is cut off, and a late one is no steady state`() throws {
        var random = SeededRandom(seed: 4)
        let noise = random.nextSeries(300)
        let early = try series(noise.enumerated().map { $1 + ($0 < 60 ? 20 : 0) })
        #expect(WarmUp(perSecond: early).cutSeconds == 60)
        let late = try series(noise.enumerated().map { $1 + ($0 < 220 ? 20 : 0) })
        #expect(WarmUp(perSecond: late).isInconclusive)
        let short = try series(Array(noise.prefix(49)))
        #expect(!WarmUp(perSecond: short).isChecked && !WarmUp(perSecond: short).isInconclusive)
        #expect(WarmUp(perSecond: early, profileSeconds: 90).cutSeconds == 90)
    }

    @Test func `a slow rise is a drift, noise with a memory seldom is`() throws {
        let simulation = Simulation(seed: 17, runs: 60)
        let found = try simulation.count { random in
            let noise = random.nextSeries(700, correlation: 0.3)
            let rising = try series(noise.enumerated().map { $1 + 0.002 * Double($0) })
            return WarmUp(perSecond: rising, profileSeconds: 70).isDrifting(rising) == true
        }
        #expect(found >= 50, "\(found) of 60; seed \(simulation.seed)")
        let falsely = try simulation.count { random in
            let noise = try series(random.nextSeries(700, correlation: 0.3))
            return WarmUp(perSecond: noise, profileSeconds: 70).isDrifting(noise) == true
        }
        #expect(falsely <= 4, "\(falsely) of 60; seed \(simulation.seed)")
        let short = try series([1, 2, 3])
        #expect(WarmUp(perSecond: short).isDrifting(short) == nil)
    }

    @Test func `bounds of a mean hold it as often as they say`() throws {
        for rho in [0.0, 0.5] {
            let simulation = Simulation(seed: 31, runs: 600)
            let misses = try simulation.count { random in
                let values = try series(random.nextSeries(120, correlation: rho))
                return MeanBounds(values, confidence: 0.95).verdict(.atLeast, 0) == .pass
            }
            #expect(misses <= 50, "\(misses) of 600 at \(rho); seed \(simulation.seed)")
        }
    }

    @Test func `at most is the mirror of at least`() throws {
        var random = SeededRandom(seed: 8)
        for _ in 0..<50 {
            let values = random.nextSeries(60, correlation: 0.3)
            let (up, down) = (try series(values), try series(values.map { -$0 }))
            let limit = random.nextUniform(in: -0.5..<0.5)
            #expect(
                MeanBounds(up, confidence: 0.95).verdict(.atLeast, limit)
                    == MeanBounds(down, confidence: 0.95).verdict(.atMost, -limit))
            let windows = WindowedMean(up, width: 10, .atLeast, limit, confidence: 0.95)
            let mirror = WindowedMean(down, width: 10, .atMost, -limit, confidence: 0.95)
            #expect(windows.verdict == mirror.verdict && windows.failed == mirror.failed)
        }
    }

    @Test func `too little is inconclusive, nothing is invalid`() throws {
        #expect(MeanBounds(try series([]), confidence: 0.95).verdict(.atLeast, 1) == .invalid)
        let few = MeanBounds(try series([5, 6, 7]), confidence: 0.95)
        #expect(few.verdict(.atLeast, 1) == .inconclusive && few.lower == nil)
        let none = WindowedMean(try series([]), width: 10, .atLeast, 1, confidence: 0.95)
        #expect(none.verdict == .invalid)
        let part = WindowedMean(try series([5, 5]), width: 10, .atLeast, 1, confidence: 0.95)
        #expect(part.verdict == .inconclusive)
    }

    @Test func `the window that broke is named, and no other`() throws {
        var random = SeededRandom(seed: 15)
        let values = random.nextSeries(120).enumerated().map { index, noise in
            1_000 + 5 * noise - ((40..<50).contains(index) ? 200 : 0)
        }
        let windowed = WindowedMean(
            try series(values), width: 10, .atLeast, 900, confidence: 0.95)
        #expect(windowed.verdict == .fail && windowed.failed == [4])
    }

    @Test func `healthy windows all together fail as seldom as agreed`() throws {
        let simulation = Simulation(seed: 16, runs: 300)
        let fails = try simulation.count { random in
            let values = try series(random.nextSeries(300))
            return WindowedMean(values, width: 10, .atLeast, 0, confidence: 0.95).verdict == .fail
        }
        #expect(fails <= 27, "\(fails) of 300; seed \(simulation.seed)")
    }
}
