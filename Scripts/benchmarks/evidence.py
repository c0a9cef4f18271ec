"""Reads what a run of loadgen left: counts by second, and its interval log.

Written from the format's definition (HdrHistogram, AbstractHistogram.java), not from our encoder.
"""

import base64
import json
import struct
import zlib

from .figures import Unusable

COOKIE, COMPRESSED_COOKIE = 0x1C849313, 0x1C849314


class Evidence:
    """One run's folder."""

    def __init__(self, results):
        folders = [path.parent for path in results.glob("*/run.json")]
        if len(folders) != 1:
            raise Unusable(f"{len(folders)} runs where one was expected")
        self.folder = folders[0]
        text = (self.folder / "series.ndjson").read_text()
        self.series = [json.loads(line) for line in text.splitlines()]

    def outcomes(self):
        """Requests by outcome, over all seconds and operations."""
        total = {}
        for row in self.series:
            for counts in row["counts"]:
                for outcome, count in counts["outcomes"].items():
                    total[outcome] = total.get(outcome, 0) + count
        return total

    def total(self, field):
        """The sum of a counter over all seconds."""
        return sum(row[field] for row in self.series)

    def quantiles(self, clock, names):
        """Milliseconds by name (p50, p99.9, max) of a clock's samples, failures included."""
        counts = {}
        for line in (self.folder / "latency.hlog").read_text().splitlines():
            fields = line.split(",")
            parts = fields[0].removeprefix("Tag=").split("/")
            if not line.startswith("Tag=") or parts[2] != clock:
                continue
            for value, count in samples(fields[-1]):
                counts[value] = counts.get(value, 0) + count
        return {name: value / 1e6 for name, value in pick(counts, names).items()}


def pick(counts, names):
    """The values at the ranks of some quantiles, of counts by value."""
    total = sum(counts.values())
    found = {}
    for name in names:
        share = 1.0 if name == "max" else float(name[1:]) / 100
        rank, seen = max(1, -(-total * round(share * 1e6) // 1_000_000)), 0
        for value in sorted(counts):
            seen += counts[value]
            if seen >= rank:
                found[name] = value
                break
    return found


def samples(text):
    """Each bucket's upper value with its count, of one encoded histogram."""
    packed = base64.b64decode(text)
    cookie, length = struct.unpack_from(">II", packed)
    if cookie != COMPRESSED_COOKIE:
        raise Unusable(f"an interval log with the cookie {cookie:#x}")
    body = zlib.decompress(packed[8:8 + length])
    cookie, _, _, digits, lowest, _, _ = struct.unpack_from(">IIIIqqd", body)
    if cookie != COOKIE:
        raise Unusable(f"a histogram with the cookie {cookie:#x}")
    unit = lowest.bit_length() - 1
    half = (2 * 10 ** digits - 1).bit_length() - 1
    slot = 0
    for number in zigzag(body[40:]):
        if number < 0:
            slot -= number
            continue
        octave = max(0, (slot >> half) - 1)
        shift = octave + unit
        lower = (slot - (octave << half)) << shift
        yield lower + (1 << shift) - 1, number
        slot += 1


def zigzag(payload):
    """Whole numbers in the zig-zag form of LEB128, nine bytes at most."""
    value = shift = 0
    for byte in payload:
        last = shift == 56
        value |= (byte if last else byte & 0x7F) << shift
        if byte & 0x80 and not last:
            shift += 7
            continue
        yield (value >> 1) ^ -(value & 1)
        value = shift = 0
