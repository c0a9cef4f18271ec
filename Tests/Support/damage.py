"""Damages the evidence of a run line by line, and checks what `loadgen judge` says. Loopback only."""
import argparse
import concurrent.futures
import os
import shutil
import subprocess
import sys
import tempfile
import time

from loadgen_run import Run
from outage_targets import Server, sleep_until

PROFILE = """\
load: [{ steady: { rate: 50/s, for: 4s } }]
scenarios: [{ health: { steps: [ping] } }]
limits: { timeout: 1s }
objectives: ["error rate < 1%", "p(95) < 500ms"]
"""
# What a run writes for people, and nobody reads back.
REPORTS = {"verdict.json", "summary.md", "junit.xml", "report.html", "target.log"}


def new_run(programs, folder):
    """A run whose target answers 503 for a second."""
    server = Server()
    with Run(programs, server.port, PROFILE) as run:
        start = run.start()
        for seconds, way in [(1.5, "503"), (2.5, "ok")]:
            sleep_until(start + seconds)
            server.become(way)
        run.process.wait(60)
        return shutil.copytree(run.path, os.path.join(folder, "run"))


def damages(path, is_quick):
    """What can be done to each line of a file: the words for it, and the lines after it."""
    with open(path, "rb") as file:
        lines = file.read().splitlines(keepends=True)
    step = max(1, len(lines) // 5) if is_quick else 1
    for index in range(0, len(lines), step):
        before, line, after = lines[:index], lines[index], lines[index + 1:]
        yield f"line {index + 1} removed", before + after
        yield f"line {index + 1} doubled", before + [line, line] + after
        yield f"line {index + 1} changed", before + [changed(line)] + after


def changed(line):
    """The line with its last digit but 9 one higher, or a letter another one."""
    for index in range(len(line) - 1, -1, -1):
        if line[index:index + 1] in b"0 1 2 3 4 5 6 7 8".split():
            return line[:index] + bytes([line[index] + 1]) + line[index + 1:]
    return b"#" + line


def judge(programs, folder):
    result = subprocess.run([os.path.join(programs, "loadgen"), "judge", folder],
                            capture_output=True, timeout=60)
    return result.returncode, (result.stdout + result.stderr).decode(errors="replace").replace(
        folder, "RUN")


def check(programs, whole, copy, name, what, data, of_whole):
    """What is wrong with what is said of a damaged copy; None if nothing is."""
    path = os.path.join(copy, name)
    if data is None:
        os.remove(path)
    else:
        with open(path, "wb") as file:
            file.write(b"".join(data))
    code, text = judge(programs, copy)
    shutil.copyfile(os.path.join(whole, name), path)
    # Words for one way to damage it, whatever stands in a line that is wrapped.
    names_it = name in "".join(text.split()) or name in text
    if (code, text) == of_whole or (code in (1, 4) and names_it):
        return None
    return f"{name}, {what}: exit {code}\n{text}"


def files(folder):
    found = []
    for root, _, names in os.walk(folder):
        found += [os.path.relpath(os.path.join(root, name), folder) for name in names]
    return sorted(set(found) - REPORTS)


def try_file(programs, whole, name, is_quick, of_whole):
    """How often a file was damaged, and what was wrong."""
    count, problems = 0, []
    with tempfile.TemporaryDirectory() as parent:
        copy = os.path.join(parent, "copy")
        shutil.copytree(whole, copy)
        for what, data in [("taken away", None), *damages(os.path.join(whole, name), is_quick)]:
            count += 1
            problem = check(programs, whole, copy, name, what, data, of_whole)
            problems += [problem] if problem else []
    return count, problems


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("programs")
    parser.add_argument("run", nargs="?")
    parser.add_argument("--quick", action="store_true")
    arguments = parser.parse_args()
    start = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        whole = arguments.run or new_run(arguments.programs, folder)
        of_whole = judge(arguments.programs, whole)
        names = files(whole)
        with concurrent.futures.ThreadPoolExecutor(2) as pool:
            results = list(pool.map(
                lambda name: try_file(
                    arguments.programs, whole, name, arguments.quick, of_whole), names))
    problems = [problem for _, found in results for problem in found]
    for problem in problems[:20]:
        print(problem, file=sys.stderr)
    print(f"damage: {sum(count for count, _ in results)} faults in {len(names)} files, "
          f"{len(problems)} not named; {time.monotonic() - start:.0f} s")
    sys.exit(2 if problems else 0)


if __name__ == "__main__":
    main()
