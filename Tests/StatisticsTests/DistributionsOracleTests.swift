import Testing

@testable import Statistics

@Suite struct DistributionsOracleTests {
    private let file: OracleFile

    init() throws { file = try OracleFile("special_functions") }

    @Test func `every function of the file has its test`() {
        file.expectFunctions([
            "beta_inc", "beta_inv", "ln_gamma", "gamma_inc_lower_regularised",
            "gamma_inc_upper_regularised", "normal", "normal_quantile", "student_t_quantile",
            "student_t_sf", "binomial", "poisson", "chi_square_quantile",
        ])
    }

    @Test func `incomplete beta and gamma functions equal the reference`() {
        for one in file.cases(of: "beta_inc") {
            let (a, b) = (one.double("a"), one.double("b"))
            one.expect(["value": IncompleteBeta.value(a, b, at: one.double("x"))])
        }
        for one in file.cases(of: "beta_inv") {
            let (a, b) = (one.double("a"), one.double("b"))
            one.expect(["value": IncompleteBeta.inverse(a, b, of: one.double("p"))])
        }
        for one in file.cases(of: "ln_gamma") {
            one.expect(["value": Gamma.logarithm(one.double("x"))])
        }
        for one in file.cases(of: "gamma_inc_lower_regularised") {
            one.expect(["value": Gamma.lower(one.double("a"), at: one.double("x"))])
        }
        for one in file.cases(of: "gamma_inc_upper_regularised") {
            one.expect(["value": Gamma.upper(one.double("a"), at: one.double("x"))])
        }
    }

    @Test func `normal and Student's t distributions equal the reference`() {
        for one in file.cases(of: "normal") {
            let z = one.double("z")
            one.expect(["cdf": NormalDistribution.below(z), "sf": NormalDistribution.above(z)])
        }
        for one in file.cases(of: "normal_quantile") {
            one.expect(["value": NormalDistribution.quantile(one.double("p"))])
        }
        for one in file.cases(of: "student_t_quantile") {
            let student = StudentDistribution(degreesOfFreedom: one.double("df"))
            one.expect(["value": student.quantile(one.double("p"))])
        }
        for one in file.cases(of: "student_t_sf") {
            let student = StudentDistribution(degreesOfFreedom: one.double("df"))
            one.expect(["value": student.above(one.double("t"))])
        }
    }

    @Test func `distributions of counts equal the reference`() {
        for one in file.cases(of: "binomial") {
            let (k, n, p) = (one.integer("k"), one.integer("n"), one.double("p"))
            one.expect([
                "cdf": Binomial.atMost(k, trials: n, probability: p),
                "sf": Binomial.atLeast(k + 1, trials: n, probability: p),
            ])
        }
        for one in file.cases(of: "poisson") {
            let poisson = PoissonDistribution(mean: one.double("mean"))
            let k = one.integer("k")
            one.expect(["cdf": poisson.atMost(k), "sf": poisson.above(k)])
        }
        for one in file.cases(of: "chi_square_quantile") {
            one.expect([
                "value": PoissonDistribution.chiSquareQuantile(
                    degreesOfFreedom: one.double("df"), one.double("p"))
            ])
        }
    }
}
