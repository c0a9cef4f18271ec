"""Real failures of a real target, and whether loadgen says what happened. Loopback only."""
import argparse
import concurrent.futures
import os
import re
import resource
import signal
import subprocess
import sys
import threading
import time
from dataclasses import dataclass, field

from loadgen_run import Run
from outage_targets import Node, Server, sleep_until

RATE = 200
LIMITS = {"0.001%": 1e-5, "0.1%": 1e-3, "1%": 0.01, "5%": 0.05}
# What each objective allows to fail.
ALLOWED = {f"error rate < {text}": share for text, share in LIMITS.items()}
ALLOWED |= {"p(95) < 500ms": 0.05, "p(99) < 500ms": 0.01}
ABORT = "error rate < 0.1% abort"
LOOKING = ["error rate < 1%", "success >= 99%", f"throughput >= {RATE * 3 // 4}/s",
           f"goodput(1s) >= {RATE * 3 // 4}/s"]
STRIKES = [5, 25, 50, 75, 95]


@dataclass(frozen=True)
class Case:
    """What becomes of a target: `way` is what `become` of its kind takes, and `outcomes` how
    requests end from then on."""
    name: str
    way: str
    outcomes: set
    is_node: bool = False
    timeout: int = 1

    def target(self, programs):
        return Node(os.path.join(programs, "moonbase")) if self.is_node else Server()


CASES = [
    Case("kill", "kill", {"refused"}, is_node=True),
    Case("stop", "stop", {"timeout"}, is_node=True),
    # The reset of a connection may come before it is known to be open.
    Case("refused", "refused", {"refused"}), Case("reset", "reset", {"reset", "refused"}),
    Case("503", "503", {"wrong_status"}), Case("hang", "hang", {"timeout"}),
    Case("hang-5s", "hang", {"timeout"}, timeout=5),
]
OTHERS = ["away", "away-once", "data", "busy-503", "busy-content"]


@dataclass
class Row:
    """A line of the table, and what is wrong with it."""
    name: str
    strike: str = ""
    verdicts: dict = field(default_factory=dict)
    began: str = ""
    abort: str = ""
    problems: list = field(default_factory=list)


def profile(seconds, objectives, timeout=1, steps="ping", more=""):
    return (f"load: [{{ steady: {{ rate: {RATE}/s, for: {seconds}s }} }}]\n"
            f"scenarios: [{{ health: {{ steps: [{steps}] }} }}]\n"
            f"limits: {{ timeout: {timeout}s }}\n{more}objectives:\n"
            + "".join(f"  - {text}\n" for text in objectives))


def seconds_in(sentence, before=""):
    """The times in a sentence, in seconds, of those behind the expression `before`."""
    units = {"ms": 0.001, "s": 1, "min": 60}
    return [float(number) * units[unit] for number, unit in re.findall(
        before + r"(\d+(?:\.\d+)?) (ms|s|min)\b", sentence)]


def objectives(report):
    return {one["objective"]: one for one in report["verdict"]["objectives"]}


def check_failures(row, report, strike, stretch, outcomes):
    """Holds the verdicts against what failed: from `strike` on, for `stretch` seconds."""
    found = objectives(report)
    counts = {one["name"]: one["count"] for one in report["outcomes"]}
    judged = sum(counts.values())
    failed = judged - counts.get("ok", 0)
    share = failed / judged if judged else 1
    # Else the failure was not the one that is looked for, and nothing here says anything.
    if not failed or sum(counts.get(one, 0) for one in outcomes) < 0.9 * failed:
        row.problems.append(f"requests did not end in {' or '.join(outcomes)}: {counts}")
    if abs(failed / RATE - stretch) > 1:
        row.problems.append(f"{failed} requests failed in {stretch:.1f} s")
    begun = []
    for text, allowed in ALLOWED.items():
        one = found[text]
        row.verdicts[text] = one["verdict"]
        if share < allowed and one["verdict"] == "FAIL" and text.startswith("error"):
            row.problems.append(f"{text}: FAIL, though {share:.2%} failed")
        if share < 2 * allowed or stretch < 0.5:
            continue
        if one["verdict"] != "FAIL":
            row.problems.append(f"{text}: {share:.2%} failed; \"{one['sentence'][:200]}\"")
            continue
        began = (one.get("run") or one).get("began_s")
        if began is None:
            row.problems.append(f"{text}: no began_s")
        else:
            begun.append(began)
            if abs(began - strike) > 1:
                row.problems.append(
                    f"{text}: began_s is {began:.2f}, the strike was at {strike:.2f}")
        said = seconds_in(one["sentence"], before=r"\bfrom ")
        if strike > 1 and not said:
            row.problems.append(f"{text}: no \"from ... s\" in \"{one['sentence'][:150]}\"")
        elif said and abs(said[0] - strike) > 1:
            row.problems.append(f"{text}: says from {said[0]} s for {strike:.2f} s")
    row.began = "/".join(sorted({f"{time:.1f}" for time in begun}))


