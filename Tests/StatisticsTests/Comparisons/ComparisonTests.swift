import Testing

@testable import Statistics

@Suite struct ComparisonTests {
    private func sample(
        _ random: inout SeededRandom, _ count: Int, level: Double = 1, variation: Double = 0.03
    ) throws -> Series {
        try Series((0..<count).map { _ in level * Double.exp(variation * random.nextNormal()) })
    }

    @Test func `null distributions are those of all labellings`() {
        // U of 3 and 4: each choice of the candidate's places among 7.
        var counts = [Double](repeating: 0, count: 13)
        for mask in 0..<128 where mask.nonzeroBitCount == 4 {
            var (u, below) = (0, 0)
            for place in 0..<7 {
                if mask >> place & 1 == 1 { u += below } else { below += 1 }
            }
            counts[u] += 1 / 35
        }
        let ranks = NullDistribution.rankSum(baseline: 3, candidate: 4)
        var sums = [Double](repeating: 0, count: 16)
        for mask in 0..<32 {
            sums[(0..<5).reduce(0) { $0 + (mask >> $1 & 1) * ($1 + 1) }] += 1 / 32
        }
        let signs = NullDistribution.signedRank(count: 5)
        for value in 0...12 {
            #expect(abs(ranks.atMost(value) - counts[0...value].reduce(0, +)) < 1e-14)
            #expect(abs(ranks.atLeast(value) - counts[value...].reduce(0, +)) < 1e-14)
        }
        for value in 0...15 {
            #expect(abs(signs.atMost(value) - sums[0...value].reduce(0, +)) < 1e-14)
        }
    }

    @Test func `large null distributions are those of the recursion`() {
        // P(n, m, u) = n/(n+m) P(n-1, m, u-m) + m/(n+m) P(n, m-1, u): additions alone.
        let side = 30
        var rows = [[Double]](repeating: [1], count: side + 1)
        for m in 1...side {
            var row = [[1.0]]
            for n in 1...side {
                var p = [Double](repeating: 0, count: n * m + 1)
                let (share, other) = (Double(n) / Double(n + m), Double(m) / Double(n + m))
                for (u, value) in row[n - 1].enumerated() { p[u + m] += share * value }
                for (u, value) in rows[n].enumerated() { p[u] += other * value }
                row.append(p)
            }
            rows = row
        }
        let null = NullDistribution.rankSum(baseline: side, candidate: side)
        var sum = 0.0
        for (value, p) in rows[side].enumerated() {
            sum += p
            #expect(abs(null.atMost(value) - sum) < 1e-9 * sum, "\(value)")
        }
    }

    @Test func `critical values are those of the specification`() {
        let unpaired = [3: 0, 4: 1, 5: 4, 6: 7, 7: 11, 10: 27]
        for (runs, c) in unpaired {
            let null = NullDistribution.rankSum(baseline: runs, candidate: runs)
            #expect(null.critical(alpha: 1 - 0.95) == c)
        }
        for (index, (rounds, c)) in [(7, 2), (10, 5), (14, 13), (20, 33)].enumerated() {
            let alpha = 0.05 / Double(2 << index)
            #expect(NullDistribution.signedRank(count: rounds).critical(alpha: alpha) == c)
        }
        #expect(NullDistribution.rankSum(baseline: 2, candidate: 2).critical(alpha: 0.05) == nil)
    }

