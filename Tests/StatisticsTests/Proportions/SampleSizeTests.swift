import Testing

@testable import Statistics

@Suite struct SampleSizeTests {
    @Test func `a required number is the smallest that passes`() {
        for errors in [0, 1, 3, 10] {
            for limit in [1e-5, 0.01, 0.5] {
                let n = SampleSize.required(limit: limit, errors: errors, confidence: 0.95)
                func verdict(_ n: Int) -> Verdict {
                    Proportion(errors, of: n).verdict(limit: limit, confidence: 0.95)
                }
                #expect(verdict(n) == .pass && verdict(n - 1) != .pass, "\(errors), \(limit)")
            }
        }
    }

    @Test func `a plan is the smallest of all, near its limit too`() throws {
        for (limit, believed) in [(1e-5, 2e-6), (0.05, 0.042), (0.5, 0.47), (0.01, 0.0096)] {
            let plan = try #require(
                SampleSize.plan(limit: limit, believed: believed, confidence: 0.95))
            let first = (0...plan.errors).first { errors in
                let n = SampleSize.required(limit: limit, errors: errors, confidence: 0.95)
                return Binomial.atMost(errors, trials: n, probability: believed) >= 0.8
            }
            #expect(first == plan.errors, "\(limit), \(believed)")
        }
        #expect(SampleSize.plan(limit: 0.01, believed: 0.01, confidence: 0.95) == nil)
    }

    @Test func `the errors that pass and fail are the outermost that do`() throws {
        let most = try #require(
            SampleSize.maximumErrorsThatPass(trials: 3_000_000, limit: 1e-5, confidence: 0.95))
        let fewest = try #require(
            SampleSize.minimumErrorsThatFail(trials: 3_000_000, limit: 1e-5, confidence: 0.95))
        func verdict(_ errors: Int) -> Verdict {
            Proportion(errors, of: 3_000_000).verdict(limit: 1e-5, confidence: 0.95)
        }
        #expect(verdict(most) == .pass && verdict(most + 1) == .inconclusive)
        #expect(verdict(fewest) == .fail && verdict(fewest - 1) == .inconclusive)
    }
}
