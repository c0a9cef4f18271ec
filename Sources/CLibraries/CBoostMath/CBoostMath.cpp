#include "CBoostMath.h"

#include <boost/math/distributions/normal.hpp>
#include <boost/math/policies/policy.hpp>
#include <boost/math/special_functions/beta.hpp>
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
