"""A long run: whether memory grows with it."""

import statistics

from . import loadgen
from .figures import Line, Result, Spread
from .rounds import say
from .target import nginx

RATE, SECONDS, BAR = 5_000, 600, 2


def measure(settings):
    """loadgen's resident memory after 10 minutes at 5,000/s, less that after 1 minute."""
    seconds = settings.seconds or SECONDS
    say(f"memory: {RATE:,}/s for {seconds} s")
    with nginx() as target:
        text = loadgen.profile(f"{{ rate: {RATE}/s, for: {seconds}s }}")
        ended, evidence = loadgen.run(target, text, limit_seconds=seconds + 60)
        loadgen.reading(ended, evidence, seconds)
    early, late = (resident(evidence, share * seconds) for share in (0.1, 1.0))
    say(f"  {early:.2f} MiB after a tenth of it, {late:.2f} MiB at its end")
    growth = Spread.of([late - early])
    name = f"resident memory after {seconds:,} s at {RATE:,}/s, less that after {seconds // 10:,} s"
    return Result([Line.at_most(name, growth, BAR, unit="MiB")])


def resident(evidence, time_s, around=3):
    """Resident MiB at a time of the run: the median of the seconds up to it."""
    rows = [row for row in evidence.series if row["time_s"] <= time_s + 0.5][-around:]
    return statistics.median(row["generator"]["resident_bytes"] for row in rows) / 2**20
