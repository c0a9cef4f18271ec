import Testing

@testable import Statistics

@Suite struct DistributionsTests {
    @Test func `the incomplete beta function has its closed forms and mirrors itself`() {
        for x in stride(from: 0.05, to: 1, by: 0.05) {
            #expect(abs(IncompleteBeta.value(1, 1, at: x) - x) < 1e-14)
            // I_x(2, 1) = x^2.
            #expect(abs(IncompleteBeta.value(2, 1, at: x) - x * x) < 1e-14)
            let sum =
                IncompleteBeta.value(3.5, 0.7, at: x) + IncompleteBeta.value(0.7, 3.5, at: 1 - x)
            #expect(abs(sum - 1) < 1e-13)
        }
        #expect(IncompleteBeta.value(2, 3, at: 0) == 0)
        #expect(IncompleteBeta.value(2, 3, at: 1) == 1)
    }

    @Test func `an inverse undoes its function`() throws {
        for (a, b) in [(0.5, 0.5), (3, 40), (1e4, 1e9), (0.02, 7)] {
            for p in [1e-6, 0.05, 0.5, 0.95] {
                let x = try #require(IncompleteBeta.inverse(a, b, of: p))
                #expect(abs(IncompleteBeta.value(a, b, at: x) - p) < 1e-9 * p + 1e-12, "\(a), \(p)")
            }
        }
        for p in [1e-10, 0.01, 0.3, 0.99] {
            let z = NormalDistribution.quantile(p)
            #expect(abs(NormalDistribution.below(z) - p) < 1e-13)
            let student = StudentDistribution(degreesOfFreedom: 3.7)
            #expect(abs(student.above(student.quantile(p)) - (1 - p)) < 1e-12)
        }
    }

    @Test func `gamma is a factorial, and its parts make a whole`() {
        var factorial = 1.0
        for n in 1...20 {
            factorial *= Double(n)
            #expect(abs(Gamma.logarithm(Double(n) + 1) - Double.log(factorial)) < 1e-12 * 50)
        }
        for x in [0.1, 2, 30] {
            #expect(abs(Gamma.lower(4.5, at: x) + Gamma.upper(4.5, at: x) - 1) < 1e-14)
            // P(1, x) = 1 - exp(-x).
            #expect(abs(Gamma.lower(1, at: x) + Double.expMinusOne(-x)) < 1e-14)
        }
    }

    @Test func `Student's t is Cauchy's at one degree and normal at very many`() {
        let cauchy = StudentDistribution(degreesOfFreedom: 1)
        #expect(abs(cauchy.quantile(0.75) - 1) < 1e-12)
        #expect(abs(cauchy.above(1) - 0.25) < 1e-14)
        let many = StudentDistribution(degreesOfFreedom: 1e9)
        #expect(abs(many.quantile(0.95) - NormalDistribution.quantile(0.95)) < 1e-7)
    }

    @Test func `binomial and Poisson probabilities are the sums of their terms`() {
        for (n, p) in [(1, 0.5), (17, 0.3), (60, 0.01)] {
            var (term, sum) = (Double.exp(Double(n) * Double.logOnePlus(-p)), 0.0)
            for k in 0...n {
                sum += term
                #expect(abs(Binomial.atMost(k, trials: n, probability: p) - sum) < 1e-12)
                let above = Binomial.atLeast(k + 1, trials: n, probability: p)
                #expect(abs(above - (1 - sum)) < 1e-12)
                term *= Double(n - k) / Double(k + 1) * p / (1 - p)
            }
        }
        let poisson = PoissonDistribution(mean: 3.2)
        var (term, sum) = (Double.exp(-3.2), 0.0)
        for k in 0...20 {
            sum += term
            #expect(abs(poisson.atMost(k) - sum) < 1e-13)
            #expect(abs(poisson.above(k) - (1 - sum)) < 1e-13)
            term *= 3.2 / Double(k + 1)
        }
        #expect(poisson.atMost(-1) == 0 && poisson.above(-1) == 1)
    }

    @Test func `a bound on a mean is where its count becomes as rare as agreed`() {
        for count in [0, 1, 2, 40] {
            let bound = PoissonDistribution.upperBound(count: count, confidence: 0.95)
            #expect(abs(PoissonDistribution(mean: bound).atMost(count) - 0.05) < 1e-12)
        }
        // Chi-square of two degrees is exponential.
        let median = PoissonDistribution.chiSquareQuantile(degreesOfFreedom: 2, 0.5)
        #expect(abs(median - 2 * Double.log(2)) < 1e-14)
    }
}
