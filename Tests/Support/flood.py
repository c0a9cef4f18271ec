"""Floods a run with frames, and looks at when it ends. Loopback only."""
import argparse
import signal
import subprocess
import sys
import time

from flood_peer import FRAMES, KINDS, FloodPeer
from loadgen_run import Run

LOAD_SECONDS = 2
TIMEOUT_SECONDS = 1
# After its last request has had its timeout, and after an interrupt.
MAXIMUM_END_SECONDS = 2
MAXIMUM_INTERRUPT_SECONDS = 1
# Enough of each way to flood, where time is short.
QUICK = ["empty DATA", "GOAWAY", "CONTINUATION", "interim answers of HTTP/1.1"]


def profile(network, seconds):
    return f"""
name: flood
load: [steady: {{ rate: 20/s, for: {seconds}s }}]
network: {{ {network} }}
scenarios: [ping: {{ steps: [ping] }}]
objectives: [error rate < 1%]
limits: {{ timeout: {TIMEOUT_SECONDS}s }}
"""


def measure(programs, kind, network, seconds, is_interrupted):
    """How long after its end, or after an interrupt, a run exits, in seconds; and its exit code."""
    peer = FloodPeer(kind, seconds)
    load = 600 if is_interrupted else LOAD_SECONDS
    try:
        with Run(programs, peer.port, profile(network, load)) as run:
            end = run.start() + load + TIMEOUT_SECONDS
            if is_interrupted:
                if not peer.has_begun.wait(30):
                    raise RuntimeError("the flood did not begin")
                # In the middle of it.
                time.sleep(0.5)
                end = time.monotonic()
                run.process.send_signal(signal.SIGINT)
            try:
                run.process.wait(seconds + 10)
            except subprocess.TimeoutExpired:
                return float("inf"), None
            return time.monotonic() - end, run.process.returncode
    finally:
        peer.close()


def main():
    parser = argparse.ArgumentParser(prog="Scripts/flood")
    parser.add_argument("programs")
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--only", action="append", metavar="KIND", choices=KINDS)
    parser.add_argument("--seconds", type=float)
    options = parser.parse_args()
    seconds = options.seconds or (8 if options.quick else 25)
    rows = []
    for kind in options.only or (QUICK if options.quick else KINDS):
        if kind in FRAMES:
            rows.append((kind, "HTTP/2", "http: 2"))
        else:
            rows += [(kind, lane, f"transport: {lane}") for lane in ["loops", "curl"]]
    print(f"{'sent without end':30} {'lane':7} {'end to exit':>12} {'code':>5} "
          f"{'SIGINT to exit':>15} {'code':>5}")
    is_right = True
    for kind, lane, network in rows:
        end, code = measure(options.programs, kind, network, seconds, False)
        interrupt, interrupted = measure(options.programs, kind, network, seconds, True)
        is_right = (
            is_right and end <= MAXIMUM_END_SECONDS and interrupt <= MAXIMUM_INTERRUPT_SECONDS
            and code in (2, 4) and interrupted == 130)
        print(f"{kind:30} {lane:7} {end:10.2f} s {code!s:>5} {interrupt:13.2f} s "
              f"{interrupted!s:>5}", flush=True)
    if not is_right:
        print(f"a run ends within {MAXIMUM_END_SECONDS} s of its end with 2 or 4, and within "
              f"{MAXIMUM_INTERRUPT_SECONDS} s of an interrupt with 130")
    return 0 if is_right else 2


if __name__ == "__main__":
    sys.exit(main())
