import Testing

@testable import Statistics

@Suite struct TrendOracleTests {
    private let file: OracleFile

    init() throws { file = try OracleFile("trend") }

    @Test func `every function of the file has its test`() {
        file.expectFunctions(["trend", "theil_sen_xy", "floor", "leak_verdict"])
    }

    @Test func `trends equal the reference`() throws {
        for one in file.cases(of: "trend") {
            let trend = try #require(Trend(try one.series()))
            let confidence = (1 + one.double("conf2")) / 2
            let (factor, slope) = (trend.varianceFactor, trend.estimate)
            one.expect(
                [
                    "n": trend.count, "S": trend.s, "var_S": slope.varianceOfS, "z": trend.z(),
                    "p_increasing": trend.pIncreasing(), "p_two_sided": trend.pTwoSided(),
                    "tau_a": trend.tau, "slope": slope.slope, "intercept": slope.intercept,
                    "slope_low": slope.lower(confidence: confidence),
                    "slope_high": slope.upper(confidence: confidence), "r1": trend.lagOne,
                    "r_star": trend.autocorrelation, "ar1_factor": factor,
                    "ar1_z": trend.z(varianceFactor: factor),
                    "ar1_p_increasing": trend.pIncreasing(varianceFactor: factor),
                    "ar1_slope_low": slope.lower(confidence: confidence, varianceFactor: factor),
                    "ar1_slope_high": slope.upper(confidence: confidence, varianceFactor: factor),
                ],
                // The variants that the specification rejects, there for comparison only.
                except: [
                    "hamed_rao_all_var_S", "hamed_rao_all_z", "hamed_rao_lag3_var_S",
                    "hamed_rao_lag3_z", "tfpw_z",
                ])
        }
    }

    @Test func `slopes against any place equal the reference`() throws {
        for one in file.cases(of: "theil_sen_xy") {
            let (x, y) = (try Series(one.doubles("x")), try Series(one.doubles("y")))
            let slope = try #require(try SlopeEstimate(x: x, y: y))
            let confidence = (1 + one.double("conf2")) / 2
            one.expect([
                "slope": slope.slope, "intercept": slope.intercept,
                "slope_low": slope.lower(confidence: confidence),
                "slope_high": slope.upper(confidence: confidence),
            ])
        }
    }

    @Test func `floors of a sawtooth equal the reference`() throws {
        for one in file.cases(of: "floor") {
            let floor = Floor(try one.series(), block: one.integer("block"))
            one.expect(["floor": floor.values, "at": floor.indices])
        }
    }

    @Test func `leak verdicts equal the reference`() throws {
        for one in file.cases(of: "leak_verdict") {
            let test = try LeakTest(
                floors: Series(one.doubles("y")), at: Series(one.doubles("x")),
                tolerance: one.double("tolerance"), granularity: one.double("granularity"))
            let figures = test.figures
            one.expect([
                "verdict": test.verdict.word, "reason": test.reason.rawValue,
                "slope": figures?.slope, "lower99": figures?.lower99,
                "upper95": figures?.upper95, "r_star": figures?.autocorrelation,
                "tau": figures?.tau, "slope_second_half": figures?.secondHalfSlope,
                "residual_range": figures?.residualRange,
                "lower99_f1": figures?.lower99Independent,
            ])
        }
    }
}
