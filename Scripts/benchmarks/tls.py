"""TLS, and HTTP/2 on it."""

from . import loadgen, other_peers, peers
from .figures import Line, Result, Table
from .rounds import Contest, cost, say, speed, spread_text
from .target import nginx

CONNECTIONS, SECONDS = 64, 3
STREAMS = (1, 10)


def measure(settings):
    """TLS beside hey and others; HTTP/2 beside h2load with 1 and with 10 streams."""
    seconds = settings.seconds or SECONDS
    contest = Contest(settings)
    say(f"tls: {CONNECTIONS} connections, one client thread, {seconds} s each")
    with nginx() as target:
        contest.enter("loadgen, TLS", lambda: own(target, target.tls, seconds))
        for peer in other_peers.present():
            if peer.name != "siege":  # It checks the certificate, and cannot be told not to.
                contest.enter(f"{peer.name}, TLS", lambda peer=peer: beside(
                    peer, target, target.tls, seconds))
        for streams in STREAMS:
            contest.enter(f"loadgen, HTTP/2, -m {streams}", lambda streams=streams: own(
                target, target.http2, seconds, streams))
            contest.enter(f"h2load, HTTP/2, -m {streams}", lambda streams=streams: beside(
                peers.H2load(streams), target, target.http2, seconds))
        contest.run(lambda reading: f"{reading.cost:.2f} µs, {reading.per_second:,.0f}/s")
    table = Table(
        "TLS and HTTP/2",
        f"{CONNECTIONS} connections, one thread, {seconds} s a run; -m is the streams on each",
        ["generator", "CPU for a request, µs", "requests/s"],
        contest.rows(spread_text(cost), spread_text(speed, 0)))
    return Result(lines(contest), [table])


def own(target, url, seconds, streams=0):
    network = f"tls: {{ authorities: {target.certificate} }}"
    if streams:
        network += f", http: '2', streams: {streams}"
    users = CONNECTIONS * max(1, streams)
    text = loadgen.profile(
        f"{{ users: {users}, for: {seconds}s }}", network=f"{{ {network} }}",
        limits=f"{{ connections: {CONNECTIONS} }}")
    return loadgen.reading(*loadgen.run(target, text, url=url), seconds)


def beside(peer, target, url, seconds):
    reading = peers.run(peer, peer.closed(url, CONNECTIONS, seconds), target.folder)
    reading.require_all_right()
    return reading


def lines(contest):
    found = [claim(contest, "TLS, CPU for a request, loadgen / hey", "loadgen, TLS", "hey, TLS",
                   0.8)]
    for streams, bar in zip(STREAMS, (4, None)):
        found.append(claim(
            contest, f"HTTP/2, -m {streams}, CPU for a request, loadgen / h2load",
            f"loadgen, HTTP/2, -m {streams}", f"h2load, HTTP/2, -m {streams}", bar))
    return found


def claim(contest, named, own_name, other, bar):
    if not contest.has(own_name, other):
        return Line.missing(named, contest.reason(own_name, other))
    ratio = contest.ratio(own_name, other, cost)
    return Line(named, ratio.text(3)) if bar is None else Line.at_most(named, ratio, bar, digits=3)
