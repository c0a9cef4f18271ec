#!/usr/bin/env python3
"""Writes Tests/Oracles/random_effects.json: runs of one build, by scipy.

usage: Scripts/oracles/random_effects.py    wants numpy and scipy
"""

import json
import pathlib
import platform

import numpy as np
import scipy
from scipy import stats

SEED = 20261125
RUNS = [3, 4, 5, 8, 12, 20]


def effects(values, within, conf, limit):
    n = len(values)
    mean, variance = float(np.mean(values)), float(np.var(values, ddof=1))
    known = float(np.mean(within)) if within else None
    between = max(0.0, variance - known) if within else None
    low, high = stats.t.interval(2 * conf - 1, n - 1, loc=mean, scale=np.sqrt(variance / n))
    spread = np.sqrt(variance * (1 + 1 / n))
    above = stats.ttest_1samp(values, limit, alternative="greater").pvalue
    below = stats.ttest_1samp(values, limit, alternative="less").pvalue
    next_low, next_high = stats.t.interval(2 * conf - 1, n - 1, loc=mean, scale=spread)
    return {
        "mean": mean,
        "variance": variance,
        "within": known,
        "between": between,
        "lower": float(low),
        "upper": float(high),
        "next_lower": float(next_low),
        "next_upper": float(next_high),
        "p_above": float(above),
        "p_below": float(below),
    }


def enough(mean, variance, limit, conf, most):
    """The fewest runs with this mean and variance whose bound for the next is below the limit."""
    for n in range(3, most + 1):
        bound = mean + stats.t.ppf(conf, n - 1) * np.sqrt(variance * (1 + 1 / n))
        if bound < limit:
            return n
    return None


def main():
    random = np.random.default_rng(SEED)
    cases = []
    for index, n in enumerate(RUNS):
        for conf in (0.9, 0.95, 0.99):
            values = np.round(np.log(5e6) + 0.05 * random.standard_normal(n), 12)
            within = [round(float(v), 12) for v in 0.02**2 * random.chisquare(9, n) / 9]
            if index == 1:
                within = []
            if index == 2:
                within = [value * 100 for value in within]
            limit = round(float(np.mean(values) + 0.03 * random.standard_normal()), 12)
            values = [float(value) for value in values]
            cases.append({
                "id": f"random_effects-{len(cases) + 1}",
                "fn": "random_effects",
                "source": "numpy.var, scipy.stats.t.interval, scipy.stats.ttest_1samp",
                "in": {"y": values, "within": within, "conf": conf, "limit": limit},
                "out": effects(values, within, conf, limit),
            })
    for mean, deviation, limit in [(0, 1, 1.7), (0, 1, 2), (0, 1, 2.5), (0, 1, 9), (0, 1, 1.6),
                                   (15, 0.05, 15.1), (15, 0.05, 15)]:
        for conf in (0.95, 0.99):
            cases.append({
                "id": f"runs_for_next-{len(cases) + 1}",
                "fn": "runs_for_next",
                "source": "scipy.stats.t.ppf, by trying 3, 4, 5 and so on",
                "in": {"mean": mean, "variance": deviation**2, "limit": limit, "conf": conf,
                       "most": 200},
                "out": {"runs": enough(mean, deviation**2, limit, conf, 200)},
            })
    document = {
        "schema": "oracle/1",
        "topic": "random_effects",
        "generated_with": {"python": platform.python_version(), "numpy": np.__version__,
                           "scipy": scipy.__version__},
        "seed": SEED,
        "notes": [
            "y = one value of each run of one build, on a scale on which it is about normal; "
            "within = its variance within each run, [] where it is not known.",
            "variance = sample variance of y (ddof 1): between and within together. between = "
            "max(0, variance - mean of within) (Hedges and Olkin 1985).",
            "lower, upper: one-sided bounds of the build's mean at conf, Student's t with n-1. "
            "next_lower, next_upper: of the next run's value, the same with the variance times "
            "1 + 1/n. p_above = P(so high a mean | mean = limit), p_below the mirror image.",
            "runs_for_next: the fewest runs, 3 to most, whose next_upper is below limit if mean "
            "and variance stay as they are; null where none is.",
        ],
        "default_tol": {"rel": 1e-09, "abs": 1e-12},
        "cases": cases,
    }
    path = pathlib.Path(__file__).resolve().parents[2] / "Tests/Oracles/random_effects.json"
    lines = ",\n".join(f"  {json.dumps(case)}" for case in cases)
    text = json.dumps({**document, "cases": []}, indent=1).replace(
        '"cases": []', f'"cases": [\n{lines}\n ]')
    path.write_text(text + "\n", encoding="utf-8")


main()
