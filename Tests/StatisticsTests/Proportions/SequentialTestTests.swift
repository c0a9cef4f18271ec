import Testing

@testable import Statistics

@Suite struct SequentialTestTests {
    private let test = SequentialTest(limit: 1e-5, confidence: 0.95)

    @Test func `the price of looking is what the specification names`() {
        #expect(test.minimumThatPass(errors: 0) == 377_114)
        #expect(test.minimumThatPass(errors: 1) == 610_457)
        #expect(test.minimumThatPass(errors: 2) == 831_506)
        #expect(test.verdict(Proportion(2, of: 1_000)) == .fail)
        #expect(test.verdict(Proportion(22, of: 1_000_000)) == .fail)
        #expect(test.verdict(Proportion(1, of: 1_000)) == .inconclusive)
    }

    @Test func `evidence is a mean of likelihood ratios`() {
        // At p0 = 1/2 the ratios can be written out.
        let half = SequentialTest(limit: 0.5, confidence: 0.95)
        var sum = 0.0
        for (ratio, weight) in [(0.1, 0.5), (0.3, 0.3), (0.6, 0.2)] {
            let p = ratio / (1 + ratio)
            sum += weight * Double.exp(2 * Double.log(2 * p) + 3 * Double.log(2 * (1 - p)))
        }
        #expect(abs(half.evidenceForPass(2, of: 5) - Double.log(sum)) < 1e-12)
    }

    @Test func `evidence has the mean one where the limit is the truth`() {
        // Over all outcomes of 12 trials, weighted by their probability at the limit.
        let test = SequentialTest(limit: 0.2, confidence: 0.95)
        var mean = 0.0
        for k in 0...12 {
            let p =
                Binomial.atMost(k, trials: 12, probability: 0.2)
                - Binomial.atMost(k - 1, trials: 12, probability: 0.2)
            mean += p * Double.exp(test.evidenceForPass(Double(k), of: 12))
        }
        #expect(abs(mean - 1) < 1e-12)
    }

    @Test func `a bound is where the evidence is just enough`() {
        for (k, n) in [(0.0, 1_000.0), (30, 1e6), (8_000, 1e9)] {
            let upper = SequentialTest.upperBound(k, of: n, confidence: 0.95)
            let at = SequentialTest(limit: upper, confidence: 0.95)
            #expect(abs(at.evidenceForPass(k, of: n) - at.needed) < 1e-6)
        }
        #expect(SequentialTest.upperBound(5, of: 5, confidence: 0.95) == 1)
    }

    @Test func `looking after every request errs as seldom as agreed`() {
        let test = SequentialTest(limit: 0.01, confidence: 0.95)
        let simulation = Simulation(seed: 20_240_504, runs: 2_000)
        var fails = 0
        let passes = simulation.count { random in
            var seen = Proportion(0, of: 0)
            // Evidence to pass is largest just before an error, evidence to fail just after one.
            while seen.total < 10_000 {
                let gap = random.nextGap(0.01)
                let clean = min(10_000, seen.total + gap)
                if test.verdict(Proportion(seen.count, of: clean)) == .pass { return true }
                guard clean < 10_000 else { break }
                seen = Proportion(seen.count + 1, of: clean + 1)
                if test.verdict(seen) == .fail {
                    fails += 1
                    return false
                }
            }
            return false
        }
        #expect(passes <= 130 && fails <= 130, "\(passes), \(fails); seed \(simulation.seed)")
    }
}
