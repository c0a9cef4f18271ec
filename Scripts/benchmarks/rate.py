"""A constant arrival rate: how exactly it is kept, and what that costs."""

from . import loadgen, other_peers, peers, rounds
from .figures import Line, Result, Spread, Table
from .rounds import Contest, cost, say, speed, spread_text
from .target import nginx

RATE, CONNECTIONS, SECONDS = 20_000, 50, 10
PACINGS = {"precise": "loadgen, precise", "economical": "loadgen, economical"}
LAG_BARS = {"p50": 0.060, "p99": 0.300, "p99.9": 1.0}
MOST_STOLEN = 0.001
"""What p(99.9) leaves room for is a thousandth of the time, which a hypervisor may not use up; the
same for all whose costs are compared."""
BASES = "hey", "wrk2"
"""The peers that loadgen's cost is put over."""


def measure(settings):
    """20,000/s for 10 s on one thread: achieved rate, lag, CPU for a request, both pacings."""
    seconds = settings.seconds or SECONDS
    contest = Contest(settings)
    say(f"rate: {RATE:,}/s for {seconds} s, one client thread")
    with nginx() as target:
        for pacing, name in PACINGS.items():
            contest.enter(name, lambda pacing=pacing: own(target, seconds, pacing),
                          most_stolen=MOST_STOLEN)
        for peer in other_peers.present():
            command = peer.paced(target.clear, CONNECTIONS, seconds, RATE)
            if command:
                contest.enter(peer.name, lambda peer=peer, command=command: peers.run(
                    peer, command, target.folder),
                    most_stolen=MOST_STOLEN if peer.name in BASES else rounds.MOST_STOLEN)
        contest.run(describe)
    table = Table(
        "Constant arrival rate",
        f"{RATE:,}/s for {seconds} s, one thread; peers with {CONNECTIONS} connections",
        ["generator", "CPU for a request, µs", "achieved, requests/s", "lag p50, µs", "p99",
         "p99.9"],
        contest.rows(spread_text(cost), spread_text(speed, 1), *map(lag_text, LAG_BARS)))
    found = []
    for pacing in PACINGS:
        found += lines(contest, pacing, seconds)
    return Result(found, [table])


def own(target, seconds, pacing):
    # The default is asked for by leaving it out, so that a build without the key can take part.
    top = {} if pacing == "precise" else {"pacing": pacing}
    # Room for a pause of the machine of 200 ms, which then is lag and latency, not dropped
    # arrivals; nginx has as many connections.
    top["limits"] = "{ in flight: 4000 }"
    text = loadgen.profile(f"{{ rate: {RATE}/s, for: {seconds}s }}", **top)
    ended, evidence = loadgen.run(target, text)
    reading = loadgen.reading(ended, evidence, seconds)
    reading.per_second = achieved(evidence.series, seconds) or reading.per_second
    return reading


def achieved(series, seconds):
    """The rate sent between the first and the last second that lie wholly in the phase."""
    inside = [row for row in series if row["time_s"] <= seconds]
    if len(inside) < 2:
        return None
    return sum(row["sent"] for row in inside[1:]) / (inside[-1]["time_s"] - inside[0]["time_s"])


def describe(reading):
    lag = "".join(f", lag {name} {reading.lag[name] * 1000:,.0f} µs" for name in LAG_BARS
                  if reading.lag)
    return f"{reading.cost:.2f} µs, {reading.per_second:,.1f}/s{lag} {reading.notes}"


def lag_text(name):
    def text(readings):
        if not readings[0].lag:
            return ""
        return Spread.of(reading.lag[name] * 1000 for reading in readings).text(0)
    return text


def lines(contest, pacing, seconds):
    name = PACINGS[pacing]
    if not contest.has(name):
        return [Line.missing(f"20,000/s, {pacing}", contest.reason(name))]
    off = contest.spread(name, lambda reading: abs(reading.per_second / RATE - 1) * 100)
    left_out = contest.spread(name, lambda reading: RATE * seconds - reading.requests)
    found = [Line.at_most(f"20,000/s, {pacing}, off the rate", off, 0.1, unit="%", digits=3),
             Line.at_most(f"20,000/s, {pacing}, requests left out", left_out, 0, digits=0)]
    if pacing == "precise":
        found += [
            Line.at_most(f"20,000/s, {pacing}, lag {quantile}",
                         contest.spread(name, lambda r, q=quantile: r.lag[q] * 1000), bar * 1000,
                         unit="µs", digits=0)
            for quantile, bar in LAG_BARS.items()]
    other, bar = ("hey", 1.2) if pacing == "precise" else ("hey", 0.75)
    if pacing == "economical" and contest.has("wrk2"):
        other, bar = "wrk2", 1.5
    named = f"20,000/s, {pacing}, CPU for a request, loadgen / {other}"
    found.append(
        Line.at_most(named, contest.ratio(name, other, cost), bar, digits=3)
        if contest.has(other) else Line.missing(named, contest.reason(other)))
    return found
