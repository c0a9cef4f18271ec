"""The level of latency, and what it says of the dependence between requests."""

import numpy as np
from scipy import integrate, stats


def corrected(series):
    """r* of a series' lag-1 autocorrelation, whose bias is taken away."""
    x = np.asarray(series, float) - np.mean(series)
    n = len(x)
    if n <= 4:
        return 0.99
    r1 = np.dot(x[:-1], x[1:]) / np.dot(x, x) if np.dot(x, x) > 0 else 0.0
    return float(np.clip((n * r1 + 2) / (n - 4), 0, 0.99))


def level(seconds):
    """What levels of ln(latency) say; seconds = (n, mean, variance with ddof 1)."""
    n, m, v = (np.array([s[i] for s in seconds], float) for i in range(3))
    variance, noise, within = np.var(m, ddof=1), np.mean(v / n), np.mean(v)
    between = max(0.0, variance - noise)
    # The F distribution with a denominator that is known.
    p = stats.chi2.sf((len(m) - 1) * variance / noise, len(m) - 1)
    r = min(0.99, corrected(m) / max(0.3, between / variance)) if between > 0 else 0.0
    most = min(0.995, r + 1.645 * np.sqrt((1 - r * r) / len(m)))
    return {
        "p_value": float(p), "is_seen": bool(p < 0.02),
        "intraclass": float(between / (between + within)), "correlation": float(r),
        "time": float((1 + r) / (1 - r)),
        "stretches": float(len(m) * (1 - most) / (1 + most)),
        "long_enough": bool(p >= 0.02 or len(m) * (1 - most) / (1 + most) >= 10),
        "per_second": float(np.mean(n)), "seconds": len(m),
    }


def joint_excess(z, r):
    """P(X > z, Y > z) - P(X > z)^2 by integrating the conditional tail."""
    tail = stats.norm.sf(z)
    if r >= 1:
        return float(tail - tail * tail)
    s = np.sqrt(1 - r * r)
    # The excess itself is integrated, so that nothing large cancels.
    knots = [z + (z / r - z) * f for f in (0.5, 1, 2) if r > 0 and 0 < z < 30]
    value, _ = integrate.quad(
        lambda x: stats.norm.pdf(x) * (stats.norm.sf((z - r * x) / s) - tail), z, z + 12,
        points=[k for k in knots if z < k < z + 12] or None, epsabs=1e-15, epsrel=1e-12,
        limit=500)
    return float(value)
