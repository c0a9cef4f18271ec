#!/usr/bin/env python3
"""Writes Tests/Oracles/dependence.json: bounds of shares and quantiles of dependent requests.

usage: Scripts/oracles/dependence.py    wants numpy and scipy
"""

import numpy as np
from scipy import stats

from cases import Cases
from levels import joint_excess, level

SEED = 20261130
MOST_BATCHES = 30


def modelled(found, share):
    """D of a share by the level alone."""
    z, own = stats.norm.isf(share), min(found["intraclass"], 0.999)
    seconds, each = found["seconds"], found["per_second"]

    def alike(r):
        return joint_excess(z, r) / (share * (1 - share))

    powers = [h for h in range(1, seconds) if found["correlation"] ** h > 1e-3]
    return 1 + (each - 1) * alike(own) + 2 * each * sum(
        (1 - h / seconds) * alike(own * found["correlation"] ** h) for h in powers)


# Tails


def batch_effect(k, n, always):
    """Variance between batches over that of independent requests, and the effective batches."""
    k, n, size = np.asarray(k, float), np.asarray(n, float), len(k)
    p = k.sum() / n.sum()
    if p in (0, 1):
        return 1.0, float(size)
    e = k - p * n
    plain = size / (size - 1) * np.sum(e**2) / n.sum() ** 2 / (p * (1 - p) / n.sum())
    if k.sum() < 30 and not always:
        return float(plain), float(size)
    x, r1 = e, 0.0
    if np.dot(x, x) > 0:
        r1 = np.dot(x[:-1], x[1:]) / np.dot(x, x)
    r = 0.99 if size <= 4 else float(np.clip((size * r1 + 2) / (size - 4), 0, 0.99))
    return float(plain * (1 + r) / (1 - r)), max(2.0, size * (1 - r) / (1 + r))


def thirty(values):
    """At most 30 batches; value i of m goes to batch floor(i 30/m)."""
    count = min(MOST_BATCHES, len(values))
    index = np.arange(len(values)) * count // len(values)
    return np.bincount(index, weights=values, minlength=count)


def tail_effect(totals, above, share):
    above, totals = np.asarray(above), np.asarray(totals)
    parts = above.sum(axis=0) / totals.sum()
    usable = [i for i in range(len(parts)) if 0 < parts[i] < 1]
    if not usable or len(totals) < 2:
        return 1.0, 2.0
    k = above[:, min(usable, key=lambda i: abs(np.log(parts[i] / share)))]
    effect, batches = batch_effect(thirty(k), thirty(totals), False)
    for scale in (1, 2, 5, 10):
        count = len(k) // scale
        if scale > 1 and count < 10:
            break
        cut = count * scale
        effect = max(effect, batch_effect(
            k[:cut].reshape(count, scale).sum(1), totals[:cut].reshape(count, scale).sum(1),
            True)[0])
    return max(1.0, effect), batches


# A share


def share_test(k, n, limit, conf, found, tails):
    effect, batches = batch_effect(thirty(k), thirty(n), False)
    count, total = int(np.sum(k)), int(np.sum(n))
    by_level, free = 1.0, np.inf
    if found["is_seen"]:
        by_level, free = max(1.0, modelled(found, limit)), found["seconds"] / found["time"]
        if tails:
            most, some = tail_effect(*tails, limit)
            by_level, free = max(by_level, most), min(free, some)
        free = max(1.0, free - 1)
    nothing = by_level == 1 and count in (0, 1, total)
    d = 1.0 if nothing else max(1.0, by_level, effect if 0 < count < total else 1.0)
    shrink = 1.0
    if d > 1:
        df = max(1.0, min(batches - 1, free))
        shrink = (stats.norm.ppf(conf) / stats.t.ppf(conf, df)) ** 2
    ke, ne = shrink * count / d, shrink * total / d
    ku = max(0.5, ke) if found["is_seen"] and d >= 2 else ke
    lower = stats.beta.ppf(1 - conf, ke, ne - ke + 1) if ke > 0 else 0.0
    upper = stats.beta.ppf(conf, ku + 1, ne - ku) if ne > ku else 1.0
    is_long = nothing or (
        d < 1.5 or found["long_enough"] if found["is_seen"] else d < 2 or batches >= 10)
    if nothing:
        is_pass, is_fail = upper <= limit, lower >= limit
    else:
        is_pass, is_fail = is_long and upper <= limit, lower > limit
    return {
        "design_effect": float(d), "k_eff": float(ke), "n_eff": float(ne), "lower": float(lower),
        "upper": float(upper), "long_enough": bool(is_long),
        "verdict": "FAIL" if is_fail else "PASS" if is_pass else "INCONCLUSIVE",
    }


