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

/// The z below which a standard normal value lies with probability p.
double boost_normal_quantile(double p);

#ifdef __cplusplus
}
#endif
