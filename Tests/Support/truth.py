"""Faults of a known length, as loadgen measures them."""
import json
import os
import subprocess
import tempfile

RATE = 1000
# Two requests, and what the machine takes.
TOLERANCE = 2 / RATE + 0.020
BACKGROUND = ("0.001%", "0.1%")
PROFILE = """\
target: { command: "moonbase --port {port} --inject %(plan)s" }
load: [{ steady: { rate: %(rate)d/s, for: %(seconds)ds } }]
scenarios: [{ health: { steps: [ping] } }]
faults:
  - { hang: target, at: 6s, for: 3s, every: 14s, trials: %(rounds)d, sham: %(rounds)d }
  - { hold: proxy, at: 13s, for: 2s, every: 14s, trials: %(rounds)d, sham: %(rounds)d }
objectives: [recovery < 2s, detection < 1s]
limits: { in flight: 8000 }
"""


def measure(folder, program, rounds, errors):
    """The report of a run in which so many requests in a hundred fail anyway."""
    plan, profile = f"{folder}/plan.yaml", f"{folder}/truth.yaml"
    with open(plan, "w", encoding="utf-8") as file:
        file.write(f"seed: 7\nfaults:\n  - errors: {{ rate: {errors}, status: 503 }}\n")
    with open(profile, "w", encoding="utf-8") as file:
        file.write(PROFILE % {
            "plan": plan, "rate": RATE, "seconds": 28 * rounds + 10, "rounds": rounds})
    runs = f"{folder}/runs-{errors}"
    subprocess.run(
        [f"{program}/loadgen", "run", profile, "--out", runs, "--quiet"], check=False,
        stdout=subprocess.DEVNULL, timeout=60 * rounds + 120)
    run = os.path.join(runs, os.listdir(runs)[0])
    report = subprocess.run(
        [f"{program}/loadgen", "report", run, "--format", "json"], check=False,
        stdout=subprocess.PIPE, timeout=120)
    return json.loads(report.stdout)


def errors_of(report):
    """How far each trial is from what was done, in seconds; the most of its figures."""
    found = []
    for trial in report["trials"]:
        if trial["is_sham"]:
            continue
        steps = {
            step["step"]: step for step in report["faults"]
            if (step["fault"], step["trial"]) == (trial["fault"], trial["trial"])}
        struck, undone = steps["struck"], steps["undone"]
        least = undone["began_s"] - struck["seen_s"]
        most = undone["seen_s"] - struck["began_s"]
        seen, recovered = trial["detection"], trial["recovery_from_start"]
        if seen is None or recovered["upper_s"] is None:
            found.append((trial["name"], float("inf"), float("inf")))
            continue
        late = max(0, seen["upper_s"] - (struck["seen_s"] - struck["began_s"]))
        found.append((
            trial["name"], late,
            max(0, least - recovered["lower_s"], recovered["upper_s"] - most)))
    return found


def run(program, rounds):
    """Whether every trial is as near to the truth as it should be, and few shams are seen."""
    is_right, shams, seen = True, 0, 0
    for errors in BACKGROUND:
        with tempfile.TemporaryDirectory() as folder:
            report = measure(folder, program, rounds, errors)
        for name, detection, recovery in errors_of(report):
            print(f"{errors} errors, {name}: detection off by {detection * 1000:.1f} ms, "
                  f"recovery by {recovery * 1000:.1f} ms", flush=True)
            is_right = is_right and max(detection, recovery) <= TOLERANCE
        own = [trial for trial in report["trials"] if trial["is_sham"]]
        shams += len(own)
        seen += sum(trial["detection"] is not None for trial in own)
    print(f"{seen} of {shams} shams looked like a fault")
    return is_right and seen <= max(1, shams / 20)