def strike_once(run, target, case, seconds, percent):
    """Strikes at this part of a run, and gives when that was in seconds of the load."""
    start = run.start()
    sleep_until(start + seconds * percent / 100)
    before = time.monotonic()
    target.become(case.way)
    return (before + time.monotonic()) / 2 - start


def outage(settings, case, percent, row):
    target = case.target(settings.programs)
    try:
        text = profile(settings.seconds, ALLOWED, case.timeout)
        with Run(settings.programs, target.port, text) as run:
            struck = strike_once(run, target, case, settings.seconds, percent)
            report = run.report(settings.seconds + case.timeout + 60)
            check_failures(row, report, struck, settings.seconds - struck, case.outcomes)
    finally:
        target.stop()


def abort(settings, case, percent, row):
    target = case.target(settings.programs)
    try:
        text = profile(settings.seconds, [ABORT], case.timeout)
        with Run(settings.programs, target.port, text) as run:
            struck = strike_once(run, target, case, settings.seconds, percent)
            run.report(settings.seconds + case.timeout + 60)
            times = [one["time_s"] for one in run.events() if one["kind"] == "aborted"]
    finally:
        target.stop()
    # A timeout of seconds must come before anybody can know.
    most = 2 if case.timeout == 1 else 2 + case.timeout
    if times:
        row.abort = f"{times[0] - struck:.1f} s"
        if times[0] - struck > most:
            row.problems.append(f"abort: stopped {times[0] - struck:.2f} s after the strike")
    else:
        row.abort = "never"
        if settings.seconds - struck > most:
            row.problems.append("abort: did not stop")


def away(settings, row, seconds, stops):
    """Stops loadgen for stretches in which alone the target is down: `stops` are (at, for)."""
    target, away = Server(), 0
    try:
        with Run(settings.programs, target.port, profile(seconds, LOOKING)) as run:
            start = run.start()
            for at, length in stops:
                sleep_until(start + at)
                run.process.send_signal(signal.SIGSTOP)
                begun = time.monotonic()
                target.become("503")
                sleep_until(begun + length)
                target.become("ok")
                away += time.monotonic() - begun
                run.process.send_signal(signal.SIGCONT)
            report = run.report(seconds + 60)
    finally:
        target.stop()
    no_pass(row, report)
    # A sentence may be of the lag alone, which is another claim.
    parts = report["verdict"]["objectives"] + report["verdict"]["findings"]
    times = [time for one in parts if "look" in one["sentence"]
             for time in seconds_in(one["sentence"])]
    if not any(abs(time - away) <= 0.15 * away for time in times):
        row.problems.append(
            f"no sentence names the {away:.2f} s that were not looked at; "
            f"\"{parts[0]['sentence'][:200]}\"")


def no_pass(row, report):
    for text, one in objectives(report).items():
        row.verdicts[text] = one["verdict"]
        if one["verdict"] == "PASS":
            row.problems.append(f"{text}: {one['sentence'][:120]}")


