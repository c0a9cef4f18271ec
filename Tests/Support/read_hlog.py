"""Merges each clock of an interval log and prints the values at given ranks, by hdrhistogram."""
import json
import sys
from hdrh.histogram import HdrHistogram

path, wanted_clock, phase = sys.argv[1:4]
merged = HdrHistogram(1000, 3_600_000_000_000, 3)
with open(path, encoding="utf-8") as log:
    for line in log:
        if not line.startswith("Tag="):
            continue
        tag, _, _, _, encoded = line.strip()[4:].split(",")
        parts = tag.split("/")
        if parts[0] == phase and parts[2] == wanted_clock and len(parts) == 3:
            merged.decode_and_add(encoded)
total = merged.get_total_count()
values = {}
for ppm in (500_000, 900_000, 950_000, 990_000, 999_000, 1_000_000):
    rank = max(1, -(-ppm * total // 1_000_000))
    # Half a rank below, so that rounding inside the library cannot reach the next one.
    values[str(ppm)] = merged.get_value_at_percentile(100.0 * (rank - 0.5) / total)
print(json.dumps({"count": total, "values": values}))
