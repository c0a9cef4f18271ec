import Testing

@testable import Statistics

@Suite struct ProportionOracleTests {
    private let file: OracleFile

    init() throws { file = try OracleFile("clopper_pearson") }

    @Test func `every function of the file has its test`() {
        file.expectFunctions(["clopper_pearson", "proportion_verdict"])
    }

    @Test func `exact binomial bounds equal the reference`() {
        for one in file.cases(of: "clopper_pearson") {
            let seen = Proportion(one.integer("k"), of: one.integer("n"))
            let confidence = one.double("conf")
            one.expect([
                "lower": seen.lowerBound(confidence: confidence),
                "upper": seen.upperBound(confidence: confidence),
            ])
        }
    }

    @Test func `verdicts on a share equal the reference`() {
        for one in file.cases(of: "proportion_verdict") {
            let (k, n, p) = (one.integer("k"), one.integer("n"), one.double("p0"))
            let verdict = Proportion(k, of: n).verdict(limit: p, confidence: one.double("conf"))
            one.expect([
                "verdict": verdict.word,
                "p_le_k": n == 0 ? nil : Binomial.atMost(k, trials: n, probability: p),
                "p_ge_k": n == 0 ? nil : Binomial.atLeast(k, trials: n, probability: p),
            ])
        }
    }
}
