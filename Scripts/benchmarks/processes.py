"""Starts generators on the client's CPU, and says what they cost."""

import dataclasses
import os
import resource
import subprocess
import tempfile
import threading
import time

from .figures import Unusable

TARGET_CPU, CLIENT_CPU = 0, 1


@dataclasses.dataclass
class Ended:
    """A process that has ended."""

    text: str
    """Standard output and standard error."""
    code: int
    cpu_seconds: float
    wall_seconds: float
    peak_kib: int


def allow_descriptors(count):
    """Raises the limit of open files for this process and those it starts."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft >= count:
        return
    try:
        resource.setrlimit(resource.RLIMIT_NOFILE, (count, max(hard, count)))
    except (ValueError, OSError) as error:
        raise Unusable(f"{count} open files are needed, {hard} are allowed") from error


def pinned(command, cpu=CLIENT_CPU):
    """The command on one CPU."""
    return ["taskset", "-c", str(cpu), *map(str, command)]


def run(command, *, limit_seconds=90, watch_memory=False, environment=None, folder=None):
    """Runs a command on the client's CPU to its end; kills it at the limit."""
    began = time.monotonic()
    with tempfile.TemporaryFile("w+", errors="replace") as output:
        process = subprocess.Popen(
            pinned(command), stdout=output, stderr=output, stdin=subprocess.DEVNULL,
            env={**os.environ, **(environment or {})}, cwd=folder)
        guard = threading.Timer(limit_seconds, process.kill)
        guard.start()
        peaks = []
        watcher = threading.Thread(target=watch_peak, args=(process.pid, peaks), daemon=True)
        if watch_memory:
            watcher.start()
        try:
            # The process stays to be waited for until its usage is read.
            _, status, usage = os.wait4(process.pid, 0)
        finally:
            guard.cancel()
        wall = time.monotonic() - began
        process.returncode = os.waitstatus_to_exitcode(status)
        if watch_memory:
            watcher.join()
        output.seek(0)
        text = output.read()
    if wall >= limit_seconds:
        raise Unusable(f"{command[0]} took longer than {limit_seconds} s")
    cpu = usage.ru_utime + usage.ru_stime
    return Ended(text, process.returncode, cpu, wall, max(peaks, default=0))


def watch_peak(pid, peaks):
    """Reads a process's peak resident memory until it ends.

    Not `ru_maxrss`, which counts what this script held when it started the process.
    """
    while True:
        try:
            with open(f"/proc/{pid}/status", encoding="ascii") as status:
                fields = dict(line.split(":", 1) for line in status if ":" in line)
        except OSError:
            return
        if "VmHWM" not in fields:  # It has ended and is only waited for.
            return
        peaks[:] = [int(fields["VmHWM"].split()[0])]
        time.sleep(0.02)
