"""Runs generators in turn, so that all of them see the same minutes of the machine."""

import dataclasses
import json

from . import processes
from .figures import Reading, Spread, Unusable


MOST_STOLEN = 0.005
"""The share of time that a hypervisor may take from a run, where a benchmark has no other."""
MOST_TRIES, MOST_FAILURES = 6, 3


@dataclasses.dataclass
class Settings:
    """What a person may change."""

    rounds: int = 5
    seconds: int | None = None
    """How long each run takes; each benchmark has its own default."""


class Contest:
    """Generators that run once in every round; one that fails is out, and says why."""

    def __init__(self, settings):
        self.settings = settings
        self.contestants = {}
        self.times = {}
        self.most_stolen = {}
        self.readings = {}
        self.reasons = {}

    def enter(self, name, measure, times=1, most_stolen=MOST_STOLEN):
        """`measure` takes no argument and gives a Reading; a round's reading is so many of them,
        between which the others have their turns."""
        self.contestants[name] = measure
        self.times[name] = times
        self.most_stolen[name] = most_stolen
        self.readings[name] = []

    def run(self, describe):
        """All rounds; every other one goes backwards, so that none always comes first."""
        for turn in range(self.settings.rounds):
            parts = {name: [] for name in self.contestants}
            for name in self.order(turn):
                if name in self.reasons:
                    continue
                try:
                    parts[name].append(self.measure(name))
                except (Unusable, KeyError, ValueError, json.JSONDecodeError) as error:
                    self.reasons[name] = f"{type(error).__name__}: {error}" \
                        if not isinstance(error, Unusable) else str(error)
                    self.readings[name] = []
                    say(f"  {turn + 1} {name}: left out: {self.reasons[name]}")
                    continue
                if len(parts[name]) == self.times[name]:
                    self.readings[name].append(Reading.together(parts[name]))
                    say(f"  {turn + 1} {name}: {describe(self.readings[name][-1])}")

    def order(self, turn):
        """The names in the order of one round's runs."""
        most = max(self.times.values(), default=0)
        names = [name for pass_ in range(most) for name in self.contestants
                 if pass_ < self.times[name]]
        return names if turn % 2 == 0 else names[::-1]

    def measure(self, name):
        """A reading of a machine that was this one's: one that a hypervisor took time from is made
        again, five times at most, and the one that least was taken from counts; one whose
        generator could not go on is made again twice."""
        least, best, failures = None, None, 0
        for _ in range(MOST_TRIES):
            before = stolen()
            try:
                reading = self.contestants[name]()
            except Unusable as error:
                failures += 1
                if failures == MOST_FAILURES:
                    raise
                say(f"  {name}: again: {error}")
                continue
            share = stolen(since=before)
            if best is None or share < least:
                least, best = share, reading
            if share <= self.most_stolen[name]:
                break
            say(f"  {name}: again: {100 * share:.2f} % of the time went to other machines")
        return best

    def has(self, *names):
        """Whether all of them have readings."""
        return all(self.readings.get(name) for name in names)

    def reason(self, *names):
        """Why one of them has none."""
        return next((f"{name}: {self.reasons.get(name, 'not on this machine')}" for name in names
                     if not self.readings.get(name)), "")

    def spread(self, name, figure):
        return Spread.of(figure(reading) for reading in self.readings[name])

    def ratio(self, own, other, figure):
        """The median ratio of two generators' figures, round by round."""
        pairs = zip(self.readings[own], self.readings[other])
        return Spread.of(figure(mine) / figure(theirs) for mine, theirs in pairs)

    def rows(self, *figures):
        """A row for each generator: its name, then the texts of figure functions."""
        rows = []
        for name, readings in self.readings.items():
            texts = [figure(readings) for figure in figures] if readings else \
                [f"not measured: {self.reason(name)}"] + [""] * (len(figures) - 1)
            rows.append([name, *texts])
        return rows


def stolen(since=(0, 0)):
    """Time that a hypervisor gave to others, and all time, in ticks of the two CPUs that are used;
    the share since an earlier answer where there is one."""
    with open("/proc/stat", encoding="ascii") as file:
        lines = [line.split() for line in file]
    used = {f"cpu{cpu}" for cpu in (processes.TARGET_CPU, processes.CLIENT_CPU)}
    ticks = [[int(word) for word in words[1:9]] for words in lines if words[0] in used]
    taken, total = sum(cpu[7] for cpu in ticks), sum(map(sum, ticks))
    if since == (0, 0):
        return taken, total
    return (taken - since[0]) / max(1, total - since[1])


def spread_text(figure, digits=2):
    """A function that gives the median, least and most of a figure of readings."""
    return lambda readings: Spread.of(map(figure, readings)).text(digits)


def cost(reading):
    return reading.cost


def speed(reading):
    return reading.per_second


def say(text):
    print(text, flush=True)
