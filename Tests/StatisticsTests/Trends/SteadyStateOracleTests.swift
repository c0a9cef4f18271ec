import Testing

@testable import Statistics

@Suite struct SteadyStateOracleTests {
    private let file: OracleFile

    init() throws { file = try OracleFile("steady_state") }

    @Test func `every function of the file has its test`() {
        file.expectFunctions([
            "autocorrelation", "batch_means", "mser5", "warmup", "rate_bounds", "rate_windows",
        ])
    }

    @Test func `autocorrelation and effective sizes equal the reference`() throws {
        for one in file.cases(of: "autocorrelation") {
            let series = try one.series()
            let correlation = Autocorrelation(series)
            one.expect([
                "acf": (0...10).map { correlation.coefficient(lag: $0) },
                "r_star": correlation.corrected, "ess_ar1": correlation.effectiveCount,
                "tau_geyer": correlation.integratedTime,
                "ess_geyer": correlation.integratedTime.map { Double(series.count) / $0 },
                "von_neumann": correlation.vonNeumannRatio,
            ])
        }
    }

    @Test func `batch means equal the reference`() throws {
        for one in file.cases(of: "batch_means") {
            let batches = BatchMeans(try one.series(), batches: one.integer("batches"))
            one.expect([
                "mean": batches?.mean, "var_of_mean": batches?.varianceOfMean,
                "r1": batches?.lagOne,
            ])
        }
    }

    @Test func `transients equal the reference`() throws {
        for one in file.cases(of: "mser5") {
            let series = try one.series()
            let transient = Transient(series)
            one.expect([
                "groups": Transient.groups(of: series), "d": transient?.cutGroups,
                "truncate": transient?.cut, "converged": transient?.isSteady,
                "stat_at_0": transient?.errorUncut, "stat_at_d": transient?.error,
            ])
        }
    }

    @Test func `warm-up cuts equal the reference`() throws {
        for one in file.cases(of: "warmup") {
            let series = try one.series()
            let warmUp = WarmUp(
                perSecond: series, profileSeconds: one.optional("profile_warmup_s"))
            one.expect([
                "groups": Transient.groups(of: series),
                "configured_s": warmUp.configuredSeconds, "mser_s": warmUp.transientSeconds,
                "cut_s": warmUp.cutSeconds, "stationarity_checked": warmUp.isChecked,
                "steady": warmUp.isSteady, "inconclusive": warmUp.isInconclusive,
            ])
        }
    }

    @Test func `bounds of a rate equal the reference`() throws {
        for one in file.cases(of: "rate_bounds") {
            let bounds = MeanBounds(try one.series(), confidence: one.double("conf"))
            one.expect([
                "mean": bounds.mean, "r_star": bounds.autocorrelation,
                "n_eff": bounds.effectiveCount, "lower": bounds.lower, "upper": bounds.upper,
                "verdict": bounds.verdict(.atLeast, one.double("target")).word,
            ])
        }
    }

    @Test func `verdicts within windows equal the reference`() throws {
        for one in file.cases(of: "rate_windows") {
            let windowed = WindowedMean(
                try one.series(), width: one.integer("width"), .atLeast, one.double("target"),
                confidence: one.double("conf"))
            one.expect([
                "windows": windowed.windows.count, "r_star": windowed.autocorrelation,
                "n_eff": windowed.effectiveCount, "lower": windowed.windows.map(\.lower),
                "upper": windowed.windows.map(\.upper), "p_below": windowed.windows.map(\.p),
                "p_holm": windowed.windows.map(\.adjusted), "failed_windows": windowed.failed,
                "verdict": windowed.verdict.word,
            ])
        }
    }
}
