#pragma once
// Distributions and their inverses by Boost.Math, behind a C header. A result that is not defined is NaN.
#ifdef __cplusplus
extern "C" {
#endif

/// Regularised incomplete beta I_x(a, b), and its complement.
double boost_ibeta(double a, double b, double x);
double boost_ibetac(double a, double b, double x);

/// The x at which I_x(a, b) is p.
double boost_ibeta_inv(double a, double b, double p);

/// The natural logarithm of gamma(x), and the regularised incomplete gammas P(a, x) and Q(a, x).
double boost_lgamma(double x);
double boost_gamma_p(double a, double x);
double boost_gamma_q(double a, double x);

/// P(Z <= z), P(Z > z) of a standard normal value, and the z below which it lies with probability p.
double boost_normal_below(double z);
double boost_normal_above(double z);
double boost_normal_quantile(double p);

/// P(T > t) of Student's t with real degrees of freedom, and its quantile.
double boost_student_above(double df, double t);
double boost_student_quantile(double df, double p);

/// The quantile of the non-central t distribution.
double boost_non_central_student_quantile(double df, double noncentrality, double p);

/// The chi-square quantile.
double boost_chi_square_quantile(double df, double p);

/// P(X > z, Y > z) - P(X > z)^2 of two standard normal values with a correlation in 0...1.
double boost_binormal_excess(double z, double correlation);

#ifdef __cplusplus
}
#endif
