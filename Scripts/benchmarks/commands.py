"""The command line of Scripts/bench."""

import argparse
import os
import subprocess
import sys

from . import checker, closed, connections, document, histogram, loadgen, memory, processes
from . import rate, stall, start, tls, uring
from .figures import Line, Result, Unusable
from .rounds import Settings, say

BENCHMARKS = {
    "closed": closed.measure, "rate": rate.measure, "connections": connections.measure,
    "tls": tls.measure, "stall": stall.measure, "start": start.measure,
    "histogram": histogram.measure, "checker": checker.measure,
}


def wrk(settings):
    """The closed loop beside wrk alone."""
    return closed.measure(settings, only="wrk")


# What takes long, or is part of another one, runs where it is named.
ON_DEMAND = {"wrk": wrk, "memory": memory.measure, "uring": uring.measure}
EVERY = BENCHMARKS | ON_DEMAND
LEAST_ROUNDS = 3
"""Fewer show that a benchmark works, and judge nothing."""


def main():
    """Exit code 0 where no bar was missed, 2 where one was, 1 where one could not be measured."""
    settings, names = arguments()
    if len(os.sched_getaffinity(0)) < 2:
        sys.exit("bench: two CPUs are needed, one for the target and one for the client")
    prepare()
    # This script shares the target's CPU, so that the client has the other one to itself.
    os.sched_setaffinity(0, {processes.TARGET_CPU})
    loadgen.calibrate()
    results = []
    for name in names or BENCHMARKS:
        result = attempt(name, settings)
        if settings.rounds < LEAST_ROUNDS:
            result.lines = [line.unjudged() for line in result.lines]
        results.append(result)
        document.show(result)
    if not names and settings.rounds >= LEAST_ROUNDS:
        document.write(results, settings)
        say(f"written into {document.PAGE.relative_to(loadgen.HOME)}")
    lines = [line for result in results for line in result.lines]
    if any(line.met is None and line.value.startswith("not measured") for line in lines):
        sys.exit(1)
    sys.exit(2 if any(line.met is False for line in lines) else 0)


def attempt(name, settings):
    """One benchmark; where it cannot be made, a result that says why."""
    try:
        return EVERY[name](settings)
    except Unusable as error:
        return Result([Line.missing(name, error)])
    except (OSError, LookupError, ValueError, subprocess.SubprocessError) as error:
        # What is not foreseen must not cost the figures of the benchmarks before it.
        return Result([Line.missing(name, f"{type(error).__name__}: {error}")])


def arguments():
    listing = "\n".join(f"  {name:<12} {(measure.__doc__ or '').splitlines()[0]}"
                        for name, measure in EVERY.items())
    parser = argparse.ArgumentParser(
        prog="Scripts/bench", formatter_class=argparse.RawDescriptionHelpFormatter,
        description="What loadgen costs, and how exact it is, beside its peers.",
        epilog=f"benchmarks:\n{listing}\n\nWithout a name, all but wrk, memory and uring run, and "
               "docs/performance.md gets the figures.\nFewer than 3 rounds judge nothing and write "
               "nothing. "
               + main.__doc__)
    parser.add_argument("benchmark", nargs="*", choices=[[], *EVERY], metavar="BENCHMARK")
    parser.add_argument("--rounds", type=positive, default=5, help="5 where it is not given")
    parser.add_argument("--seconds", type=positive, help="how long each run takes")
    given = parser.parse_args()
    return Settings(given.rounds, given.seconds), given.benchmark


def positive(text):
    value = int(text)
    if value < 1:
        raise argparse.ArgumentTypeError("1 or more")
    return value


def prepare():
    """Installs and builds what is not there."""
    for command in (
            [loadgen.HOME / "Scripts/setup", "build", "bench"], [loadgen.HOME / "Scripts/build"],
            ["swift", "build", "-c", "release", "--static-swift-stdlib", "--product",
             "benchmarks", "-q"]):
        if subprocess.run(command, cwd=loadgen.HOME, check=False).returncode != 0:
            sys.exit(1)
