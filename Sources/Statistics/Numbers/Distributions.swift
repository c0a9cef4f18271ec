import CBoostMath

/// The regularised incomplete beta function I_x(a, b), which binomial probabilities rest on.
///
/// a and b are real numbers above 0: 12 digits up to a million, 8 up to a billion.
///
/// - Source: Boost.Math.
public enum IncompleteBeta {
    /// I_x(a, b) of x in 0...1.
    public static func value(_ a: Double, _ b: Double, at x: Double) -> Double {
        precondition(a > 0 && b > 0 && (0...1).contains(x), "\(a), \(b), \(x)")
        return boost_ibeta(a, b, x)
    }

    /// The x at which I_x(a, b) is p, of p in 0...1; `nil` if it cannot be found.
    public static func inverse(_ a: Double, _ b: Double, of p: Double) -> Double? {
        precondition(a > 0 && b > 0 && (0...1).contains(p), "\(a), \(b), \(p)")
        return finite(boost_ibeta_inv(a, b, p))
    }
}

/// The gamma function's logarithm, and its regularised incomplete forms.
///
/// - Source: Boost.Math.
public enum Gamma {
    /// ln gamma(x) of x above 0.
    public static func logarithm(_ x: Double) -> Double {
        precondition(x > 0, "\(x)")
        return boost_lgamma(x)
    }

    /// P(a, x), the lower regularised incomplete gamma function; a above 0, x from 0.
    public static func lower(_ a: Double, at x: Double) -> Double {
        precondition(a > 0 && x >= 0, "\(a), \(x)")
        return boost_gamma_p(a, x)
    }

    /// Q(a, x) = 1 - P(a, x), with all its digits where it is small.
    public static func upper(_ a: Double, at x: Double) -> Double {
        precondition(a > 0 && x >= 0, "\(a), \(x)")
        return boost_gamma_q(a, x)
    }
}

/// The normal distribution of mean 0 and standard deviation 1.
public enum NormalDistribution {
    /// P(Z <= z).
    public static func below(_ z: Double) -> Double { boost_normal_below(z) }

    /// P(Z > z), with all its digits where it is small.
    public static func above(_ z: Double) -> Double { boost_normal_above(z) }

    /// The z below which a value lies with probability p, of p between 0 and 1.
    public static func quantile(_ p: Double) -> Double {
        precondition(p > 0 && p < 1, "\(p)")
        return boost_normal_quantile(p)
    }
}

/// Student's t distribution with real degrees of freedom.
public struct StudentDistribution: Sendable, Equatable {
    private let degreesOfFreedom: Double

    /// The distribution of a number of degrees of freedom above 0.
    public init(degreesOfFreedom: Double) {
        precondition(degreesOfFreedom > 0, "\(degreesOfFreedom)")
        self.degreesOfFreedom = degreesOfFreedom
    }

    /// P(T > t).
    public func above(_ t: Double) -> Double { boost_student_above(degreesOfFreedom, t) }

    /// The t below which a value lies with probability p, of p between 0 and 1.
    public func quantile(_ p: Double) -> Double {
        precondition(p > 0 && p < 1, "\(p)")
        return boost_student_quantile(degreesOfFreedom, p)
    }
}

/// The Poisson distribution: how often something happens that happens at a steady mean rate.
public struct PoissonDistribution: Sendable {
    private let mean: Double

    /// The distribution of a mean above 0.
    public init(mean: Double) {
        precondition(mean > 0, "\(mean)")
        self.mean = mean
    }

    /// P(X <= k); 0 where k is below 0.
    public func atMost(_ k: Int) -> Double { k < 0 ? 0 : Gamma.upper(Double(k) + 1, at: mean) }

    /// P(X > k); 1 where k is below 0.
    public func above(_ k: Int) -> Double { k < 0 ? 1 : Gamma.lower(Double(k) + 1, at: mean) }

    /// The mean at which `count` or fewer have the probability 1 - confidence: what a count proves
    /// of the mean from above.
    ///
    /// - Source: exact Poisson bound, half of the chi-square quantile of 2(count + 1).
    public static func upperBound(count: Int, confidence: Double) -> Double {
        precondition(count >= 0, "\(count)")
        return chiSquareQuantile(degreesOfFreedom: 2 * (Double(count) + 1), confidence) / 2
    }

    /// The value below which chi-square lies with probability p, of p between 0 and 1.
    public static func chiSquareQuantile(degreesOfFreedom: Double, _ p: Double) -> Double {
        precondition(degreesOfFreedom > 0 && p > 0 && p < 1, "\(degreesOfFreedom), \(p)")
        return boost_chi_square_quantile(degreesOfFreedom, p)
    }
}

/// A number, or its absence: a result that is not defined is never handed on as NaN.
func finite(_ value: Double) -> Double? { value.isFinite ? value : nil }
