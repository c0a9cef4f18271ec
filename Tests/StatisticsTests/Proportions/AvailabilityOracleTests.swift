import Testing

@testable import Statistics

@Suite struct AvailabilityOracleTests {
    private let file: OracleFile

    init() throws { file = try OracleFile("availability") }

    @Test func `every function of the file has its test`() {
        file.expectFunctions([
            "downtime", "burn_threshold", "burn_rate", "alert", "failover_availability",
            "max_failures_per_year", "series", "parallel", "k_of_n", "episode_rate_upper",
            "mtbf_mttr",
        ])
    }

    @Test func `downtimes equal the reference`() {
        for one in file.cases(of: "downtime") {
            let availability = Availability(one.double("availability"))
            one.expect([
                "seconds_per_year": availability.downtime(in: Availability.secondsOfYear),
                "minutes_per_year": availability.downtime(in: Availability.secondsOfYear) / 60,
                "minutes_per_30d": availability.downtime(in: 30 * 86_400) / 60,
                "seconds_per_day": availability.downtime(in: 86_400),
                "minutes_per_julian_year": availability.downtime(
                    in: Availability.secondsOfJulianYear) / 60,
            ])
        }
    }

    @Test func `burn rates and alerts equal the reference`() {
        for one in file.cases(of: "burn_threshold") {
            let burn = BurnRate(objective: one.double("slo"))
            let (window, period) = (one.double("window_h"), one.double("period_days") * 24)
            let rate = BurnRate.threshold(
                budgetShare: one.double("budget_fraction"), periodHours: period,
                windowHours: window)
            one.expect([
                "burn_rate": rate, "error_ratio_threshold": burn.errorShare(rate: rate),
                "short_window_h": BurnRate.shortWindow(of: window),
                "hours_to_exhaust": BurnRate.hoursToExhaust(rate: rate, periodHours: period),
            ])
        }
        for one in file.cases(of: "burn_rate") {
            let burn = BurnRate(objective: one.double("slo"))
            let requests = one.integer("requests")
            one.expect([
                "burn_rate": burn.rate(errorShare: one.double("errors") / Double(requests)),
                "budget_errors": burn.budgetErrors(requests: requests),
            ])
        }
        for one in file.cases(of: "alert") {
            let fires = BurnRate(objective: one.double("slo")).fires(
                longShare: one.double("long_ratio"), shortShare: one.double("short_ratio"),
                threshold: one.double("threshold"))
            one.expect(["fires": fires])
        }
    }

    @Test func `availability from faults equals the reference`() throws {
        for one in file.cases(of: "failover_availability") {
            let raw = try #require(one.input["faults"] as? [[String: Double]])
            let faults = try raw.map { fault in
                Availability.Fault(
                    perYear: try #require(fault["per_year"]),
                    recoverySeconds: try #require(fault["recovery_s"]),
                    failedShare: try #require(fault["failed_fraction"]))
            }
            one.expect([
                "availability": Availability.withFaults(faults).share,
                "downtime_s_per_year": Availability.downtimePerYear(faults),
            ])
        }
        for one in file.cases(of: "max_failures_per_year") {
            one.expect([
                "value": Availability(one.double("slo")).maximumFaultsPerYear(
                    recoverySeconds: one.double("recovery_s"),
                    failedShare: one.double("failed_fraction"))
            ])
        }
        for one in file.cases(of: "episode_rate_upper") {
            one.expect([
                "per_hour": ErrorEpisodes.maximumPerHour(
                    episodes: one.integer("episodes"), hours: one.double("hours"),
                    confidence: one.double("conf"))
            ])
        }
    }

    @Test func `parts together equal the reference`() throws {
        for one in file.cases(of: "series") {
            let parts = try one.doubles("availabilities").map { Availability($0) }
            one.expect(["value": Availability.series(parts).share])
        }
        for one in file.cases(of: "parallel") {
            let parts = try one.doubles("availabilities").map { Availability($0) }
            one.expect(["value": Availability.parallel(parts).share])
        }
        for one in file.cases(of: "k_of_n") {
            let each = Availability(one.double("a"))
            one.expect([
                "value": Availability.of(one.integer("k"), among: one.integer("n"), each: each)
                    .share
            ])
        }
        for one in file.cases(of: "mtbf_mttr") {
            let availability = Availability(
                timeBetweenFailures: one.double("mtbf_h"), timeToRecover: one.double("mttr_h"))
            one.expect(["availability": availability.share])
        }
    }
}
