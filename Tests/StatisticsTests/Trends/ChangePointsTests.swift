import Testing

@testable import Statistics

@Suite struct ChangePointsTests {
    @Test func `the best split is that of the definition`() throws {
        for seed in UInt64(1)...10 {
            var random = SeededRandom(seed: seed)
            let values = random.nextSeries(17, correlation: 0.2)
            var best: (q: Double, index: Int, end: Int) = (-.infinity, 0, 0)
            for end in 2...17 {
                for index in 1..<end {
                    let q = energy(Array(values[..<index]), Array(values[index..<end]))
                    if q > best.q { best = (q, index, end) }
                }
            }
            let split = try #require(EnergySplit.best(of: try Series(values)))
            #expect(split.index == best.index && split.end == best.end, "seed \(seed)")
            #expect(abs(split.statistic - best.q) < 1e-10, "seed \(seed)")
        }
        #expect(EnergySplit.best(of: try Series([1])) == nil)
    }

    /// nm/(n+m) (2 mean|x-y| - mean|x-x'| - mean|y-y'|), over distinct pairs within.
    private func energy(_ x: [Double], _ y: [Double]) -> Double {
        func within(_ values: [Double]) -> Double {
            guard values.count > 1 else { return 0 }
            var sum = 0.0
            for i in values.indices { for k in 0..<i { sum += abs(values[i] - values[k]) } }
            return 2 * sum / Double(values.count * (values.count - 1))
        }
        let (n, m) = (Double(x.count), Double(y.count))
        let across = x.reduce(0) { sum, x in sum + y.reduce(0) { $0 + abs(x - $1) } } / (n * m)
        return n * m / (n + m) * (2 * across - within(x) - within(y))
    }

    @Test func `steps are found where they are, and none in a constant`() throws {
        var random = SeededRandom(seed: 61)
        let noise = random.nextSeries(120)
        let values = noise.enumerated().map { index, noise in
            100 + noise + (index >= 30 ? 20 : 0) - (index >= 80 ? 15 : 0)
        }
        #expect(ChangePoints(try Series(values)).changes.map(\.index) == [30, 80])
        let constant = try Series([Double](repeating: 3, count: 90))
        #expect(ChangePoints(constant).changes.isEmpty)
        #expect(ChangePoints(try Series([])).changes.isEmpty)
    }

    @Test func `noise alone changes as seldom as the specification says`() throws {
        let simulation = Simulation(seed: 62, runs: 100)
        let alarms = try simulation.count { random in
            !ChangePoints(try Series(random.nextSeries(50))).changes.isEmpty
        }
        #expect(alarms <= 12, "\(alarms) of 100; seed \(simulation.seed)")
    }

    @Test func `a history names the change, its size and whether it is settled`() throws {
        var random = SeededRandom(seed: 63)
        func level(_ count: Int, _ level: Double) -> [Double] {
            random.nextSeries(count).map { level * Double.exp(0.01 * $0) }
        }
        let long = try ResultHistory(try Series(level(20, 8) + level(20, 10)))
        let change = try #require(long.changes?.first)
        #expect(long.changes?.count == 1 && change.index == 20 && !change.isProvisional)
        #expect(abs(change.ratio - 1.25) < 0.02, "seed 63")
        let late = try ResultHistory(try Series(level(30, 8) + level(4, 10)))
        #expect(late.changes?.map(\.isProvisional) == [true])
        let tooLate = try ResultHistory(try Series(level(30, 8) + level(3, 10)))
        #expect(tooLate.changes?.isEmpty == true)
        let small = try ResultHistory(try Series(level(40, 8) + level(40, 8.16)))
        #expect(small.changes?.isEmpty == true)
        #expect(try ResultHistory(try Series(level(9, 8))).changes == nil)
        #expect(throws: StatisticsError.self) { try ResultHistory(Series([1, -1])) }
    }
}