def quantile_ranks(n, ppm, conf, effect):
    tail, above = (1 - conf) / 2, (1_000_000 - ppm) / 1e6
    if effect == 1:
        below = stats.binom.cdf(np.arange(n + 1), n, ppm / 1e6)  # F(0), F(1), ...
        upper = int(np.argmax(below >= 1 - tail)) + 1  # the smallest u with F(u-1) >= 1 - tail
        lower = int(np.sum(below <= tail))  # the largest l with F(l-1) <= tail
        return {"lower": lower if lower >= 1 else None, "upper": upper if upper <= n else None}
    point = max(1, -(-ppm * n // 1_000_000))
    whole = max(1.0, n / effect)
    x = above * whole
    least = stats.beta.ppf(tail, x, whole - x + 1)
    most = stats.beta.ppf(1 - tail, x + 1, whole - x)
    lower = min(point, int(np.ceil((1 - most) * n)))
    upper = min(n, max(point, int(np.ceil((1 - least) * n))))
    return {"lower": lower if lower >= 1 else None, "upper": upper if least * n >= 1 else None}


# Cases


def wandering(random, seconds, correlation, deviation):
    x, row = random.standard_normal(), []
    for _ in range(seconds):
        x = correlation * x + np.sqrt(1 - correlation**2) * random.standard_normal()
        row.append(deviation * x)
    return np.array(row)


def add_levels(cases, random):
    shares = [0.2, 0.05, 0.01, 0.001]
    settings = [(10, 12, 0, 0), (30, 8, 0, 0), (30, 12, 0.8, 0.5), (3, 6, 0.5, 1), (60, 4, 0.95, 1),
                (12, 2, 0.3, 0.1), (40, 10, 0, 0.15)]
    for seconds, rate, correlation, deviation in settings:
        rows = [[round(float(v), 4) for v in np.exp(a + 0.5 * random.standard_normal(rate))]
                for a in wandering(random, seconds, correlation, deviation)]
        known = [(len(r), np.mean(np.log(r)), np.var(np.log(r), ddof=1)) for r in rows]
        found = level(known)
        out = {key: found[key] for key in
               ("p_value", "is_seen", "intraclass", "correlation", "time", "stretches",
                "long_enough")}
        effects = [max(1.0, modelled(found, s)) if found["is_seen"] else 1.0 for s in shares]
        cases.add("dependence", "scipy.stats.chi2.sf, numpy, joint_excess",
                  {"latencies": rows, "shares": shares}, {**out, "effects": effects})
    for seconds, rate, correlation, deviation in [(60, 100, 0.8, 0.5), (300, 100, 0.95, 1),
                                                  (300, 50, 0.98, 1.5), (600, 1000, 0.8, 0.1),
                                                  (200, 10, 0, 0)]:
        points = [(rate, round(float(a + 0.5 / np.sqrt(rate) * random.standard_normal()), 4),
                   round(float(0.5 + 0.02 * random.standard_normal()), 3))
                  for a in wandering(random, seconds, correlation, deviation)]
        found = level(two_points(points))
        out = {key: found[key] for key in
               ("p_value", "is_seen", "intraclass", "correlation", "time", "stretches",
                "long_enough")}
        effects = [max(1.0, modelled(found, s)) if found["is_seen"] else 1.0 for s in shares]
        cases.add("dependence", "scipy.stats.chi2.sf, numpy, joint_excess",
                  {"points": points, "shares": shares}, {**out, "effects": effects})


def two_points(points):
    """Half of n latencies at exp(m + d), half at exp(m - d)."""
    return [(n, m, d * d * n / (n - 1)) for n, m, d in points]


def add_normals(cases):
    for z in (0.0, 0.5, 1.28155156554460, 1.64485362695147, 2.32634787404084, 3.09023230616781):
        for r in (0.0, 0.001, 0.1, 0.5, 0.9, 0.999, 1.0):
            cases.add("joint_excess", "scipy.integrate.quad over scipy.stats.norm",
                      {"z": z, "r": r}, {"excess": joint_excess(z, r)},
                      {"rel": 1e-6, "abs": 1e-13})


def tails_of(random, seconds, rate, correlation, deviation, edges):
    totals, above = [], []
    for a in wandering(random, seconds, correlation, deviation):
        values = a + 0.5 * random.standard_normal(rate)
        totals.append(rate)
        above.append([int(np.sum(values > e)) for e in edges])
    return totals, above


def add_tails(cases, random):
    edges = [-1.0, 0.0, 0.5, 1.0, 1.5, 2.0, 3.0]
    for seconds, rate, correlation, deviation in [
            (9, 20, 0, 0), (30, 20, 0.5, 0.5), (47, 10, 0.9, 0.5), (120, 20, 0.95, 1),
            (240, 5, 0, 0), (1, 9, 0, 0)]:
        totals, above = tails_of(random, seconds, rate, correlation, deviation, edges)
        shares = [0.3, 0.05, 0.002]
        found = [tail_effect(totals, above, share) for share in shares]
        cases.add("tail_effect", "numpy: batches of 30, and of 1, 2, 5, 10 columns",
                  {"totals": totals, "above": above, "shares": shares},
                  {"effects": [f[0] for f in found], "batches": [f[1] for f in found]})


def add_shares(cases, random):
    edges = [-1.0, 0.0, 0.5, 1.0, 1.5, 2.0, 3.0]
    for index, (seconds, rate, correlation, deviation, limit, has_tails) in enumerate([
            (60, 100, 0.8, 0.5, 0.05, True), (60, 100, 0.8, 0.5, 0.05, False),
            (300, 50, 0.5, 0.2, 0.05, True), (300, 50, 0.5, 0.2, 0.2, False),
            (60, 20, 0, 0, 0.05, True), (60, 20, 0, 0, 0.01, False), (20, 20, 0, 0, 0.3, False),
            (200, 100, 0.3, 0.05, 0.01, True), (30, 50, 0.95, 1, 0.05, True),
            (600, 20, 0.3, 0.3, 0.03, True), (300, 50, 0.5, 0.2, 0.0001, True)]):
        totals, above = tails_of(random, seconds, rate, correlation, deviation, edges)
        points = [(rate, round(float(a + 0.5 / np.sqrt(rate) * random.standard_normal()), 4), 0.5)
                  for a in wandering(random, seconds, correlation, deviation)]
        found = level(two_points(points))
        # None, one, some or many count.
        column = [5, 6, 4, 2, 3][index % 5]
        k = [row[column] for row in above] if index != 9 else [0] * seconds
        if index == 6:
            k = [int(second == 7) for second in range(seconds)]
        tails, confs = (totals, above) if has_tails else None, [0.95, 0.99]
        tests = [share_test(k, totals, limit, conf, found, tails) for conf in confs]
        same = {key: tests[0][key] for key in ("design_effect", "long_enough")}
        cases.add("share_test", "scipy.stats.beta.ppf, t.ppf, norm.ppf",
                  {"k": k, "n": totals, "points": points, "limit": limit, "confs": confs,
                   **({"above": above} if has_tails else {})},
                  {**same, **{key: [test[key] for test in tests] for key in tests[0]
                              if key not in same}})


def add_ranks(cases):
    for n in (30, 1000, 10_000, 123_456):
        for ppm in (500_000, 950_000, 990_000, 999_000):
            for effect in (1, 1.5, 20, 250):
                if effect >= n:
                    continue
                conf = 0.99 if ppm == 990_000 else 0.95
                cases.add("quantile_interval", "scipy.stats.beta.ppf, binom.cdf",
                          {"n": n, "ppm": ppm, "conf": conf, "effect": effect},
                          quantile_ranks(n, ppm, conf, effect))


def main():
    random = np.random.default_rng(SEED)
    cases = Cases()
    add_levels(cases, random)
    add_normals(cases)
    add_tails(cases, random)
    add_shares(cases, random)
    add_ranks(cases)
    cases.write("dependence", SEED, [
        "The definitions are those of docs/statistics.md, 1.3, 1.5 and 2.2.",
        "dependence, share_test: latencies = those of each second; points = for each second n, m, "
        "d: n/2 requests of exp(m + d), n/2 of exp(m - d). p_value = P(chi-square with S-1 >= "
        "(S-1) V/N); effects at shares without tails, 1 where nothing is seen.",
        "tail_effect: above = for each column the requests above each of a row of ascending "
        "levels; batches = effective ones of the 30.",
        "share_test: k of n in each second, at each confidence; above as for tail_effect, with n "
        "for totals.",
        "quantile_interval: ranks from 1, null where the sample does not bound an end.",
    ])


main()
