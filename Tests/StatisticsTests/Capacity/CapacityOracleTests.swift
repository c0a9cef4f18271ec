import Testing

@testable import Statistics

@Suite struct CapacityOracleTests {
    private let file: OracleFile

    init() throws { file = try OracleFile("capacity") }

    @Test func `every function of the file has its test`() {
        file.expectFunctions([
            "usl_fit", "usl_predict", "erlang_c", "gg_wait", "instances", "per_zone_loss",
        ])
    }

    @Test func `fits of the scalability law equal the reference`() throws {
        for one in file.cases(of: "usl_fit") {
            let points = zip(try one.doubles("N"), try one.doubles("X")).map {
                ScalabilityFit.Point(concurrency: $0, throughput: $1)
            }
            let fit = try #require(ScalabilityFit(points))
            func ends(_ precision: ScalabilityFit.Precision?) -> [Double]? {
                precision.map { [$0.interval.lowerBound, $0.interval.upperBound] }
            }
            one.expect([
                "lambda": fit.law.rate, "sigma": fit.law.contention,
                "kappa": fit.law.coherency, "rss": fit.residualSquares,
                "df": fit.degreesOfFreedom, "r2": fit.rSquared,
                "se_lambda": fit.rate?.standardError, "se_sigma": fit.contention?.standardError,
                "se_kappa": fit.coherency?.standardError, "ci95_lambda": ends(fit.rate),
                "ci95_sigma": ends(fit.contention), "ci95_kappa": ends(fit.coherency),
                "n_peak": fit.law.peakConcurrency, "x_peak": fit.law.peakThroughput,
                "x_limit_amdahl": fit.law.limit,
            ])
        }
    }

    @Test func `throughput by the law equals the reference`() {
        for one in file.cases(of: "usl_predict") {
            let law = ScalabilityLaw(
                rate: one.double("lambda"), contention: one.double("sigma"),
                coherency: one.double("kappa"))
            one.expect(["X": law.throughput(at: one.double("N"))])
        }
    }

    @Test func `waits in a queue equal the reference`() {
        for one in file.cases(of: "erlang_c") {
            let queue = Queue(servers: one.integer("c"), load: one.double("a"))
            one.expect([
                "p_wait": queue.waitProbability, "utilisation": queue.utilisation,
                "mean_wait": queue.meanWait, "wait_q0.5": queue.wait(quantile: 0.5),
                "wait_q0.95": queue.wait(quantile: 0.95), "wait_q0.99": queue.wait(quantile: 0.99),
            ])
        }
        for one in file.cases(of: "gg_wait") {
            let queue = Queue(servers: one.integer("c"), load: one.double("a"))
            one.expect([
                "mean_wait": queue.meanWait(
                    arrivals: one.double("ca2"), services: one.double("cs2"))
            ])
        }
    }

    @Test func `numbers of instances equal the reference`() {
        for one in file.cases(of: "instances") {
            let plan = InstancePlan(
                target: one.double("target"), perInstance: one.double("rate_per_instance"),
                peakFactor: one.double("peak_factor"), utilisation: one.double("utilisation"),
                spare: one.integer("spare"))
            one.expect(["need": plan.needed, "total": plan.total])
        }
        for one in file.cases(of: "per_zone_loss") {
            let zones = InstancePlan.zones(one.integer("zones"), needed: one.integer("need"))
            one.expect(["per_zone": zones.perZone, "total": zones.total])
        }
    }
}
