#!/usr/bin/env python3
"""Writes Tests/Oracles/stretches.json: what happened in a run, and bets on its blocks.

usage: Scripts/oracles/stretches.py    wants numpy and scipy
"""

import numpy as np
from scipy import stats

from cases import Cases

SEED = 20261201
BETS = np.array([0.1, 0.25, 0.5, 0.75, 0.95])


# What happened


def outages(cells):
    """Every range that can be an outage is tried; of those that overlap the first and longest."""
    share = [f / t if t else 0.0 for _, _, t, f in cells]
    empty = [t == 0 for _, _, t, _ in cells]
    rate = sum(c[2] for c in cells) / sum(c[1] - c[0] for c in cells)

    def hangs(a, i):
        return empty[i] or share[i] >= 0.5 or share[i] >= 0.2 and (
            i == a + 1 or share[i - 1] >= 0.5 or empty[i - 1])

    found, start = [], 0
    while start < len(cells):
        ranges = [(a, b) for a in range(start, len(cells)) for b in range(a + 1, len(cells) + 1)
                  if share[a] >= 0.2 and cells[b - 1][3] > 0
                  and all(hangs(a, i) for i in range(a + 1, b))]
        if not ranges:
            break
        a, b = min(ranges, key=lambda r: (r[0], -r[1]))
        total, failed = (sum(c[i] for c in cells[a:b]) for i in (2, 3))
        if (max(share[a:b]) >= 0.5 or sum(share[a:b]) >= 0.8) and total >= 10 and failed >= 5 \
                and failed >= 0.5 * 0.999 * rate:
            found.append((a, b))
        start = b
    return found


def worst(cells, share, seconds):
    best, where = 0.0, None
    for a in range(len(cells)):
        for b in range(a + 1, len(cells) + 1):
            if cells[b - 1][1] - cells[a][0] < seconds - 1e-6:
                continue
            excess = sum(c[3] for c in cells[a:b]) - share * sum(c[2] for c in cells[a:b])
            if excess > best + 1e-9:
                best, where = excess, (a, b)
    return where


def facts(cells, limit, conf, unsent):
    count, total = sum(c[3] for c in cells), unsent + sum(c[2] for c in cells)
    allowed = 2 * limit * total
    out = {"kept": bool(count <= limit * total), "outages": len(outages(cells)), "rule": None}
    if out["kept"]:
        return out
    in_outages = sum(c[3] for a, b in outages(cells) for c in cells[a:b])
    seconds = sum(c[1] - c[0] for c in cells)
    where = worst(cells, 5 * limit, min(10, seconds / 6)) if 5 * limit < 1 else None
    if where:
        k, n = (sum(c[i] for c in cells[where[0]:where[1]]) for i in (3, 2))
        chance = stats.binom.sf(k - 1, n, limit) * len(cells) * (len(cells) + 1) / 2
        where = k if chance <= 1 - conf else None
    if in_outages > 0 and in_outages >= allowed:
        out["rule"] = "outage"
    elif where and where >= allowed:
        out["rule"] = "change"
    elif count / total >= limit / (1 - conf):
        out["rule"] = "share"
    return out


def spells(cells, limit, conf, declared):
    seconds, total = sum(c[1] - c[0] for c in cells), sum(c[2] for c in cells)
    rate = total / seconds
    least = min(0.5, (declared or 1) / 2) * rate
    sizes, size = [], 0
    for _, _, n, k in cells + [(0, 0, 1, 0)]:
        if k > 0 and 2 * k >= n:
            size += k
        elif n > 0:
            sizes, size = sizes + [size] * (size > 0 and size >= least), 0
    most = stats.chi2.ppf(conf, 2 * (len(sizes) + 1)) / 2
    out = {"count": len(sizes), "longest": float(limit * seconds / most),
           "rarest": float(seconds / most), "covered": True}
    if declared:
        others = sum(c[3] for c in cells) - sum(sizes)
        spare = stats.beta.ppf(conf, others + 1, total - others) if others else 0.0
        longest = max(declared, max(sizes, default=0) / rate)
        out["covered"] = bool(spare + most * longest / seconds <= limit)
    return out


def episodes(times, seconds, requests):
    apart = seconds / requests
    gap = max(1.5 * apart, min(1.0, seconds / (10 * len(times))))
    cuts = np.flatnonzero(np.diff(np.sort(times)) > gap)
    sizes = np.diff(np.concatenate([[-1], cuts, [len(times) - 1]]))
    joined = 1 - (1 - len(times) / requests) ** np.floor(gap / apart)
    by_chance = (1 + joined) / (1 - joined)
    return {"sizes": [int(s) for s in sizes],
            "d_cluster": float(max(1, np.sum(sizes**2) / np.sum(sizes) / by_chance))}