def data(settings, row, seconds):
    """Rows for a tenth of the arrivals: the others are never sent."""
    target = Server()
    try:
        rows = "n\n" + "".join(f"{number}\n" for number in range(RATE * seconds // 10))
        text = profile(
            seconds, ["error rate < 5%", "success >= 95%", f"throughput >= {RATE // 20}/s"],
            steps='{ ping: { query: { n: "${rows.n}" } } }',
            more="data: [{ rows: { file: rows.csv, order: once } }]\n")
        with Run(settings.programs, target.port, text, [("rows.csv", rows)]) as run:
            no_pass(row, run.report(seconds + 60))
    finally:
        target.stop()


def busy(settings, row, way, count):
    """Runs at 100 % wrong answers while every core is busy: each must be FAIL."""
    limit = (600, 600)
    loops = [subprocess.Popen(
        ["sh", "-c", "while :; do :; done"],
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_CPU, limit))
        for _ in range(os.cpu_count())]
    try:
        for _ in range(count):
            target = Server(way)
            try:
                text = profile(settings.busy_seconds, ALLOWED)
                with Run(settings.programs, target.port, text) as run:
                    one = Row(row.name)
                    report = run.report(settings.busy_seconds + 60)
                    check_failures(
                        one, report, 0, settings.busy_seconds,
                        {"wrong_status" if way == "503" else "wrong_content"})
            finally:
                target.stop()
            for text, word in one.verdicts.items():
                words = row.verdicts.get(text, "").split("/")
                row.verdicts[text] = "/".join(sorted({word, *words} - {""}))
            row.began = one.began
            row.problems += one.problems
    finally:
        for loop in loops:
            loop.kill()
            loop.wait()


def tasks(settings):
    """Rows, each with what fills it."""
    quick = settings.quick
    rows = []
    picked = {"kill": [50], "stop": [25], "503": [75]} if quick else {
        case.name: [50] if case.timeout > 1 else STRIKES for case in CASES}
    for case in CASES:
        for percent in picked.get(case.name, []):
            row = Row(case.name, f"{percent} %")
            parts = [lambda r=row, c=case, p=percent: outage(settings, c, p, r)]
            if not quick or case.name == "kill":
                parts.append(lambda r=row, c=case, p=percent: abort(settings, c, p, r))
            rows.append((row, parts))
    once = 4 if quick else 8
    cycles = [(0.4 + 2.4 * number, 1.9) for number in range(int((settings.seconds - 2.3) / 2.4))]
    others = {
        "away": lambda row: away(settings, row, settings.seconds, cycles),
        "away-once": lambda row: away(settings, row, once, [(1.5, 1.4)]),
        "data": lambda row: data(settings, row, once),
        "busy-503": lambda row: busy(settings, row, "503", 1 if quick else 10),
        "busy-content": lambda row: busy(settings, row, "content", 10),
    }
    for name in (["away-once", "data", "busy-503"] if quick else OTHERS):
        row = Row(name)
        rows.append((row, [lambda r=row, n=name: others[n](r)]))
    wanted = settings.only
    return [(row, parts) for row, parts in rows if not wanted or row.name in wanted
            or f"{row.name}@{row.strike.removesuffix(' %')}" in wanted]


def perform(row, part, lock):
    try:
        part()
    except (OSError, RuntimeError, KeyError, IndexError, ValueError,
            subprocess.SubprocessError) as error:
        row.problems.append(f"{type(error).__name__}: {error}")
    with lock:
        print(".", end="", file=sys.stderr, flush=True)


def table(rows):
    short = {"PASS": "PASS", "FAIL": "FAIL", "INCONCLUSIVE": "open", "INVALID": "void"}
    head = ["case", "strike", *LIMITS, "p(95)", "p(99)", "began at", "abort after"]
    lines = [head]
    for row in rows:
        words = ["/".join(short[one] for one in word.split("/"))
                 for word in row.verdicts.values()]
        if list(row.verdicts) != list(ALLOWED):
            # Objectives of its own.
            words = ["", ", ".join(f"{text}: {word}" for text, word in zip(row.verdicts, words))]
            lines.append([row.name, row.strike, *words])
        else:
            lines.append([row.name, row.strike, *words, row.began, row.abort])
    widths = [max(len(line[column]) for line in lines if len(line) == len(head))
              for column in range(len(head))]
    for line in lines:
        print("  ".join(word.ljust(width) for word, width in zip(line, widths)).rstrip())


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("programs")
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--only", action="append", default=[])
    parser.add_argument("--seconds", type=int)
    parser.add_argument("--jobs", type=int, default=2)
    settings = parser.parse_args()
    settings.seconds = settings.seconds or (4 if settings.quick else 20)
    settings.busy_seconds = min(settings.seconds, 5)
    os.environ.setdefault("LOADGEN_HOME", os.path.abspath(
        os.path.join(os.path.dirname(__file__), "..", "..")))
    chosen = tasks(settings)
    if not chosen:
        parser.error(f"no case is called {', '.join(settings.only)}")
    lock = threading.Lock()
    # What needs busy cores comes last, and one at a time.
    for isLast, jobs in ((False, settings.jobs), (True, 1)):
        with concurrent.futures.ThreadPoolExecutor(jobs) as pool:
            for row, parts in chosen:
                if row.name.startswith("busy") == isLast:
                    for part in parts:
                        pool.submit(perform, row, part, lock)
    print(file=sys.stderr)
    rows = [row for row, _ in chosen]
    table(rows)
    problems = [f"{row.name}{' at ' if row.strike else ''}{row.strike}: {problem}"
                for row in rows for problem in row.problems]
    for problem in dict.fromkeys(problems):
        times = problems.count(problem)
        print(problem + (f" ({times} times)" if times > 1 else ""))
    print("FAIL" if problems else "PASS")
    sys.exit(2 if problems else 0)


if __name__ == "__main__":
    main()