    @Test func `a ratio follows its values, and turns round with them`() throws {
        var random = SeededRandom(seed: 21)
        let (a, b) = (try sample(&random, 7), try sample(&random, 9))
        let tripled = try Series(b.values.map { $0 * 3 })
        let plain = try #require(
            try RatioEstimate.unpaired(baseline: a, candidate: b, confidence: 0.95))
        let larger = try #require(
            try RatioEstimate.unpaired(baseline: a, candidate: tripled, confidence: 0.95))
        let back = try #require(
            try RatioEstimate.unpaired(baseline: b, candidate: a, confidence: 0.95))
        #expect(abs(larger.ratio / plain.ratio - 3) < 1e-12)
        #expect(abs(back.ratio * plain.ratio - 1) < 1e-12)
        #expect(abs(try #require(back.lower) * #require(plain.upper) - 1) < 1e-12)
        let same = try #require(
            try RatioEstimate.paired(baseline: a, candidate: a, confidence: 0.95))
        #expect(same.ratio == 1 && same.lower == 1 && same.upper == 1)
    }

    @Test func `bounds hold the ratio as often as they say`() throws {
        let simulation = Simulation(seed: 22, runs: 800)
        let misses = try simulation.count { random in
            let (a, b) = (try sample(&random, 7), try sample(&random, 7, level: 1.05))
            let ratio = try RatioEstimate.unpaired(baseline: a, candidate: b, confidence: 0.95)
            return try #require(ratio?.upper) < 1.05
        }
        #expect(misses <= 59, "\(misses) of 800; seed \(simulation.seed)")
    }

    @Test(arguments: [SequentialComparison.Design.paired, .unpaired])
    func `looks do not cheat`(_ design: SequentialComparison.Design) throws {
        let simulation = Simulation(seed: 23, runs: 300)
        func word(_ level: Double, _ random: inout SeededRandom) throws -> Regression.Word {
            try SequentialComparison(
                design, baseline: sample(&random, 20), candidate: sample(&random, 20, level: level),
                margin: 0.05, confidence: 0.95
            ).word
        }
        let slower = try simulation.count { try word(1, &$0) == .regressed }
        #expect(slower <= 17, "\(slower) of 300; seed \(simulation.seed)")
        let same = try simulation.count { [.same, .improved].contains(try word(1.05, &$0)) }
        #expect(same <= 27, "\(same) of 300; seed \(simulation.seed)")
        let found = try simulation.count { try word(1.15, &$0) == .regressed }
        #expect(found >= 280, "\(found) of 300; seed \(simulation.seed)")
    }

    @Test func `values that have no logarithm are refused, too few say nothing`() throws {
        let (good, bad) = (try Series([1, 2, 3]), try Series([1, 0, 3]))
        #expect(throws: StatisticsError.self) {
            try RatioEstimate.unpaired(baseline: good, candidate: bad, confidence: 0.95)
        }
        #expect(throws: StatisticsError.self) {
            try RatioEstimate.paired(
                baseline: good, candidate: Series([1, 2]), confidence: 0.95)
        }
        let few = try #require(
            try RatioEstimate.unpaired(
                baseline: Series([1, 2]), candidate: Series([3, 4]), confidence: 0.95))
        #expect(few.lower == nil && Regression.verdict(few, margin: 0.05) == .inconclusive)
        let nothing = try SequentialComparison(
            .paired, baseline: good, candidate: good, margin: 0.05, confidence: 0.95)
        #expect(nothing.word == .inconclusive && nothing.rounds == nil)
    }

    @Test func `Holm rejects no less than Bonferroni and no more than each test alone`() {
        var random = SeededRandom(seed: 24)
        for _ in 0..<200 {
            let p = (0..<random.nextWhole(below: 12)).map { _ in random.nextUnit() * 0.1 }
            let holm = Holm(p)
            for (index, adjusted) in holm.adjusted.enumerated() {
                #expect(adjusted >= p[index] && adjusted <= min(1, Double(p.count) * p[index]))
            }
        }
    }

    @Test func `equal differences keep their exact probability`() throws {
        // Three of 1 and one of -1: ranks 2.5 each, so 4 of 16 signs give as much and one more.
        let test = try #require(SignedRank(try Series([1, 1, 1, -1, 0])))
        #expect(test.positiveSum == 7.5 && test.p == 5.0 / 16)
        #expect(SignedRank(try Series([0, 0])) == nil)
    }
}
