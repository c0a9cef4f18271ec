import Testing
import Verdicts

@testable import Statistics

@Suite struct DependenceOracleTests {
    private let file: OracleFile

    init() throws { file = try OracleFile("dependence") }

    @Test func `every function of the file has its test`() {
        file.expectFunctions([
            "dependence", "joint_excess", "tail_effect", "share_test", "quantile_interval",
        ])
    }

    @Test func `levels of latency say what the reference says`() throws {
        for one in file.cases(of: "dependence") {
            let found = Dependence(levels: try levels(one))
            one.expect([
                "p_value": found.chance, "is_seen": found.isSeen,
                "intraclass": found.intraclass, "correlation": found.correlation,
                "time": found.time, "stretches": found.stretches,
                "long_enough": found.isLongEnough,
                "effects": try one.doubles("shares").map { found.designEffect(at: $0) },
            ])
        }
    }

    @Test func `two normal values exceed a level together as the reference integrates it`() {
        for one in file.cases(of: "joint_excess") {
            one.expect([
                "excess": BivariateNormal.jointExcess(
                    above: one.double("z"), correlation: one.double("r"))
            ])
        }
    }

    @Test func `design effects of tails equal the reference`() throws {
        for one in file.cases(of: "tail_effect") {
            let tails = try tails(one, totals: "totals")
            let found = try one.doubles("shares").map { tails.designEffect(at: $0) }
            one.expect(["effects": found.map(\.effect), "batches": found.map(\.batches)])
        }
    }

    @Test func `bounds and verdicts of a share equal the reference`() throws {
        for one in file.cases(of: "share_test") {
            let confidences = try one.doubles("confs")
            let test = ShareTest(
                perSecond: try zip(one.integers("k"), one.integers("n")).map {
                    Proportion($0, of: $1)
                }, limit: one.double("limit"),
                dependence: Dependence(
                    levels: try levels(one),
                    tails: one.input["above"] == nil ? nil : try tails(one, totals: "n")))
            let effective = confidences.map { test.effective(confidence: $0) }
            one.expect([
                "design_effect": test.designEffect, "long_enough": test.isLongEnough,
                "k_eff": effective.map(\.count), "n_eff": effective.map(\.total),
                "lower": confidences.map { test.lowerBound(confidence: $0) },
                "upper": confidences.map { test.upperBound(confidence: $0) },
                "verdict": confidences.map { test.verdict(confidence: $0).word },
            ])
        }
    }

    @Test func `ranks around a quantile equal the reference`() {
        for one in file.cases(of: "quantile_interval") {
            let found = QuantileInterval(
                trials: one.integer("n"), partsPerMillion: one.integer("ppm"),
                confidence: one.double("conf"), designEffect: one.double("effect"))
            one.expect(["lower": found.lower, "upper": found.upper])
        }
    }

    // MARK: Inputs

    /// Of all latencies, or of two for each second: half of n at m + d, half at m - d.
    private func levels(_ one: OracleCase) throws -> [LatencyLevel] {
        if let all = one.input["latencies"] as? [[Double]] { return all.map(LatencyLevel.init) }
        return try rows(one, "points").map { row in
            var level = LatencyLevel()
            level.add(logarithm: row[1] + row[2], count: Int(row[0]) / 2)
            level.add(logarithm: row[1] - row[2], count: Int(row[0]) / 2)
            return level
        }
    }

    private func tails(_ one: OracleCase, totals: String) throws -> TailCounts {
        TailCounts(
            totals: try one.integers(totals),
            above: try #require(one.input["above"] as? [[Int]]))
    }

    private func rows(_ one: OracleCase, _ name: String) throws -> [[Double]] {
        try #require(one.input[name] as? [[Double]])
    }
}
