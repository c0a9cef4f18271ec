import Testing

@testable import Statistics

@Suite struct AnomalyTests {
    @Test func `normal values are called anomalous as seldom as the specification says`() throws {
        var random = SeededRandom(seed: 101)
        let values = random.nextSeries(50_000)
        let scores = try #require(ModifiedScores(try Series(values)))
        let alarms = values.count { scores.isAnomalous($0) }
        // 4.7e-4 a value: 23.5, and three standard errors.
        #expect((9...38).contains(alarms), "\(alarms); seed 101")
    }

    @Test func `scores do not depend on the unit, and a constant knows only itself`() throws {
        let values = [1.0, 2, 2, 3, 50]
        let plain = try #require(ModifiedScores(try Series(values)))
        let scaled = try #require(ModifiedScores(try Series(values.map { $0 * 8 + 5 })))
        for value in values {
            let (one, other) = (plain.score(of: value), scaled.score(of: value * 8 + 5))
            #expect(abs(try #require(one) - #require(other)) < 1e-12)
        }
        let constant = try #require(ModifiedScores(try Series([4, 4, 4])))
        #expect(constant.score(of: 4) == 0 && constant.score(of: 5) == nil)
        #expect(constant.isAnomalous(5) && !constant.isAnomalous(4))
        #expect(ModifiedScores(try Series([])) == nil)
    }

    @Test func `a smoothed level in control runs as long as the specification says`() throws {
        var random = SeededRandom(seed: 102)
        let control = ExponentialAverage.Control(mean: 0, deviation: 1, weight: 0.2, limit: 3)
        var lengths: [Double] = []
        for _ in 0..<200 {
            let average = ExponentialAverage(
                try Series(random.nextSeries(3_000)), control: control)
            lengths.append(Double((average.alarms.first ?? 3_000) + 1))
        }
        // 560 by the Markov chain; the run length is nearly exponential.
        let mean = try #require(lengths.mean)
        #expect((440...680).contains(mean), "\(mean); seed 102")
    }

    @Test func `a line is forecast exactly`() throws {
        let line = try Series((0..<30).map { 5 + 3 * Double($0) })
        let forecast = try #require(TrendForecast(line))
        #expect(abs(forecast.value(after: 10) - (5 + 3 * 39)) < 1e-9)
        #expect(TrendForecast(try Series([1])) == nil)
    }

    @Test func `a level reaches its limit when a line would`() {
        let time = TimeToLimit(level: 10, limit: 30, slope: 2, bounds: -1...4)
        #expect(time.estimate == 10 && time.earliest == 5 && time.latest == nil)
        #expect(TimeToLimit(level: 30, limit: 30, slope: -1, bounds: -2...0).latest == 0)
        let near = TimeToLimit(level: 10, limit: 30, slope: 2, bounds: 1...4)
        #expect(TimeToLimit.isAlarm([time, near, near, near], horizon: 21))
        #expect(!TimeToLimit.isAlarm([near, near, near], horizon: 20))
        #expect(!TimeToLimit.isAlarm([near, near], horizon: 100))
        #expect(!TimeToLimit.isAlarm([near, time, near], horizon: 100))
    }
}
