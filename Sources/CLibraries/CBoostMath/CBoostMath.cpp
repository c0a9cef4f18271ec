#include "CBoostMath.h"

#include <boost/math/distributions/chi_squared.hpp>
#include <boost/math/distributions/non_central_t.hpp>
#include <boost/math/distributions/normal.hpp>
#include <boost/math/distributions/students_t.hpp>
#include <boost/math/policies/policy.hpp>
#include <boost/math/quadrature/gauss.hpp>
#include <boost/math/special_functions/beta.hpp>
#include <boost/math/special_functions/gamma.hpp>
#include <cmath>
#include <limits>

namespace {
// Errors become NaN at the C boundary: no exception may cross into Swift.
template <class F> double guarded(F f) {
    try {
        return f();
    } catch (...) {
        return std::numeric_limits<double>::quiet_NaN();
    }
}
}  // namespace

double boost_ibeta(double a, double b, double x) {
    return guarded([=] { return boost::math::ibeta(a, b, x); });
}

double boost_ibetac(double a, double b, double x) {
    return guarded([=] { return boost::math::ibetac(a, b, x); });
}

double boost_ibeta_inv(double a, double b, double p) {
    return guarded([=] { return boost::math::ibeta_inv(a, b, p); });
}

double boost_normal_quantile(double p) {
    return guarded([=] { return boost::math::quantile(boost::math::normal(), p); });
}

double boost_lgamma(double x) {
    return guarded([=] { return boost::math::lgamma(x); });
}

double boost_gamma_p(double a, double x) {
    return guarded([=] { return boost::math::gamma_p(a, x); });
}

double boost_gamma_q(double a, double x) {
    return guarded([=] { return boost::math::gamma_q(a, x); });
}

double boost_normal_below(double z) {
    return guarded([=] { return cdf(boost::math::normal(), z); });
}

double boost_normal_above(double z) {
    return guarded([=] { return cdf(complement(boost::math::normal(), z)); });
}

double boost_student_above(double df, double t) {
    return guarded([=] { return cdf(complement(boost::math::students_t(df), t)); });
}

double boost_student_quantile(double df, double p) {
    return guarded([=] { return quantile(boost::math::students_t(df), p); });
}

double boost_chi_square_quantile(double df, double p) {
    return guarded([=] { return quantile(boost::math::chi_squared(df), p); });
}

double boost_binormal_excess(double z, double correlation) {
    return guarded([=] {
        auto slope = [=](double angle) { return std::exp(-z * z / (1 + std::sin(angle))); };
        return boost::math::quadrature::gauss<double, 30>::integrate(slope, 0.0, std::asin(correlation)) /
               (2 * 3.14159265358979323846);
    });
}

double boost_non_central_student_quantile(double df, double noncentrality, double p) {
    return guarded([=] { return quantile(boost::math::non_central_t(df, noncentrality), p); });
}
