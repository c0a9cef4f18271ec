"""Kills loadgen at random moments, and looks for processes that outlive it. Loopback only."""
import concurrent.futures
import os
import random
import signal
import subprocess
import tempfile
import time
import uuid

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
MARK = "LOADGEN_ORPHANS_MARK"
# What is left of a killed loadgen has so long to end.
SECONDS = 2
PROFILE = """\
load: [{ steady: { rate: 50/s, for: 60s } }]
scenarios: [{ health: { steps: [ping] } }]
objectives: [p(95) < 100ms]
"""
# A target that ignores SIGTERM; of what it starts, some leaves its group, some is stopped.
STUBBORN = """\
trap '' TERM
setsid sleep 1000 &
(setsid sh -c 'trap "" TERM HUP; sleep 1000' &)
(sh -c 'kill -STOP $$; sleep 1000' &)
"$1" --port "$2" &
wait
"""


def commands(programs, folder):
    """What is killed, by its name: the words of a command."""
    loadgen, node = os.path.join(programs, "loadgen"), os.path.join(programs, "moonbase")
    profile, script = os.path.join(folder, "profile.yaml"), os.path.join(folder, "stubborn.sh")
    for path, text in ((profile, PROFILE), (script, STUBBORN)):
        with open(path, "w") as file:
            file.write(text)
    run = [loadgen, "run", profile, "--no-calibrate", "--quiet", "--threads", "1",
           "--out", os.path.join(folder, "runs"), "--set"]
    sides = ["--base", f"{node} --port 0", "--candidate", f"{node} --port {{port}}"]
    stubborn = f"sh {script} {node} {{port}}"
    return {
        "run, the reference node": [*run, "target=embedded"],
        "run, a supervised node": [*run, f"target.command={node} --port 0 --supervise true"],
        "run, a stubborn target": [*run, f"target.command={stubborn}"],
        "compare": [loadgen, "compare", profile, *sides, "--quiet",
                    "--out", os.path.join(folder, "comparisons")],
        "capacity": [loadgen, "capacity", profile, "--target", f"{node} --port 0", "--quiet",
                     "--to", "1000/s", "--out", os.path.join(folder, "capacity")],
        "exec": [loadgen, "exec", "--", node, "--port", "0", "--supervise", "true"],
        "gate": [os.path.join(ROOT, "Scripts/ci/gate"), profile, sides[1], sides[3]],
    }


def marked(mark):
    """The processes that were started with this in their environment, by their command lines."""
    found = {}
    for name in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open(f"/proc/{name}/environ", "rb") as file:
                if mark not in file.read().split(b"\0"):
                    continue
            with open(f"/proc/{name}/cmdline", "rb") as file:
                found[int(name)] = file.read().replace(b"\0", b" ").decode(errors="replace")
        except OSError:
            continue
    return found


def moment():
    """Seconds from the start to the kill: early ones, and some when idle threads have gone."""
    return random.choice((0.005 * 200 ** random.random(), random.uniform(1, 8)))


def attempt(programs, name):
    """Kills one; seconds until nothing of it was left, what was, and the moment of the kill."""
    delay, value = moment(), str(uuid.uuid4())
    with tempfile.TemporaryDirectory(prefix="loadgen-orphans-") as folder:
        process = subprocess.Popen(
            commands(programs, folder)[name], cwd=folder, stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True,
            env={**os.environ, MARK: value, "LOADGEN_BIN": programs, "LOADGEN_HOME": ROOT,
                 "TMPDIR": folder})
        time.sleep(delay)
        has_ended = process.poll() is not None
        if not has_ended:
            # The signal is the process's, whichever of its threads it is sent to.
            os.kill(int(random.choice(os.listdir(f"/proc/{process.pid}/task"))), signal.SIGKILL)
        started = time.monotonic()
        process.wait()
        while (left := marked(f"{MARK}={value}".encode())) and time.monotonic() - started < SECONDS:
            time.sleep(0.02)
        seconds = time.monotonic() - started
        for number in left:
            os.kill(number, signal.SIGKILL)
    if has_ended:
        left[process.pid] = "it ended by itself"
    return seconds, left, delay


def run(programs, rounds):
    """Kills so many, each kind in turn; prints a table, and whether nothing was ever left."""
    programs = os.path.abspath(programs)
    with tempfile.TemporaryDirectory() as folder:
        names = list(commands(programs, folder))
    # The first of them are the more telling, where there are few rounds.
    order = [names[number % len(names)] for number in range(rounds)]
    results = {name: [] for name in order}
    with concurrent.futures.ThreadPoolExecutor(3) as pool:
        for name, result in zip(order, pool.map(lambda name: attempt(programs, name), order)):
            results[name].append(result)
    print(f"{'killed':<26}{'times':>6}{'clean':>7}{'slowest end':>13}")
    good = 0
    for name, rows in results.items():
        clean = [seconds for seconds, left, _ in rows if not left]
        good += len(clean)
        print(f"{name:<26}{len(rows):>6}{len(clean):>7}{max((s for s, _, _ in rows)):>11.2f} s")
        for _, left, delay in rows:
            for number, words in left.items():
                print(f"    left of a kill after {delay * 1000:.0f} ms: {number} {words}")
    print(f"no process was left {SECONDS} s after the kill in {good} of {rounds}")
    return good == rounds
