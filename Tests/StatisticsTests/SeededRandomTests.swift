import Testing

@testable import Statistics

@Suite struct SeededRandomTests {
    /// How well `draw` agrees with a distribution, over 20,000 draws of a seed.
    private func p(
        _ seed: UInt64, _ draw: (inout SeededRandom) -> Double, _ share: (Double) -> Double
    ) throws -> Double {
        var random = SeededRandom(seed: seed)
        let sample = try Series((0..<20_000).map { _ in draw(&random) })
        let test = KolmogorovSmirnov(sample, cumulative: share)
        return try #require(test).p
    }

    @Test(arguments: [UInt64(1), 2, 3])
    func `draws come from the distribution that they say`(_ seed: UInt64) throws {
        let uniform = try p(seed, { $0.nextUnit() }, { $0 })
        let range = try p(seed, { $0.nextUniform(in: -3..<5) }, { ($0 + 3) / 8 })
        let exponential = try p(seed, { $0.nextExponential() }, { -Double.expMinusOne(-$0) })
        let normal = try p(seed, { $0.nextNormal() }, { NormalDistribution.below($0) })
        for value in [uniform, range, exponential, normal] {
            #expect(value > 0.001, "seed \(seed): \(value)")
        }
        let wrong = try p(seed, { $0.nextNormal() * 1.1 }, { NormalDistribution.below($0) })
        #expect(wrong < 0.001, "seed \(seed): \(wrong)")
    }

    @Test(arguments: [(40, 0.3), (40, 0.8), (2_000, 0.002), (7, 0), (7, 1)])
    func `counts come as often as the binomial distribution says`(
        trials: Int, probability: Double
    ) {
        var random = SeededRandom(seed: 5)
        var seen = [Int](repeating: 0, count: trials + 1)
        let runs = 5_000
        for _ in 0..<runs { seen[random.nextBinomial(trials, probability)] += 1 }
        var (below, largest) = (0, 0.0)
        for count in 0...trials {
            below += seen[count]
            let share = Binomial.atMost(count, trials: trials, probability: probability)
            largest = max(largest, abs(Double(below) / Double(runs) - share))
        }
        // Kolmogorov's distance, which for counts errs on the safe side: 1.95 at 0.001.
        #expect(largest < 1.95 / Double(runs).squareRoot(), "\(largest); seed 5")
    }

    @Test func `a seed gives the same numbers, another seed others`() {
        var (one, same, other) = (
            SeededRandom(seed: 9), SeededRandom(seed: 9), SeededRandom(seed: 10)
        )
        let first = one.nextNormal()
        #expect(first == same.nextNormal() && first != other.nextNormal())
    }

    @Test func `the uniform range leaves its upper end out`() {
        var random = SeededRandom(seed: 11)
        let narrow = 1.0..<1.0.nextUp
        for _ in 0..<1_000 { #expect(narrow.contains(random.nextUniform(in: narrow))) }
    }
}

@Suite struct KolmogorovSmirnovTests {
    @Test func `distances and chances equal scipy's`() throws {
        // scipy.stats.kstest(x, "uniform"), exact; kstwobign.sf.
        let golden = (1...40).map { index -> Double in
            let value = Double(index) * 0.6180339887498949
            return (value - value.rounded(.down)) * (value - value.rounded(.down))
        }
        let squared = try #require(KolmogorovSmirnov(try Series(golden)) { $0 })
        #expect(abs(squared.distance - 0.26837892368385863) < 1e-12)
        #expect(abs(squared.p - 0.004921706478166699) < 0.002)
        let ten = [0.31, 0.42, 0.55, 0.61, 0.68, 0.75, 0.82, 0.9, 0.95, 0.99]
        let test = try #require(KolmogorovSmirnov(try Series(ten)) { $0 })
        #expect(abs(test.distance - 0.35) < 1e-12)
        #expect(abs(test.p - 0.1339605462625002) < 0.01)
        let tails = [(0.5, 0.963945244), (0.8, 0.544142412), (1.36, 0.0494858768)]
        for (x, tail) in tails { #expect(abs(KolmogorovSmirnov.tail(x) - tail) < 1e-8) }
    }

    @Test func `chances of true samples are spread evenly`() throws {
        let simulation = Simulation(seed: 12, runs: 2_000)
        let small = try simulation.count { random in
            let sample = try Series((0..<50).map { _ in random.nextUnit() })
            return try #require(KolmogorovSmirnov(sample) { $0 }).p < 0.1
        }
        #expect((150...250).contains(small), "\(small) of 2,000; seed \(simulation.seed)")
        #expect(KolmogorovSmirnov(try Series([])) { $0 } == nil)
    }
}
