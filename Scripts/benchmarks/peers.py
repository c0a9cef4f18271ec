"""The generators of Debian, each with its words for a load and a reader of what it prints."""

import re

from . import processes
from .figures import Reading, Unusable

QUANTILES = ("p50", "p90", "p95", "p99", "max")
UNITS = {"us": 0.001, "ms": 1.0, "s": 1000.0, "m": 60_000.0}


class Peer:
    """A generator beside loadgen."""

    name = ""
    package = "from PATH"

    def closed(self, url, connections, seconds):
        """The command for as many connections as fast as they go."""
        raise NotImplementedError

    def paced(self, url, connections, seconds, rate):
        """The command for a constant rate; absent where it has none."""
        del url, connections, seconds, rate

    def environment(self, folder):
        """What it needs in its environment."""
        del folder
        return {}

    def read(self, text, folder):
        """Requests, requests a second, failures, latencies in ms, of what it printed."""
        raise NotImplementedError

    def version(self):
        """The command that prints its version."""
        return [self.name, "--version"]


class Wrk(Peer):
    name, package = "wrk", "wrk"

    def closed(self, url, connections, seconds):
        return ["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "--latency", url]

    def read(self, text, folder):
        del folder
        errors = re.search(r"Socket errors: connect (\d+), read (\d+), write (\d+), timeout (\d+)",
                           text)
        bad = re.search(r"Non-2xx or 3xx responses: (\d+)", text)
        failed = sum(map(int, errors.groups())) if errors else 0
        latencies = {f"p{share}": milliseconds(value) for share, value in
                     re.findall(r"^ +(\d+)(?:\.0+)?% +([\d.]+\w+)", text, re.M)}
        most = re.search(r"Latency +\d\S+ +\d\S+ +(\d\S+)", text)
        if most:
            latencies["max"] = milliseconds(most[1])
        return (number(r"(\d+) requests in", text), number(r"Requests/sec: +([\d.]+)", text),
                failed + (int(bad[1]) if bad else 0), latencies)

    def version(self):
        return ["wrk", "-v"]


class Hey(Peer):
    name, package = "hey", "hey"

    def closed(self, url, connections, seconds):
        return ["hey", "-cpus", 1, "-c", connections, "-z", f"{seconds}s", url]

    def paced(self, url, connections, seconds, rate):
        return ["hey", "-cpus", 1, "-c", connections, "-q", rate / connections,
                "-z", f"{seconds}s", url]

    def read(self, text, folder):
        del folder
        right = sum(map(int, re.findall(r"\[2\d\d\]\t(\d+) responses", text)))
        every = sum(map(int, re.findall(r"^ +\[\d+\]\t(\d+) ", text, re.M)))
        latencies = {f"p{share}": float(value) * 1000 for share, value in
                     re.findall(r"(\d+)% in ([\d.]+) secs", text)}
        latencies["max"] = number(r"Slowest:\s+([\d.]+)", text) * 1000
        return right, number(r"Requests/sec:\s+([\d.]+)", text), every - right, latencies

    def version(self):
        return ["dpkg-query", "-W", "-f", "hey ${Version}", "hey"]


class ApacheBench(Peer):
    name, package = "ab", "apache2-utils"

    def closed(self, url, connections, seconds):
        # The time limit implies a count of 50,000, unless a count follows it.
        return ["ab", "-q", "-k", "-c", connections, "-t", seconds, "-n", 3_000_000, url]

    def read(self, text, folder):
        del folder
        latencies = {f"p{share}": float(value) for share, value in
                     re.findall(r"^ +(\d+)% +(\d+)", text, re.M)}
        if "p100" in latencies:
            latencies["max"] = latencies.pop("p100")
        bad = re.search(r"Non-2xx responses: +(\d+)", text)
        return (int(number(r"Complete requests: +(\d+)", text)),
                number(r"Requests per second: +([\d.]+)", text),
                int(number(r"Failed requests: +(\d+)", text)) + (int(bad[1]) if bad else 0),
                latencies)

    def version(self):
        return ["ab", "-V"]


class H2load(Peer):
    """h2load with HTTP/1.1, or with HTTP/2 and so many streams on a connection."""

    name, package = "h2load", "nghttp2-client"

    def __init__(self, streams=0, log=False):
        self.flags = ["-m", streams] if streams else ["--h1"]
        self.log = log

    def closed(self, url, connections, seconds):
        log = ["--log-file=h2load.log"] if self.log else []
        return ["h2load", *self.flags, *log, "-t1", "-c", connections, "-D", seconds, url]

    def paced(self, url, connections, seconds, rate):
        return [*self.closed(url, connections, seconds), "--rps", rate / connections]

    def read(self, text, folder):
        found = re.search(r"(\d+) succeeded, (\d+) failed, (\d+) errored, (\d+) timeout", text)
        if not found:
            raise Unusable(f"h2load: {text[-300:]}")
        latencies = {}
        if self.log:
            # It prints no quantiles: they are those of its own log, in microseconds.
            path = folder / "h2load.log"
            took = sorted(int(line.split("\t")[2]) for line in path.read_text().splitlines())
            path.unlink()
            latencies = {name: took[min(len(took) - 1, int(len(took) * share))] / 1000
                         for name, share in zip(QUANTILES, (0.5, 0.9, 0.95, 0.99, 1.0))}
        return (int(found[1]), number(r"finished in \S+, ([\d.]+) req/s", text),
                int(found[2]) + int(found[3]) + int(found[4]), latencies)


class Siege(Peer):
    name, package = "siege", "siege"

    def closed(self, url, connections, seconds):
        return ["siege", "-R", "siegerc", "-b", "-j", "-c", connections, "-t", f"{seconds}S", url]

    def environment(self, folder):
        (folder / "siegerc").write_text(
            "connection = keep-alive\nparser = false\nlogging = false\nverbose = false\n"
            "limit = 10000\nprotocol = HTTP/1.1\ntimeout = 30\n")
        return {"HOME": str(folder)}

    def read(self, text, folder):
        del folder
        def field(name):
            return number(rf'"{name}":\s+([\d.]+)', text)
        return (int(field("transactions")), field("transaction_rate"),
                int(field("failed_transactions")), {"max": field("longest_transaction") * 1000})


def number(pattern, text):
    found = re.search(pattern, text)
    if not found:
        raise Unusable(f"no {pattern!r} in: {text[-300:]}")
    return float(found[1])


def milliseconds(text):
    """A duration as wrk and others write it: 1.5s, 200us, 1.02ms."""
    value, unit = re.fullmatch(r"([\d.]+)(us|µs|ms|s|m)", text).groups()
    return float(value) * UNITS[unit.replace("µ", "u")]


def run(peer, command, folder, **options):
    """Runs a peer's command in a folder: its reading."""
    ended = processes.run(
        command, environment=peer.environment(folder), folder=folder, **options)
    if ended.code != 0:
        raise Unusable(f"{peer.name} ended with {ended.code}: {ended.text[-300:]}")
    requests, per_second, failed, latencies = peer.read(ended.text, folder)
    if not requests:
        raise Unusable(f"{peer.name} had no answer: {ended.text[-300:]}")
    return Reading(
        requests=int(requests), cpu_seconds=ended.cpu_seconds, per_second=per_second,
        failed=failed, peak_kib=ended.peak_kib, latencies=latencies)
