import Testing

@testable import Statistics

@Suite struct ChangePointsOracleTests {
    private let file: OracleFile

    init() throws { file = try OracleFile("changepoint") }

    @Test func `every function of the file has its test`() {
        file.expectFunctions(["q_statistic", "best_split", "t_test", "change_points"])
    }

    @Test func `energy distances and best splits equal the reference`() throws {
        for one in file.cases(of: "q_statistic") {
            let q = EnergySplit.statistic(
                try Series(one.doubles("x")), try Series(one.doubles("y")))
            one.expect(["q": q])
        }
        for one in file.cases(of: "best_split") {
            let split = EnergySplit.best(of: try one.series())
            one.expect(["tau": split?.index, "kappa": split?.end, "q": split?.statistic])
        }
    }

    @Test func `tests of two segments equal the reference`() throws {
        for one in file.cases(of: "t_test") {
            let values = try one.series().values
            let left = try Series(Array(values.prefix(one.integer("split"))))
            let right = try Series(Array(values.dropFirst(one.integer("split"))))
            one.expect([
                "p_ddof1": StudentTest.pooled(left, right),
                "p_ddof0": StudentTest.pooled(left, right, divisorLess: 0),
            ])
        }
    }

    @Test func `change points equal the reference`() throws {
        for one in file.cases(of: "change_points") {
            var options = ChangePoints.Options()
            options.window = one.integer("window")
            options.maximumP = one.double("p_max")
            options.minimumMagnitude = one.double("min_magnitude")
            options.varianceDivisorLess = one.integer("ddof")
            let changes = ChangePoints(try one.series(), options: options).changes
            one.expect([
                "indices": changes.map(\.index), "p": changes.map(\.p),
                "mean_before": changes.map(\.meanBefore), "mean_after": changes.map(\.meanAfter),
            ])
        }
    }
}
