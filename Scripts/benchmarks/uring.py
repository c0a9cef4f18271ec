"""What io_uring and other ways to use epoll would cost: a probe in C, beside wrk."""

import dataclasses
import json
import pathlib
import subprocess
import tempfile

from . import peers, processes
from .figures import Line, Reading, Result, Spread, Table, Unusable
from .rounds import Contest, cost, say, speed, spread_text
from .target import nginx, program

SOURCE = pathlib.Path(__file__).with_name("uring") / "probe.c"
CONNECTIONS, SECONDS, RATE = 64, 2, 20_000
BASE, WRK = "epoll, as loadgen", "wrk"
FULL = "uring defer multishot files ringfd skip"
# A group's contestants take turns with each other, so its ratios are of the same minute.
GROUPS = {
    "epoll": {
        BASE: "", "level-triggered": "level", "sent at once": "at-once",
        "16 events a turn": "events=16", "TCP_QUICKACK off": "quickack=0",
        "TCP_QUICKACK on": "quickack=1", "SO_BUSY_POLL 50 µs": "busypoll=50"},
    "io_uring, one receive a request": {
        BASE: "", "no flags": "uring", "deferred": "uring defer",
        "deferred, poll first": "uring defer pollfirst", "deferred, linked": "uring defer link",
        "deferred, fixed files, quiet sends": "uring defer files ringfd skip"},
    "io_uring, multishot receive": {
        BASE: "", "deferred": "uring defer multishot",
        "fixed files, quiet sends": FULL, "and MSG_WAITALL": f"{FULL} waitall",
        "sent by calls": "uring defer multishot files ringfd sendcall"},
    "answers held together": {
        BASE: "", "epoll, pause of 20 µs": "pause=20", "epoll, pause of 100 µs": "pause=100",
        "io_uring": FULL, "io_uring, 8 within 50 µs": f"{FULL} wait=8 within=50",
        "io_uring, 16 within 100 µs": f"{FULL} wait=16 within=100",
        "io_uring, 32 within 200 µs": f"{FULL} wait=32 within=200"},
    "20,000/s": {
        BASE: f"rate={RATE}", "epoll, asleep until due": f"rate={RATE} lazy",
        "io_uring, one receive": f"rate={RATE} uring defer files ringfd skip",
        "io_uring, timeout of enter": f"rate={RATE} {FULL}",
        "io_uring, timeout operation": f"rate={RATE} {FULL} op",
        "io_uring, asleep until due": f"rate={RATE} {FULL} lazy"},
}
FLAGS = ["-O2", "-Wall", "-Wextra", "-Werror"]


@dataclasses.dataclass
class ProbeReading(Reading):
    """A run of the probe, or of wrk, of which only the first figures are known."""

    user_seconds: float = 0.0
    turns: int = 0
    switches: int = 0
    """Voluntary context switches: how often it went to sleep."""


def measure(settings, groups=None):
    """What a request costs with io_uring and with variants of epoll, by a probe in C."""
    seconds = settings.seconds or SECONDS
    lines, tables = [], []
    with tempfile.TemporaryDirectory(prefix="loadgen-probe-") as name, nginx() as target:
        probe = pathlib.Path(name) / "probe"
        compile_probe(probe)
        for group in groups or GROUPS:
            say(f"{group}: {CONNECTIONS} connections, one client thread, {seconds} s each")
            contest = Contest(settings)
            enter(contest, group, probe, target, seconds)
            contest.run(lambda reading: f"{reading.cost:.2f} µs, {reading.per_second:,.0f}/s")
            lines += [line(contest, group, variant) for variant in GROUPS[group]
                      if variant != BASE]
            tables.append(table(contest, group, seconds))
            show(tables[-1])
    return Result(lines, tables)


def compile_probe(path):
    command = [program("gcc"), *FLAGS, "-o", path, SOURCE, "-luring"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise Unusable(f"gcc: {done.stderr[:300]}")


def enter(contest, group, probe, target, seconds):
    port = target.clear.rsplit(":", 1)[1].strip("/")
    for name, words in GROUPS[group].items():
        command = [probe, port, seconds, CONNECTIONS, *words.split()]
        contest.enter(name, lambda command=command: run(command))
    if "rate=" not in GROUPS[group][BASE]:
        contest.enter(WRK, lambda: beside(target, seconds))


def run(command):
    ended = processes.run(command)
    if ended.code != 0:
        raise Unusable(f"it ended with {ended.code}: {ended.text[:200]}")
    found = json.loads(ended.text)
    return ProbeReading(
        requests=found["requests"], cpu_seconds=ended.cpu_seconds,
        per_second=found["per_second"], latencies=milliseconds(found["latency_us"]),
        lag=milliseconds(found["lag_us"]),
        user_seconds=found["user_seconds"], turns=found["turns"], switches=found["switches"])


def milliseconds(quantiles):
    return {name: value / 1000 for name, value in quantiles.items()}


def beside(target, seconds):
    peer = peers.Wrk()
    reading = peers.run(peer, peer.closed(target.clear, CONNECTIONS, seconds), target.folder)
    reading.require_all_right()
    return ProbeReading(**vars(reading))


def table(contest, group, seconds):
    paced = not contest.has(WRK)
    timed = [("lag", name) for name in ("p50", "p99", "p99.9")] if paced else \
        [("latencies", name) for name in ("p50", "p99")]
    columns = ["variant", "CPU for a request, µs", f"/ {BASE}", f"/ {WRK}", "user share",
               "requests/s", "answers a turn", "sleeps a request",
               *(f"{'lag' if paced else 'latency'} {name}, µs" for _, name in timed)]
    rows = contest.rows(
        spread_text(cost), lambda _: "", lambda _: "",
        of_probe(lambda reading: reading.user_seconds / reading.cpu_seconds),
        spread_text(speed, 0), of_probe(lambda reading: reading.requests / reading.turns, 1),
        of_probe(lambda reading: reading.switches / reading.requests),
        *(spread_text(lambda reading, kind=kind, name=name: getattr(reading, kind)[name] * 1000, 0)
          for kind, name in timed))
    for row in rows:
        for place, other in ((2, BASE), (3, WRK)):
            if row[0] != other and contest.has(row[0], other):
                row[place] = contest.ratio(row[0], other, cost).text(3)
    return Table(
        group, f"{CONNECTIONS} connections, one thread, {seconds} s a run", columns, rows)


def show(found):
    for row in [found.columns, *found.rows]:
        say("| " + " | ".join(row) + " |")


def of_probe(figure, digits=2):
    """The median of a figure that only the probe has."""
    return lambda readings: f"{Spread.of(map(figure, readings)).median:.{digits}f}" \
        if readings[0].turns else ""


def line(contest, group, variant):
    named = f"{group}, {variant}, CPU for a request / {BASE}"
    if not contest.has(variant, BASE):
        return Line.missing(named, contest.reason(variant, BASE))
    return Line(named, contest.ratio(variant, BASE, cost).text(3))
