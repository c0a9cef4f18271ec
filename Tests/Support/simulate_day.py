"""Makes the folder of a run of a day at one-second resolution out of a short run's folder.

usage: simulate_day.py SHORT_RUN NEW_RUN [SECONDS]

Seconds and histograms are those of the short run, again and again, with a burst of failures and a
slow second every hour.
"""

import json
import os
import re
import sys


def main() -> None:
    short, new, *rest = sys.argv[1:]
    seconds = int(rest[0]) if rest else 86_400
    os.makedirs(new)
    with open(f"{short}/run.json", encoding="utf-8") as file:
        run = json.load(file)
    # The version before seals, which this has none of, nor a copy of its contract.
    run.update({"schema": "loadgen/run/2", "id": os.path.basename(new)})
    for name in ["contract", "data"]:
        run.pop(name, None)
    judged = [phase for phase in run["profile"]["load"]][-1]
    next(iter(judged.values()))["for"] = f"{seconds}s"
    with open(f"{new}/run.json", "w", encoding="utf-8") as file:
        json.dump(run, file)
    phase = next(iter(judged))
    write_series(short, new, seconds, phase)
    write_latency(short, new, seconds, phase)
    events = [(0, "started", run["id"]), (0, "phase", phase), (seconds, "ended", "")]
    with open(f"{new}/events.ndjson", "w", encoding="utf-8") as file:
        for time, kind, detail in events:
            file.write(json.dumps({"time_s": time, "kind": kind, "detail": detail}) + "\n")
    with open(f"{new}/failures.ndjson", "w", encoding="utf-8"):
        pass


def write_series(short: str, new: str, seconds: int, phase: str) -> None:
    """The seconds of the last phase, again and again."""
    with open(f"{short}/series.ndjson", encoding="utf-8") as file:
        rows = [json.loads(line) for line in file]
    rows = [row for row in rows if row["phase"] == phase and row.get("latency")]
    cpu = 0.0
    with open(f"{new}/series.ndjson", "w", encoding="utf-8") as file:
        for second in range(seconds):
            row = rows[second % len(rows)]
            for count in row["counts"]:
                count["phase"] = phase
                count["outcomes"]["timeout"] = 9 if second % 3600 == 1800 else 0
            slow = 200 if second % 3600 == 1800 else 1
            latency = {name: value * slow for name, value in row["latency"].items()}
            cpu += 0.1 + (second % 7) / 100
            target = {**(row.get("target") or {}), "cpu_s": cpu}
            changed = {"time_s": second + 1.0, "latency": latency, "target": target}
            file.write(json.dumps({**row, **changed}) + "\n")


def write_latency(short: str, new: str, seconds: int, phase: str) -> None:
    """The intervals of the last phase by their second, again and again."""
    by_second = {}
    with open(f"{short}/latency.hlog", encoding="utf-8") as file:
        lines = file.read().splitlines(keepends=True)
    head = [line for line in lines if not line.startswith("Tag=")]
    tag = re.sub("[^!-~]|[%/,\"#]", lambda found: f"%{ord(found[0]):02x}", phase)
    for line in lines:
        if line.startswith(f"Tag={tag}/"):
            fields = line.split(",")
            by_second.setdefault(fields[1], []).append(fields)
    groups = list(by_second.values())
    with open(f"{new}/latency.hlog", "w", encoding="utf-8") as file:
        file.writelines(head)
        for second in range(seconds):
            for name, _, length, *tail in groups[second % len(groups)]:
                file.write(",".join([name, f"{second}.000", length, *tail]))


main()
