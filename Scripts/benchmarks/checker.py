"""The checker of acknowledged writes: how long ten minutes at 10,000/s take, and what memory."""

import json

from . import processes
from .figures import Line, Result, Spread, Unusable
from .histogram import PROGRAM
from .rounds import say


def measure(settings):
    """Seconds and MiB to judge 6 million operations, of registers and of a log."""
    say("checker: judging 6 million operations")
    lines = []
    for what in ["registers", "events"]:
        said = []
        for turn in range(settings.rounds):
            ended = processes.run([PROGRAM, "checker", what])
            if ended.code != 0:
                raise Unusable(f"benchmarks ended with {ended.code}: {ended.text[-300:]}")
            said.append(json.loads(ended.text))
            say(f"  {turn + 1} {what} " + ended.text.strip())
        seconds = Spread.of(one["judge_s"] for one in said)
        memory = Spread.of(one["peak_mib"] for one in said)
        lines += [
            Line.at_most(f"checker, 6,000,000 operations of {what}", seconds, 10, unit="s"),
            Line.at_most(f"checker, memory for {what}", memory, 286, unit="MiB")]
    return Result(lines)
