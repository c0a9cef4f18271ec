"""What the scripts of this folder share: a list of cases, and the file that it becomes."""

import json
import pathlib
import platform

import numpy as np
import scipy


class Cases:
    """Cases of one topic, numbered by their function."""

    def __init__(self):
        self.rows = []

    def add(self, fn, source, given, out, tol=None):
        number = sum(row["fn"] == fn for row in self.rows) + 1
        row = {"id": f"{fn}-{number}", "fn": fn, "source": source, "in": given, "out": out}
        self.rows.append({**row, "tol": tol} if tol else row)

    def write(self, topic, seed, notes):
        """Writes Tests/Oracles/TOPIC.json, a line for each case."""
        document = {
            "schema": "oracle/1",
            "topic": topic,
            "generated_with": {"python": platform.python_version(), "numpy": np.__version__,
                               "scipy": scipy.__version__},
            "seed": seed,
            "notes": notes,
            "default_tol": {"rel": 1e-07, "abs": 1e-11},
            "cases": [],
        }
        lines = ",\n".join(f"  {json.dumps(row)}" for row in self.rows)
        text = json.dumps(document, indent=1).replace('"cases": []', f'"cases": [\n{lines}\n ]')
        path = pathlib.Path(__file__).resolve().parents[2] / f"Tests/Oracles/{topic}.json"
        path.write_text(text + "\n", encoding="utf-8")
