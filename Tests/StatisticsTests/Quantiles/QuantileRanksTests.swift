import Testing

@testable import Statistics

@Suite struct QuantileRanksTests {
    @Test func `the rank of a point quantile is exact in whole numbers`() {
        // 0.07 * 100 is 7.000000000000001 in doubles, whose ceiling is 8.
        #expect(QuantileRanks.point(trials: 100, partsPerMillion: 70_000) == 7)
        #expect(QuantileRanks.point(trials: 1, partsPerMillion: 0) == 1)
    }

    @Test func `ranks are the innermost that keep the coverage`() throws {
        for n in [20, 61, 300] {
            let ranks = QuantileRanks(trials: n, partsPerMillion: 500_000, confidence: 0.95)
            let (lower, upper) = (try #require(ranks.lower), try #require(ranks.upper))
            func below(_ rank: Int) -> Double {
                Binomial.atMost(rank - 1, trials: n, probability: 0.5)
            }
            #expect(below(lower) <= 0.025 && below(lower + 1) > 0.025)
            #expect(below(upper) >= 0.975 && below(upper - 1) < 0.975)
            #expect(try #require(ranks.coverage) >= 0.95)
        }
    }

    @Test func `intervals hold the quantile as often as they say`() throws {
        let simulation = Simulation(seed: 3, runs: 2_000)
        let ranks = QuantileRanks(trials: 200, partsPerMillion: 950_000, confidence: 0.95)
        let (lower, upper) = (try #require(ranks.lower), try #require(ranks.upper))
        let misses = simulation.count { random in
            let values = (0..<200).map { _ in random.nextUnit() }.sorted()
            return !(values[lower - 1]...values[upper - 1]).contains(0.95)
        }
        #expect(misses <= 130, "\(misses) of 2,000; seed \(simulation.seed)")
    }

    @Test func `the approximation is within a rank where it may be used`() throws {
        for n in [2_000, 50_000, 1_000_000] {
            let exact = QuantileRanks(trials: n, partsPerMillion: 950_000, confidence: 0.95)
            let normal = QuantileRanks(
                approximatelyOf: n, partsPerMillion: 950_000, confidence: 0.95)
            #expect(abs(try #require(exact.lower) - #require(normal.lower)) <= 1)
            #expect(abs(try #require(exact.upper) - #require(normal.upper)) <= 1)
        }
    }

    @Test func `ranks of an effective sample are moved outward`() {
        let ranks = QuantileRanks(trials: 100, partsPerMillion: 900_000, confidence: 0.95)
        let spread = ranks.spread(from: 100, to: 1_005)
        #expect(spread.lower == ranks.lower.map { $0 * 1_005 / 100 })
        #expect(spread.upper == ranks.upper.map { ($0 * 1_005 + 99) / 100 })
        let none = QuantileRanks(trials: 10, partsPerMillion: 990_000, confidence: 0.95)
        #expect(none.spread(from: 10, to: 1_000).upper == nil)
    }
}
