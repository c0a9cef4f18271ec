"""The closed loop: as fast as 64 connections on one thread go, beside every peer."""

from . import loadgen, other_peers, peers
from .figures import Line, Reading, Result, Table
from .rounds import Contest, cost, say, speed, spread_text
from .target import nginx

CONNECTIONS, SECONDS = 64, 6
SESSION = "loadgen, three templated steps"


def measure(settings, only=None):
    """CPU for a request and throughput with 64 connections, beside every peer."""
    seconds = settings.seconds or SECONDS
    contest = Contest(settings)
    say(f"closed: {CONNECTIONS} connections, one client thread, {seconds} s each")
    with nginx() as target:
        # What the claim compares runs three times a round, between the others' turns: a run of
        # either may differ from the next one by a quarter.
        contest.enter("loadgen", lambda: own(target, seconds), times=3)
        if only is None:
            contest.enter(SESSION, lambda: own(target, seconds, loadgen.SESSION))
        for peer in other_peers.present():
            if only in (None, peer.name):
                contest.enter(peer.name, lambda peer=peer: beside(peer, target, seconds),
                              times=3 if peer.name == "wrk" else 1)
        contest.run(lambda reading: f"{reading.cost:.2f} µs, {reading.per_second:,.0f}/s")
    table = Table(
        "Closed loop", f"{CONNECTIONS} connections, one thread, {seconds} s a run",
        ["generator", "CPU for a request, µs", "requests/s"],
        contest.rows(spread_text(cost), spread_text(speed, 0)))
    return Result(lines(contest, only is None), [table])


def own(target, seconds, scenarios=loadgen.ROOT) -> Reading:
    text = loadgen.profile(f"{{ users: {CONNECTIONS}, for: {seconds}s }}", scenarios)
    return loadgen.reading(*loadgen.run(target, text), seconds)


def beside(peer, target, seconds) -> Reading:
    reading = peers.run(
        peer, peer.closed(target.clear, CONNECTIONS, seconds), target.folder)
    reading.require_all_right()
    return reading


def lines(contest, with_session):
    named = "closed loop, CPU for a request, loadgen / wrk"
    if not contest.has("loadgen", "wrk"):
        return [Line.missing(named, contest.reason("loadgen", "wrk"))]
    found = [
        Line.at_most(named, contest.ratio("loadgen", "wrk", cost), 0.90, digits=3),
        Line.at_least("closed loop, requests/s, loadgen / wrk",
                      contest.ratio("loadgen", "wrk", speed), 1.0, digits=3)]
    if with_session:
        named = "CPU for a request of three templated steps, loadgen / wrk's plain GET"
        found.append(
            Line.at_most(named, contest.ratio(SESSION, "wrk", cost), 1.3, digits=3)
            if contest.has(SESSION) else Line.missing(named, contest.reason(SESSION)))
    return found
