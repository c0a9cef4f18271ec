"""The histogram: what a sample costs, and whether merging depends on how many there are."""

import json

from . import loadgen, processes
from .figures import Line, Result, Spread, Unusable
from .rounds import say

PROGRAM = loadgen.HOME / ".build/release/benchmarks"


def measure(settings):
    """Nanoseconds to record a sample; time to merge few samples and very many."""
    say("histogram: recording and merging")
    said = []
    for turn in range(settings.rounds):
        ended = processes.run([PROGRAM, "histogram"])
        if ended.code != 0:
            raise Unusable(f"benchmarks ended with {ended.code}: {ended.text[-300:]}")
        said.append(json.loads(ended.text))
        say(f"  {turn + 1} " + ended.text.strip())
    record = Spread.of(one["record_ns"] for one in said)
    merge = Spread.of(one["merge_many_ns"] / one["merge_few_ns"] for one in said)
    few, many = said[0]["few_samples"], said[0]["many_samples"]
    return Result([
        Line.at_most("histogram, recording a sample", record, 10, unit="ns"),
        Line.at_most(
            f"histogram, merging {many:,} samples / merging {few:,}", merge, 1.1, digits=3),
        Line("histogram, merging", Spread.of(
            one["merge_many_ns"] / 1000 for one in said).text(1) + " µs")])
