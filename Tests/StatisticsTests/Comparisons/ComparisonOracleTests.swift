import Testing

@testable import Statistics

@Suite struct ComparisonOracleTests {
    private let file: OracleFile

    init() throws { file = try OracleFile("comparison") }

    private func samples(_ one: OracleCase) throws -> (a: Series, b: Series) {
        (try Series(one.doubles("a")), try Series(one.doubles("b")))
    }

    private func estimate(_ one: OracleCase) throws -> RatioEstimate {
        let (a, b) = try samples(one)
        return try #require(
            try RatioEstimate.unpaired(
                baseline: a, candidate: b, confidence: one.double("conf")))
    }

    @Test func `every function of the file has its test`() {
        file.expectFunctions([
            "mann_whitney", "mann_whitney_ties", "hodges_lehmann_ratio", "regression_verdict",
            "sequential_comparison", "sequential_comparison_paired", "permutation_mean_log",
            "mann_whitney_limits", "holm", "wilcoxon_signed_rank",
        ])
    }

    @Test(arguments: ["mann_whitney", "mann_whitney_ties"])
    func `rank sums equal the reference`(_ function: String) throws {
        for one in file.cases(of: function) {
            let (a, b) = try samples(one)
            let sum = try #require(RankSum(baseline: a, candidate: b))
            one.expect([
                "U": sum.u, "p_exact_two_sided": sum.exactTwoSided,
                "p_exact_greater": sum.exactGreater, "p_exact_less": sum.exactLess,
                "p_asymptotic_two_sided": sum.approximateTwoSided,
                "p_asymptotic_greater": sum.approximateGreater,
            ])
        }
    }

    @Test func `what few runs can show equals the reference`() {
        for one in file.cases(of: "mann_whitney_limits") {
            let (n, m) = (one.integer("n"), one.integer("m"))
            let null = NullDistribution.rankSum(baseline: n, candidate: m)
            one.expect([
                "min_p_one_sided": null.atMost(0), "c_95": null.critical(alpha: 1 - 0.95),
                "c_975": null.critical(alpha: 1 - 0.975), "c_99": null.critical(alpha: 1 - 0.99),
                "max_holm_comparisons_at_0.05": Holm.maximumComparisons(
                    smallest: null.atMost(0), alpha: 0.05),
            ])
        }
    }

    @Test func `ratios and verdicts equal the reference`() throws {
        for one in file.cases(of: "hodges_lehmann_ratio") {
            let ratio = try estimate(one)
            one.expect([
                "estimate": ratio.ratio, "lower": ratio.lower, "upper": ratio.upper,
                "c": ratio.critical,
            ])
        }
        for one in file.cases(of: "regression_verdict") {
            let ratio = try estimate(one)
            one.expect([
                "verdict": Regression.verdict(ratio, margin: one.double("margin")).word,
                "estimate": ratio.ratio, "lower": ratio.lower, "upper": ratio.upper,
            ])
        }
    }

    @Test func `sequential looks equal the reference`() throws {
        let designs: [(String, SequentialComparison.Design)] = [
            ("sequential_comparison", .unpaired), ("sequential_comparison_paired", .paired),
        ]
        for (function, design) in designs {
            for one in file.cases(of: function) {
                let (a, b) = try samples(one)
                let comparison = try SequentialComparison(
                    design, baseline: a, candidate: b, margin: one.double("margin"),
                    confidence: one.double("conf"))
                let looks = comparison.looks.map { look -> [String: Any?] in
                    [
                        "rounds": look.rounds, "conf": look.confidence,
                        "estimate": look.estimate.ratio, "lower": look.estimate.lower,
                        "upper": look.estimate.upper, "word": look.word.rawValue,
                        "critical": look.estimate.critical,
                    ]
                }
                one.expect([
                    "looks": looks, "stop_rounds": comparison.rounds,
                    "word": comparison.word.rawValue, "equivalent": comparison.isEquivalent,
                ])
            }
        }
    }

    @Test func `cross-checks of a comparison equal the reference`() throws {
        for one in file.cases(of: "permutation_mean_log") {
            let (a, b) = try samples(one)
            let test = try PermutationTest(baseline: a, candidate: b)
            one.expect(["statistic": test?.statistic, "p_greater": test?.p])
        }
        for one in file.cases(of: "wilcoxon_signed_rank") {
            let test = SignedRank(try Series(one.doubles("d")))
            one.expect([
                "W_plus": test?.positiveSum, "p_greater": test?.p,
                "hodges_lehmann": test?.estimate,
            ])
        }
        for one in file.cases(of: "holm") {
            let holm = Holm(try one.doubles("p"))
            one.expect([
                "adjusted": holm.adjusted, "reject": holm.rejected(alpha: one.double("alpha")),
            ])
        }
    }
}
