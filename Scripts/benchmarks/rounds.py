"""Runs generators in turn, so that all of them see the same minutes of the machine."""

import dataclasses
import json

from .figures import Spread, Unusable


MOST_STOLEN = 0.005
"""The share of time that a hypervisor may take from a run."""


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
        self.readings = {}
        self.reasons = {}

    def enter(self, name, measure):
        """`measure` takes no argument and gives a Reading."""
        self.contestants[name] = measure
        self.readings[name] = []

    def run(self, describe):
        """All rounds; every other one goes backwards, so that none always comes first, and those
        that stand side by side in the list run side by side in every round."""
        names = list(self.contestants)
        for turn in range(self.settings.rounds):
            for name in names if turn % 2 == 0 else reversed(names):
                if name in self.reasons:
                    continue
                try:
                    reading = self.measure(name)
                except (Unusable, KeyError, ValueError, json.JSONDecodeError) as error:
                    self.reasons[name] = f"{type(error).__name__}: {error}" \
                        if not isinstance(error, Unusable) else str(error)
                    self.readings[name] = []
                    say(f"  {turn + 1} {name}: left out: {self.reasons[name]}")
                    continue
                self.readings[name].append(reading)
                say(f"  {turn + 1} {name}: {describe(reading)}")

    def measure(self, name):
        """A reading of a machine that was this one's: one that a hypervisor took time from, or
        whose generator could not go on, is made again, twice at most."""
        for left in (2, 1, 0):
            before = stolen()
            try:
                reading = self.contestants[name]()
            except Unusable as error:
                if not left:
                    raise
                say(f"  {name}: again: {error}")
                continue
            share = stolen(since=before)
            if share <= MOST_STOLEN or not left:
                return reading
            say(f"  {name}: again: {100 * share:.1f} % of the time went to other machines")
        raise AssertionError("one of three goes on")

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
    """Time that a hypervisor gave to others, and all time, in ticks of all CPUs; the share since an
    earlier answer where there is one."""
    with open("/proc/stat", encoding="ascii") as file:
        ticks = [int(word) for word in file.readline().split()[1:9]]
    if since == (0, 0):
        return ticks[7], sum(ticks)
    return (ticks[7] - since[0]) / max(1, sum(ticks) - since[1])


def spread_text(figure, digits=2):
    """A function that gives the median, least and most of a figure of readings."""
    return lambda readings: Spread.of(map(figure, readings)).text(digits)


def cost(reading):
    return reading.cost


def speed(reading):
    return reading.per_second


def say(text):
    print(text, flush=True)
