import Testing

@testable import Statistics

@Suite struct RandomEffectsOracleTests {
    private let file: OracleFile

    init() throws { file = try OracleFile("random_effects") }

    @Test func `every function of the file has its test`() {
        file.expectFunctions(["random_effects", "runs_for_next"])
    }

    @Test func `means, spreads and bounds equal the reference`() throws {
        for one in file.cases(of: "random_effects") {
            let conf = one.double("conf")
            let runs = try #require(
                RandomEffects(
                    try Series(one.doubles("y")), within: try one.doubles("within")))
            one.expect([
                "mean": runs.mean, "variance": runs.variance, "within": runs.within,
                "between": runs.between, "lower": runs.lower(conf), "upper": runs.upper(conf),
                "next_lower": runs.nextLower(conf), "next_upper": runs.nextUpper(conf),
                "p_above": runs.pAbove(one.double("limit")),
                "p_below": runs.pBelow(one.double("limit")),
            ])
        }
    }

    @Test func `how many runs would do equals the reference`() {
        for one in file.cases(of: "runs_for_next") {
            let runs = RandomEffects(
                count: 3, mean: one.double("mean"), variance: one.double("variance"))
            one.expect([
                "runs": runs.runsForNext(
                    below: one.double("limit"), confidence: one.double("conf"),
                    most: one.integer("most"))
            ])
        }
    }
}
