import Testing

@testable import Statistics

@Suite struct AnomalyOracleTests {
    private let file: OracleFile

    init() throws { file = try OracleFile("anomaly") }

    @Test func `every function of the file has its test`() {
        file.expectFunctions(["modified_z", "ewma", "holt", "time_to_limit"])
    }

    @Test func `modified scores equal the reference`() throws {
        for one in file.cases(of: "modified_z") {
            let series = try one.series()
            let scores = try #require(ModifiedScores(series))
            one.expect([
                "median": scores.median, "mad": scores.medianDistance,
                "scores": series.values.map { scores.score(of: $0) },
                "outliers_3.5": series.values.indices.filter {
                    scores.isAnomalous(series.values[$0])
                },
            ])
        }
    }

    @Test func `exponential averages equal the reference`() throws {
        for one in file.cases(of: "ewma") {
            let average = ExponentialAverage(
                try one.series(),
                control: ExponentialAverage.Control(
                    mean: one.double("mu"), deviation: one.double("sigma"),
                    weight: one.double("lambda"), limit: one.double("L")))
            one.expect([
                "last": average.values.last, "alarms": average.alarms,
                "first10": Array(average.values.prefix(10)),
            ])
        }
    }

    @Test func `forecasts equal the reference`() throws {
        for one in file.cases(of: "holt") {
            let forecast = TrendForecast(
                try one.series(), levelWeight: one.double("alpha"),
                trendWeight: one.double("beta"))
            one.expect([
                "level": forecast?.level, "trend": forecast?.trend,
                "forecast": forecast?.value(after: one.integer("h")),
            ])
        }
        for one in file.cases(of: "time_to_limit") {
            let time = TimeToLimit(
                level: one.double("level"), limit: one.double("limit"), slope: one.double("slope"),
                bounds: one.double("slope_low")...one.double("slope_high"))
            one.expect([
                "estimate": time.estimate, "earliest": time.earliest, "latest": time.latest,
            ])
        }
    }
}
