import Testing

@testable import Statistics

@Suite struct ProportionOracleTests {
    @Test func `exact binomial bounds equal the reference`() throws {
        let cases = try OracleFile("clopper_pearson").cases(of: "clopper_pearson")
        #expect(!cases.isEmpty)
        for one in cases {
            let seen = Proportion(one.integer("k"), of: one.integer("n"))
            let confidence = one.double("conf")
            #expect(one.accepts("lower", seen.lowerBound(confidence: confidence)), "\(one.id)")
            #expect(one.accepts("upper", seen.upperBound(confidence: confidence)), "\(one.id)")
        }
    }

    @Test func `verdicts on a share equal the reference`() throws {
        let cases = try OracleFile("clopper_pearson").cases(of: "proportion_verdict")
        #expect(!cases.isEmpty)
        for one in cases {
            let (k, n, p) = (one.integer("k"), one.integer("n"), one.double("p0"))
            let verdict = Proportion(k, of: n).verdict(limit: p, confidence: one.double("conf"))
            #expect(name(verdict) == one.output["verdict"] as? String, "\(one.id)")
            guard n > 0 else { continue }
            #expect(
                one.accepts("p_le_k", Binomial.atMost(k, trials: n, probability: p)), "\(one.id)")
            #expect(
                one.accepts("p_ge_k", Binomial.atLeast(k, trials: n, probability: p)), "\(one.id)")
        }
    }

    @Test func `the binomial distribution equals the reference`() throws {
        let cases = try OracleFile("special_functions").cases(of: "binomial")
        #expect(!cases.isEmpty)
        for one in cases {
            let (k, n, p) = (one.integer("k"), one.integer("n"), one.double("p"))
            #expect(one.accepts("cdf", Binomial.atMost(k, trials: n, probability: p)), "\(one.id)")
            #expect(
                one.accepts("sf", Binomial.atLeast(k + 1, trials: n, probability: p)), "\(one.id)")
        }
    }

    @Test func `a proven claim stays proven at a lower confidence`() {
        var random = SeededRandom(seed: 7)
        for _ in 0..<500 {
            let n = Int(random.nextUnit() * 100_000) + 1
            let k = Int(random.nextUnit() * 20)
            guard k <= n else { continue }
            let seen = Proportion(k, of: n)
            if seen.verdict(limit: 1e-3, confidence: 0.99) == .pass {
                #expect(seen.verdict(limit: 1e-3, confidence: 0.95) == .pass, "\(k) of \(n)")
            }
        }
    }

    private func name(_ verdict: Proportion.Verdict) -> String {
        "\(verdict)".uppercased()
    }
}
