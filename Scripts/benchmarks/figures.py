"""Plain data of a benchmark: readings, their spread, and the lines that it comes to."""

import dataclasses
import statistics


class Unusable(Exception):
    """A measurement that proves nothing, and why."""


@dataclasses.dataclass
class Reading:
    """One run of one generator."""

    requests: int
    cpu_seconds: float
    """User and system time of the whole process, start and end included."""
    per_second: float = 0.0
    """Requests a second while the load was on, as the generator says."""
    failed: int = 0
    peak_kib: int = 0
    """Peak resident memory, in KiB; 0 where it was not watched."""
    latencies: dict = dataclasses.field(default_factory=dict)
    """Milliseconds by the name of a quantile (p50, p95, max); what it does not say is absent."""
    lag: dict = dataclasses.field(default_factory=dict)
    """loadgen's own lag, milliseconds by quantile."""
    notes: str = ""

    @classmethod
    def together(cls, readings):
        """Runs as one; quantiles and notes are those of the first."""
        first = readings[0]
        return dataclasses.replace(
            first, requests=sum(one.requests for one in readings),
            cpu_seconds=sum(one.cpu_seconds for one in readings),
            per_second=statistics.fmean(one.per_second for one in readings),
            failed=sum(one.failed for one in readings),
            peak_kib=max(one.peak_kib for one in readings))

    @property
    def cost(self):
        """Microseconds of CPU for a request."""
        return self.cpu_seconds * 1e6 / self.requests

    def require_all_right(self):
        """A run with a failed request is no measurement."""
        if self.failed:
            raise Unusable(f"{self.failed} of {self.requests + self.failed} requests failed")


@dataclasses.dataclass
class Spread:
    """The median of the rounds, with the smallest and the largest."""

    median: float
    least: float
    most: float

    @classmethod
    def of(cls, values):
        values = list(values)
        return cls(statistics.median(values), min(values), max(values))

    def text(self, digits=2):
        number = f"{{:,.{digits}f}}".format
        if self.least == self.most:
            return number(self.median)
        return f"{number(self.median)} ({number(self.least)} to {number(self.most)})"


@dataclasses.dataclass
class Line:
    """One claim: what was measured, its value, and the bar that it has to keep."""

    name: str
    value: str
    bar: str = ""
    met: bool | None = None
    """Absent where there is no bar, or nothing was measured."""

    @classmethod
    def at_most(cls, name, spread, bar, *, unit="", digits=2):
        unit = {"": "", "%": "%"}.get(unit, f" {unit}")
        value = spread.text(digits) + unit
        return cls(name, value, f"at most {bar:g}{unit}", spread.median <= bar)

    @classmethod
    def at_least(cls, name, spread, bar, *, digits=2):
        return cls(name, spread.text(digits), f"at least {bar:g}", spread.median >= bar)

    @classmethod
    def missing(cls, name, reason):
        return cls(name, f"not measured: {reason}")

    def unjudged(self):
        """The line as it is where there were too few rounds to judge it."""
        bar = f"{self.bar}; not judged, too few rounds" if self.bar else ""
        return dataclasses.replace(self, bar=bar, met=None)

    @property
    def word(self):
        return {True: "met", False: "**missed**", None: ""}[self.met]


@dataclasses.dataclass
class Table:
    """A heading, the words under it, column names, and rows of texts."""

    title: str
    remark: str
    columns: list
    rows: list


@dataclasses.dataclass
class Result:
    """What a benchmark comes to."""

    lines: list
    tables: list = dataclasses.field(default_factory=list)
