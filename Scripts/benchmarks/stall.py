"""A target that stands still for a second in every five: what each generator makes of it."""

import threading
import time

from . import loadgen, other_peers, peers
from .evidence import pick
from .figures import Line, Result, Table
from .rounds import Contest, Settings, say
from .target import nginx

RATE, CONNECTIONS, SECONDS = 1_000, 50, 20
PERIOD, FIRST, LENGTH = 5, 2, 1
"""In seconds: from stop to stop, from the start to the first, how long each is."""
QUANTILES = ("p50", "p90", "p95", "p99", "max")


def measure(settings):
    """What each generator reports for an nginx that is stopped 1 s in every 5 s; one round."""
    seconds = max(PERIOD, settings.seconds or SECONDS)
    contest = Contest(Settings(rounds=1))
    say(f"stall: nginx is stopped for {LENGTH} s in every {PERIOD} s, {seconds} s each")
    truths = {}
    with nginx() as target:
        text = loadgen.profile(f"{{ rate: {RATE}/s, for: {seconds}s }}")
        contest.enter("loadgen", lambda: stalled(
            target, seconds, truths, lambda: loadgen.reading(*loadgen.run(target, text), seconds)))
        for peer in other_peers.present():
            if peer.name == "h2load":
                peer = peers.H2load(log=True)
            paced = peer.paced(target.clear, CONNECTIONS, seconds, RATE)
            name = f"{peer.name}, {RATE:,}/s" if paced else f"{peer.name}, as fast as it goes"
            command = paced or peer.closed(target.clear, CONNECTIONS, seconds)
            contest.enter(name, lambda peer=peer, command=command: stalled(
                target, seconds, {},
                lambda: peers.run(peer, command, target.folder)))
        contest.run(lambda reading: ", ".join(
            f"{name} {value:,.1f}" for name, value in reading.latencies.items()) + " ms")
    rows = [["**the truth**", *row(truths)]] if truths else []
    for name, readings in contest.readings.items():
        rows.append([name, *(row(readings[0].latencies) if readings else
                             [contest.reason(name)] + [""] * (len(QUANTILES) - 1))])
    table = Table(
        "A target that stands still",
        f"nginx stopped for {LENGTH} s in every {PERIOD} s; milliseconds; the truth is what those "
        f"who came at a constant {RATE:,}/s waited for the stop to end",
        ["generator", *QUANTILES], rows)
    named = "stopped target, largest deviation of loadgen's p90, p95, p99 and max from the truth"
    if not contest.has("loadgen"):
        return Result([Line.missing(named, contest.reason("loadgen"))], [table])
    found = contest.readings["loadgen"][0].latencies
    off = contest.spread("loadgen", lambda _: max(
        abs(found[name] / truths[name] - 1) * 100 for name in QUANTILES[1:]))
    return Result([Line.at_most(named, off, 5, unit="%")], [table])


def stalled(target, seconds, truths, measured):
    """Stops and continues the target while a generator runs; fills in the true quantiles."""
    stops, over = [], threading.Event()
    clock = threading.Thread(target=stop_and_go, args=(target, seconds, stops, over))
    clock.start()
    try:
        return measured()
    finally:
        over.set()
        clock.join()
        waits = {}
        for due in range(seconds * RATE):
            wait = next((end - due / RATE for begin, end in stops if begin <= due / RATE < end), 0)
            waits[wait * 1000] = waits.get(wait * 1000, 0) + 1
        truths.update(pick(waits, QUANTILES))


def stop_and_go(target, seconds, stops, over):
    start = time.monotonic()
    for number in range(seconds // PERIOD):
        if over.wait(max(0, start + number * PERIOD + FIRST - time.monotonic())):
            return
        begin = time.monotonic() - start
        target.stop()
        over.wait(max(0, start + begin + LENGTH - time.monotonic()))
        target.go_on()
        stops.append((begin, time.monotonic() - start))


def row(latencies):
    return [f"{latencies[name]:,.1f}" if name in latencies else "" for name in QUANTILES]
