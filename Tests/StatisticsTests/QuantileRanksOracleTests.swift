import Testing

@testable import Statistics

@Suite struct QuantileRanksOracleTests {
    private let file: OracleFile

    init() throws { file = try OracleFile("quantile_ci") }

    @Test func `ranks of intervals equal the reference`() {
        let cases = file.cases(of: "quantile_ranks")
        #expect(!cases.isEmpty)
        for one in cases {
            let (n, q) = (one.integer("n"), Int((one.double("q") * 1e6).rounded()))
            let two = QuantileRanks(
                trials: n, partsPerMillion: q, confidence: one.double("conf"))
            let single = QuantileRanks(
                trials: n, partsPerMillion: q, oneSidedConfidence: one.double("conf"))
            #expect(one.accepts("two_sided_lower_rank", two.lower), "\(one.id)")
            #expect(one.accepts("two_sided_upper_rank", two.upper), "\(one.id)")
            #expect(one.accepts("one_sided_lower_rank", single.lower), "\(one.id)")
            #expect(one.accepts("one_sided_upper_rank", single.upper), "\(one.id)")
            if two.coverage != nil { #expect(one.accepts("coverage", two.coverage), "\(one.id)") }
        }
    }

    @Test func `the fewest samples that bound a quantile equal the reference`() {
        for one in file.cases(of: "min_n_upper_bound") {
            let n = QuantileRanks.fewestForUpperBound(
                partsPerMillion: Int((one.double("q") * 1e6).rounded()),
                confidence: one.double("conf"))
            #expect(one.accepts("n", n), "\(one.id)")
        }
    }

    @Test func `point quantiles and verdicts of samples equal the reference`() throws {
        for one in file.cases(of: "quantile_sample") {
            let values = try #require(file.series[one.input["series"] as? String ?? ""]).sorted()
            let q = Int((one.double("q") * 1e6).rounded())
            let rank = QuantileRanks.point(trials: values.count, partsPerMillion: q)
            #expect(one.accepts("point", Int(values[rank - 1])), "\(one.id)")
        }
        for one in file.cases(of: "exceed_verdict") {
            let values = try #require(file.series[one.input["series"] as? String ?? ""])
            let count = values.count { $0 >= one.double("threshold") }
            let verdict = Proportion(count, of: values.count).verdict(
                limit: 1 - one.double("q"), confidence: one.double("conf"))
            #expect(one.accepts("exceed", count), "\(one.id)")
            #expect("\(verdict)".uppercased() == one.output["verdict"] as? String, "\(one.id)")
        }
    }

    @Test func `the rank of a point quantile is exact in whole numbers`() {
        // 0.07 * 100 is 7.000000000000001 in doubles, whose ceiling is 8.
        #expect(QuantileRanks.point(trials: 100, partsPerMillion: 70_000) == 7)
        #expect(QuantileRanks.point(trials: 1, partsPerMillion: 0) == 1)
    }
}
