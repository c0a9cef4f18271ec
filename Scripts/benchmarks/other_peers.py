"""Generators that Debian does not have; each takes part where it is found on PATH."""

import json
import re
import shutil

from .figures import Unusable
from .peers import ApacheBench, H2load, Hey, Peer, Siege, Wrk

NANOSECONDS, SECONDS = 1e-6, 1e3
"""What a figure is multiplied by to be milliseconds."""


class Wrk2(Wrk):
    name, package = "wrk2", "from PATH"

    def closed(self, url, connections, seconds):
        # It has no load without a rate; one that no target keeps comes to the same.
        return self.paced(url, connections, seconds, 1_000_000)

    def paced(self, url, connections, seconds, rate):
        return ["wrk2", "-t1", f"-c{connections}", f"-d{seconds}s", f"-R{rate}", "-L", url]

    def version(self):
        return ["wrk2", "-v"]


class Vegeta(Peer):
    name = "vegeta"

    def closed(self, url, connections, seconds):
        return self.command(url, seconds, f"-rate=0 -max-workers={connections}", connections)

    def paced(self, url, connections, seconds, rate):
        return self.command(url, seconds, f"-rate={rate}", connections)

    def command(self, url, seconds, load, connections):
        # One process writes results and another reads them; both count.
        return ["sh", "-c", f"echo 'GET {url}' | vegeta attack -duration={seconds}s {load}"
                f" -connections={connections} -insecure | vegeta report -type=json"]

    def read(self, text, folder):
        del folder
        said = object_in(text)
        latencies = {"p50": "50th", "p90": "90th", "p95": "95th", "p99": "99th", "max": "max"}
        right = round(said["requests"] * said["success"])
        return (right, said["throughput"], said["requests"] - right,
                {name: said["latencies"][key] * NANOSECONDS for name, key in latencies.items()})


class K6(Peer):
    name = "k6"

    SCRIPT = """
import http from 'k6/http';
export const options = {{
  insecureSkipTLSVerify: true, discardResponseBodies: true,
  summaryTrendStats: ['med', 'p(90)', 'p(95)', 'p(99)', 'max'], scenarios: {{ load: {load} }},
}};
export default () => http.get('{url}');
export const handleSummary = (data) => ({{ stdout: JSON.stringify(data.metrics) }});
"""

    def closed(self, url, connections, seconds):
        return self.command(url, f"{{ executor: 'constant-vus', vus: {connections}, "
                                 f"duration: '{seconds}s' }}")

    def paced(self, url, connections, seconds, rate):
        return self.command(
            url, f"{{ executor: 'constant-arrival-rate', rate: {rate}, duration: '{seconds}s', "
                 f"preAllocatedVUs: {connections} }}")

    def command(self, url, load):
        script = self.SCRIPT.format(url=url, load=load)
        return ["sh", "-c", 'printf %s "$1" | k6 run --quiet -', "k6", script]

    def environment(self, folder):
        return {"GOMAXPROCS": "1", "K6_NO_USAGE_REPORT": "true"}

    def read(self, text, folder):
        del folder
        said = object_in(text)
        requests, took = said["http_reqs"]["values"], said["http_req_duration"]["values"]
        # Of this rate, `passes` are the requests that failed.
        failed = said["http_req_failed"]["values"]["passes"]
        names = {"p50": "med", "p90": "p(90)", "p95": "p(95)", "p99": "p(99)", "max": "max"}
        return (requests["count"] - failed, requests["rate"], failed,
                {name: took[key] for name, key in names.items()})

    def version(self):
        return ["k6", "version"]


class Oha(Peer):
    name = "oha"

    def closed(self, url, connections, seconds):
        return ["oha", "--no-tui", "--insecure", "--output-format", "json", "-c", connections,
                "-z", f"{seconds}s", url]

    def paced(self, url, connections, seconds, rate):
        return [*self.closed(url, connections, seconds), "-q", rate]

    def environment(self, folder):
        return {"TOKIO_WORKER_THREADS": "1"}

    def read(self, text, folder):
        del folder
        said = object_in(text)
        codes = {int(code): count for code, count in said["statusCodeDistribution"].items()}
        right = sum(count for code, count in codes.items() if 200 <= code < 300)
        latencies = {name: value * SECONDS for name, value in said["latencyPercentiles"].items()
                     if value is not None}
        latencies["max"] = said["summary"]["slowest"] * SECONDS
        return (right, said["summary"]["requestsPerSec"], sum(codes.values()) - right, latencies)


class Fortio(Peer):
    name = "fortio"

    def closed(self, url, connections, seconds):
        return self.paced(url, connections, seconds, 0)

    def paced(self, url, connections, seconds, rate):
        return ["fortio", "load", "-quiet", "-k", "-json", "-", "-p", "50,90,95,99", "-qps", rate,
                "-c", connections, "-t", f"{seconds}s", url]

    def environment(self, folder):
        return {"GOMAXPROCS": "1"}

    def read(self, text, folder):
        del folder
        said = object_in(text)
        took = said["DurationHistogram"]
        latencies = {f"p{row['Percentile']:g}": row["Value"] * SECONDS
                     for row in took["Percentiles"]}
        latencies["max"] = took["Max"] * SECONDS
        right = said["RetCodes"].get("200", 0)
        return right, said["ActualQPS"], sum(said["RetCodes"].values()) - right, latencies

    def version(self):
        return ["fortio", "version"]


class Bombardier(Peer):
    name = "bombardier"

    def closed(self, url, connections, seconds):
        return ["bombardier", "-k", "-l", "-o", "json", "-p", "r", "-c", connections,
                "-d", f"{seconds}s", url]

    def paced(self, url, connections, seconds, rate):
        return [*self.closed(url, connections, seconds), "-r", rate]

    def environment(self, folder):
        return {"GOMAXPROCS": "1"}

    def read(self, text, folder):
        del folder
        said = object_in(text)["result"]
        took = said["latency"]
        latencies = {f"p{share}": value / 1000 for share, value in took["percentiles"].items()}
        latencies["max"] = took["max"] / 1000
        failed = sum(said[f"req{kind}xx"] for kind in (1, 3, 4, 5)) + said["others"]
        return said["req2xx"], said["rps"]["mean"], failed, latencies


def object_in(text):
    """The longest JSON object that begins a line; log lines may stand around it."""
    longest, found = 0, None
    for start in re.finditer(r"^\{", text, re.M):
        try:
            value, end = json.JSONDecoder().raw_decode(text, start.start())
        except json.JSONDecodeError:
            continue
        if end - start.start() > longest:
            longest, found = end - start.start(), value
    if found is None:
        raise Unusable(f"no JSON in: {text[-300:]}")
    return found


def present():
    """Every generator that this machine has, those of Debian first."""
    every = [Wrk(), Hey(), ApacheBench(), H2load(), Siege(), Wrk2(), Vegeta(), K6(), Oha(),
             Fortio(), Bombardier()]
    return [peer for peer in every if shutil.which(peer.name)]
