"""Ten thousand open connections: what they cost in memory."""

from . import loadgen, peers, processes
from .figures import Line, Result, Table, Unusable
from .rounds import Contest, say, spread_text
from .target import nginx

CONNECTIONS, RATE, FILL_SECONDS, SECONDS = 10_000, 5_000, 4, 8
LEAST_SECONDS = 4
"""Shorter runs have no whole second with all connections open and the rate steady."""


def measure(settings):
    """10,000 open keep-alive connections at 5,000/s: peak resident memory, beside wrk's."""
    seconds = max(LEAST_SECONDS, settings.seconds or SECONDS)
    contest = Contest(settings)
    say(f"connections: {CONNECTIONS:,} open, {RATE:,}/s, {seconds} s")
    processes.allow_descriptors(CONNECTIONS + 2_000)
    with nginx(CONNECTIONS + 1_000) as target:
        contest.enter("loadgen", lambda: own(target, seconds))
        contest.enter("wrk", lambda: wrk(target, seconds))
        contest.run(lambda reading: f"{reading.peak_kib / 1024:.1f} MiB, "
                                    f"{reading.per_second:,.0f}/s {reading.notes}")
    table = Table(
        "Open connections",
        f"{CONNECTIONS:,} keep-alive connections; loadgen opens them with as many users, then "
        f"keeps {RATE:,}/s on them; wrk is as fast as it can be",
        ["generator", "peak resident memory, MiB", "KiB for a connection", "requests/s"],
        contest.rows(
            spread_text(lambda r: r.peak_kib / 1024, 1),
            spread_text(lambda r: r.peak_kib / CONNECTIONS),
            spread_text(lambda r: r.per_second, 0)))
    named = f"{CONNECTIONS:,} open connections, peak resident memory, loadgen / wrk"
    if not contest.has("loadgen", "wrk"):
        return Result([Line.missing(named, contest.reason("loadgen", "wrk"))], [table])
    ratio = contest.ratio("loadgen", "wrk", lambda reading: reading.peak_kib)
    return Result([Line.at_most(named, ratio, 1.0, digits=3)], [table])


def own(target, seconds):
    text = loadgen.profile(
        [f"fill: {{ users: {CONNECTIONS}, for: {FILL_SECONDS}s, judged: false }}",
         f"steady: {{ rate: {RATE}/s, for: {seconds}s }}"],
        # Twice as many in flight: the last answers of the fill come while arrivals have begun.
        limits=f"{{ in flight: {2 * CONNECTIONS}, connections: {CONNECTIONS}, timeout: 20s }}")
    ended, evidence = loadgen.run(target, text, watch_memory=True)
    reading = loadgen.reading(ended, evidence, FILL_SECONDS + seconds)
    steady = [row for row in evidence.series
              if FILL_SECONDS + 1.5 < row["time_s"] < FILL_SECONDS + seconds]
    open_files = min(row["generator"]["open_files"] for row in steady)
    if open_files < CONNECTIONS:
        raise Unusable(f"loadgen held {open_files} descriptors where {CONNECTIONS} were to be open")
    reading.per_second = sum(row["sent"] for row in steady) / len(steady)
    return reading


def wrk(target, seconds):
    peer = peers.Wrk()
    # Opening so many takes it a while, and it waits 2 s for an answer where it is not told.
    command = [*peer.closed(target.clear, CONNECTIONS, seconds)[:-1], "--timeout", "20s",
               target.clear]
    reading = peers.run(peer, command, target.folder, watch_memory=True)
    reading.require_all_right()
    return reading
