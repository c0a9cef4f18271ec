"""Kills loadgen, its guard of faults, or both, while faults are struck, and looks for what is left."""
import os
import random
import resource
import signal
import subprocess
import sys
import tempfile
import time
import uuid

import orphans

MARK = "LOADGEN_ORPHANS_MARK"
# Whatever is left of faults is undone, and what loadgen has started ended, within so long.
SECONDS = 6
MODES = ("loadgen", "the guard", "both")
# Busy, with a child: both outlive what is killed.
VICTIM = """\
import os, time
is_parent = os.fork()
while True:
    sum(range(20000 if is_parent else 10))
    time.sleep(0.001)
"""
ON_VICTIM = ["hang", "open files", "memory", "memory limit", "cpu", "pids"]
# A small disk that nobody else sees, with a database; without it where that is not allowed.
DISK = 'mount -t tmpfs -o size=2m none "$0" && : >"$0/try.sqlite" && exec "$@" --path "$0"'


def fields(process):
    """State and limits of a process, and its groups: what faults change."""
    with open(f"/proc/{process}/stat") as file:
        state = file.read().rsplit(")", 1)[1].split()[0]
    limits = [resource.prlimit(process, kind)
              for kind in (resource.RLIMIT_NOFILE, resource.RLIMIT_AS)]
    with open(f"/proc/{process}/cgroup") as file:
        return state in "Tt", limits, file.read()


def tree(root):
    with open(f"/proc/{root}/task/{root}/children") as file:
        return [root] + [int(word) for word in file.read().split()]


def groups(name):
    """Control groups that bear a run's name."""
    return [os.path.join(folder, one) for folder, names, _ in os.walk("/sys/fs/cgroup")
            for one in names if one.startswith(f"loadgen-{name}-")]


def journals(name):
    folder = f"/var/tmp/loadgen-chaos-{os.geteuid()}"
    names = os.listdir(folder) if os.path.isdir(folder) else []
    return [one for one in names if one.startswith(f"{name}.journal")]


def is_held(name):
    """Whether a run's journal has a change that is not undone."""
    try:
        with open(f"/var/tmp/loadgen-chaos-{os.geteuid()}/{name}.journal") as file:
            lines = [line.split() for line in file]
    except OSError:
        return False
    intended = {words[1] for words in lines if words[0] == "intent"}
    return bool(intended - {words[1] for words in lines if words[0] == "undone"})


def can_mount():
    with tempfile.TemporaryDirectory() as folder:
        return subprocess.run(["unshare", "-m", "sh", "-c", DISK, folder, "true"],
                              stderr=subprocess.DEVNULL).returncode == 0


def command(loadgen, folder, victim, has_disk):
    """On the victim that stays, or on a node of loadgen's own with every kind."""
    words = [loadgen, "chaos", "try"]
    if victim:
        words += (ON_VICTIM + ["disk full", "database lock"] * has_disk) * 4
        words += ["--pid", str(victim)]
    words += ["--for", "0.05s"]
    return ["unshare", "-m", "sh", "-c", DISK, folder, *words] if has_disk else words


def guard_of(mark):
    return [one for one, words in orphans.marked(mark).items()
            if "chaos-guard " in words and words.split()[1].isdigit()]


def left_of(name, mark, before):
    """What is left, in words; nothing if all is as before."""
    left = [f"process {one} {words}" for one, words in orphans.marked(mark).items()]
    left += [f"group {one}" for one in groups(name)] + [f"journal {one}" for one in journals(name)]
    for process, fine in before.items():
        try:
            now = fields(process)
        except OSError:
            left.append(f"the victim's process {process} has ended")
            continue
        if now != fine:
            left.append(f"process {process} has {now}, had {fine}")
    return left


def attempt(loadgen, mode, has_victim, has_disk):
    """One kill at a random moment; what is left, and whether a fault was held then."""
    value = str(uuid.uuid4())
    mark = f"{MARK}={value}".encode()
    victim = before = None
    if has_victim:
        victim = subprocess.Popen([sys.executable, "-c", VICTIM], start_new_session=True)
        while len(tree(victim.pid)) < 2:
            time.sleep(0.01)
        before = {one: fields(one) for one in tree(victim.pid)}
    with tempfile.TemporaryDirectory(prefix="loadgen-chaos-") as folder:
        process = subprocess.Popen(
            command(loadgen, folder, victim and victim.pid, has_disk), stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True,
            env={**os.environ, MARK: value})
        time.sleep(random.uniform(0, 2.5 if victim else 5))
        was_alive, name = process.poll() is None, f"try-{process.pid}"
        was_held = is_held(name)
        guards = guard_of(mark) if mode != "loadgen" else []
        for one in guards:
            os.kill(one, signal.SIGKILL)
        if mode != "the guard" and was_alive:
            process.kill()
        process.wait()
        if mode == "both":
            subprocess.run([loadgen, "chaos", "undo"], stdout=subprocess.DEVNULL, check=True)
        end = time.monotonic() + SECONDS
        while (left := left_of(name, mark, before or {})) and time.monotonic() < end:
            time.sleep(0.05)
        for one in orphans.marked(mark):
            os.kill(one, signal.SIGKILL)
    if victim:
        os.killpg(victim.pid, signal.SIGKILL)
        victim.wait()
    return left, was_alive and was_held


def run(programs, rounds):
    """So many kills, each mode in turn; prints whether nothing was ever left."""
    loadgen = os.path.join(os.path.abspath(programs), "loadgen")
    has_disk, good, hits = can_mount(), 0, 0
    for number in range(rounds):
        mode, has_victim = MODES[number % 3], number % 2 == 0
        left, was_hit = attempt(loadgen, mode, has_victim, has_disk)
        good += not left
        hits += was_hit
        for words in left:
            print(f"    left of a kill of {mode}: {words}", flush=True)
    print(f"{hits} of {rounds} kills came while a change was held")
    print(f"nothing was left in {good} of {rounds}")
    return good == rounds
