import Testing

@testable import Statistics

@Suite struct QuantileRanksOracleTests {
    private let file: OracleFile

    init() throws { file = try OracleFile("quantile_ci") }

    @Test func `every function of the file has its test`() {
        // Histogram buckets are tested where histograms are.
        file.expectFunctions([
            "quantile_ranks", "min_n_upper_bound", "quantile_sample", "exceed_verdict",
            "hdr_equivalent_range",
        ])
    }

    @Test func `ranks of intervals equal the reference`() {
        for one in file.cases(of: "quantile_ranks") {
            let (n, q, confidence) = (one.integer("n"), one.partsPerMillion, one.double("conf"))
            let two = QuantileRanks(trials: n, partsPerMillion: q, confidence: confidence)
            let single = QuantileRanks(
                trials: n, partsPerMillion: q, oneSidedConfidence: confidence)
            let normal = QuantileRanks(
                approximatelyOf: n, partsPerMillion: q, confidence: confidence)
            one.expect([
                "two_sided_lower_rank": two.lower, "two_sided_upper_rank": two.upper,
                "one_sided_lower_rank": single.lower, "one_sided_upper_rank": single.upper,
                "coverage": two.coverage, "normal_lower_rank": normal.lower,
                "normal_upper_rank": normal.upper,
            ])
        }
    }

    @Test func `the fewest samples that bound a quantile equal the reference`() {
        for one in file.cases(of: "min_n_upper_bound") {
            let n = QuantileRanks.minimumForUpperBound(
                partsPerMillion: one.partsPerMillion, confidence: one.double("conf"))
            one.expect(["n": n])
        }
    }

    @Test func `quantiles of samples and their intervals equal the reference`() throws {
        for one in file.cases(of: "quantile_sample") {
            let values = try one.series().values.sorted()
            let (n, q, confidence) = (values.count, one.partsPerMillion, one.double("conf"))
            let two = QuantileRanks(trials: n, partsPerMillion: q, confidence: confidence)
            let single = QuantileRanks(
                trials: n, partsPerMillion: q, oneSidedConfidence: confidence)
            let point = QuantileRanks.point(trials: n, partsPerMillion: q)
            func value(_ rank: Int?) -> Double? { rank.map { values[$0 - 1] } }
            one.expect([
                "point": value(point), "two_sided_lower": value(two.lower),
                "two_sided_upper": value(two.upper), "one_sided_lower": value(single.lower),
                "one_sided_upper": value(single.upper),
            ])
        }
    }

    @Test func `verdicts by counting equal the reference`() throws {
        for one in file.cases(of: "exceed_verdict") {
            let values = try one.series().values
            let count = values.count { $0 >= one.double("threshold") }
            let limit = 1 - one.double("q")
            let verdict = Proportion(count, of: values.count).verdict(
                limit: limit, confidence: one.double("conf"))
            one.expect([
                "exceed": count, "verdict": verdict.word,
                "p_le_k": Binomial.atMost(count, trials: values.count, probability: limit),
                "p_ge_k": Binomial.atLeast(count, trials: values.count, probability: limit),
            ])
        }
    }
}
