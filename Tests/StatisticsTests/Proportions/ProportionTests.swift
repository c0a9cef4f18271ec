import Testing

@testable import Statistics

@Suite struct ProportionTests {
    @Test func `a proven claim stays proven at a lower confidence`() {
        var random = SeededRandom(seed: 7)
        for _ in 0..<500 {
            let n = random.nextWhole(below: 100_000) + 1
            let k = min(n, random.nextWhole(below: 20))
            let seen = Proportion(k, of: n)
            if seen.verdict(limit: 1e-3, confidence: 0.99) == .pass {
                #expect(seen.verdict(limit: 1e-3, confidence: 0.95) == .pass, "\(k) of \(n)")
            }
        }
    }

    @Test func `a bound is the share at which the count becomes as rare as agreed`() throws {
        for (k, n) in [(0, 7), (1, 400), (3, 3), (4, 1_000_000), (9_950, 1_000_000_000)] {
            let seen = Proportion(k, of: n)
            if k < n {
                let upper = try #require(seen.upperBound(confidence: 0.95))
                #expect(abs(Binomial.atMost(k, trials: n, probability: upper) - 0.05) < 1e-9)
            }
            if k > 0 {
                let lower = try #require(seen.lowerBound(confidence: 0.95))
                #expect(abs(Binomial.atLeast(k, trials: n, probability: lower) - 0.05) < 1e-9)
            }
        }
    }

    @Test func `the verdict is the bound against the limit`() throws {
        var random = SeededRandom(seed: 11)
        for _ in 0..<500 {
            let n = random.nextWhole(below: 5_000) + 1
            let seen = Proportion(random.nextWhole(below: min(n, 60) + 1), of: n)
            let limit = random.nextUniform(in: 1e-4..<0.05)
            let upper = try #require(seen.upperBound(confidence: 0.95))
            let lower = try #require(seen.lowerBound(confidence: 0.95))
            let want: Verdict = upper <= limit ? .pass : lower >= limit ? .fail : .inconclusive
            #expect(seen.verdict(limit: limit, confidence: 0.95) == want, "\(seen), \(limit)")
        }
    }

    @Test func `nothing measured is invalid and has no bounds`() {
        let nothing = Proportion(0, of: 0)
        #expect(nothing.verdict(limit: 0.5, confidence: 0.95) == .invalid)
        #expect(nothing.upperBound(confidence: 0.95) == nil)
        #expect(nothing.lowerBound(confidence: 0.95) == nil)
    }

    @Test func `at the limit itself each word errs as seldom as agreed`() {
        let simulation = Simulation(seed: 20_240_501, runs: 4_000)
        let passes = simulation.count { random in
            Proportion(random.nextBinomial(400, 0.02), of: 400)
                .verdict(limit: 0.02, confidence: 0.95) == .pass
        }
        let fails = simulation.count { random in
            Proportion(random.nextBinomial(400, 0.02), of: 400)
                .verdict(limit: 0.02, confidence: 0.95) == .fail
        }
        // 5 % and three standard errors.
        #expect(passes <= 241 && fails <= 241, "\(passes), \(fails); seed \(simulation.seed)")
    }
}