def bet(shares, limit, conf):
    gains = (np.array(shares) - limit) / limit
    capital = np.cumprod(1 + 0.2 * BETS[:, None] * gains, axis=1)
    evidence = capital.mean(axis=0)
    over = np.flatnonzero(evidence >= 1 / (1 - conf))
    return {"evidence": [float(x) for x in np.log(evidence)],
            "first": int(over[0]) + 1 if len(over) else None}


# Cases


def runs(random):
    """Cells of seconds, then of tenths and seconds, with outages and changes of level."""
    for index in range(24):
        length = int(random.integers(8, 70))
        rate = int(random.choice([3, 10, 100]))
        p = np.full(length, float(random.choice([0, 0.005, 0.05])))
        for _ in range(int(random.integers(0, 4))):
            a = int(random.integers(0, length))
            b = a + int(random.choice([1, 2, 5, 15]))
            p[a:b] = random.choice([0.12, 0.3, 0.45, 0.6, 1])
        step = 0.1 if index % 4 == 3 else 1
        cells = []
        for i in range(length):
            n = 0 if random.random() < 0.04 else max(1, int(rate * step))
            start = round(i * step, 6)
            cells.append((start, round(start + step, 6), n, int(random.binomial(n, p[i]))))
        yield step, cells


def add_runs(cases, random):
    for index, (step, cells) in enumerate(runs(random)):
        given = {"step": step, "cells": [cell[2:] for cell in cells]}
        cases.add("outages", "all ranges tried", given,
                  {"ranges": [list(r) for r in outages(cells)]})
        share = float(random.choice([0.013, 0.057, 0.21]))
        seconds = float(random.choice([1, 3, 7]))
        where = worst(cells, share, seconds)
        cases.add("worst_stretch", "all ranges tried",
                  {**given, "share": share, "seconds": seconds},
                  {"range": list(where) if where else None})
        limit, conf = float(random.choice([0.002, 0.011, 0.048])), (0.95, 0.99)[index % 2]
        unsent = int(random.choice([0, 0, 50]))
        cases.add("facts", "scipy.stats.binom.sf; all ranges tried",
                  {**given, "limit": limit, "conf": conf, "unsent": unsent},
                  facts(cells, limit, conf, unsent))
        declared = [None, 0.4, 1.0, 3.0][index % 4]
        limit = float(random.choice([0.05, 0.3]))
        cases.add("spells", "scipy.stats.chi2.ppf, beta.ppf",
                  {**given, "limit": limit, "conf": conf, "bursts": declared},
                  spells(cells, limit, conf, declared))


def add_rest(cases, random):
    for seconds, requests, count, size in [
            (60, 6000, 1, 1), (60, 6000, 12, 1), (60, 6000, 40, 10), (30, 300, 60, 1),
            (600, 6000, 30, 3), (10, 1000, 500, 1)]:
        starts = random.random(max(1, count // size)) * (seconds - 1)
        times = [round(float(t + 0.01 * i), 6) for t in starts for i in range(size)]
        cases.add("episodes", "numpy.diff",
                  {"times": times, "seconds": seconds, "requests": requests},
                  episodes(times, seconds, requests))
    for limit, p, blocks in [(0.05, 0.05, 20), (0.05, 0.2, 20), (0.001, 0.004, 40), (0.05, 0, 12),
                             (0.5, 0.9, 20), (0.01, 0.08, 5)]:
        for conf in (0.95, 0.975):
            shares = [float(x) for x in random.binomial(1500, p, blocks) / 1500]
            cases.add("block_bet", "numpy.cumprod",
                      {"shares": shares, "limit": limit, "conf": conf},
                      bet(shares, limit, conf))


def main():
    random = np.random.default_rng(SEED)
    cases = Cases()
    add_runs(cases, random)
    add_rest(cases, random)
    cases.write("stretches", SEED, [
        "The definitions are those of docs/statistics.md, 1.3, 1.4, 1.6 and 1.7.",
        "cells = requests and failed ones of every step seconds. outages: ranges [a, b) of cells, "
        "leftmost first and as long as possible: a has a share of at least 0.2; each further cell "
        "has none, or a share of at least 0.5, or one of at least 0.2 after a, after a cell with "
        "at least 0.5, or after one with none; the last has failures. It is an outage if a cell "
        "has 0.5 or the shares add up to 0.8, of 10 requests, 5 failures and 0.4995 s worth of "
        "failures at the run's mean rate; what is none is passed over whole.",
        "worst_stretch: the range of at least so many seconds in which failures exceed share x "
        "requests by most. facts: rule outage, change or share, in this order; null for none.",
        "spells: covered is true where none is declared (bursts null).",
        "block_bet: evidence = ln of the capital after each block; first = the first block, from "
        "1, after which it is at least ln(1/(1 - conf)).",
    ])


main()
