"""A run of loadgen as a child process. Loopback only."""
import json
import os
import re
import shutil
import subprocess
import tempfile
import time

CODES = {"PASS": 0, "FAIL": 2, "INCONCLUSIVE": 3, "INVALID": 4}


class Run:
    """One run of loadgen as a child process, in a folder of its own."""

    def __init__(self, programs, port, profile, files=()):
        self.programs = programs
        self.folder = tempfile.mkdtemp(prefix="loadgen-outages-")
        self.results = os.path.join(self.folder, "runs")
        path = os.path.join(self.folder, "outage.yaml")
        for name, text in [("outage.yaml", profile), *files]:
            with open(os.path.join(self.folder, name), "w") as file:
                file.write(text)
        self.process = subprocess.Popen(
            [os.path.join(programs, "loadgen"), "run", path, "--target",
             f"http://127.0.0.1:{port}", "--out", self.results, "--no-calibrate", "--quiet",
             "--threads", "1"],
            stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.process.poll() is None:
            # A stopped process is ended by this, too.
            self.process.kill()
        self.process.wait(30)
        self.process.stderr.close()
        shutil.rmtree(self.folder, ignore_errors=True)

    @property
    def path(self):
        return os.path.join(self.results, os.listdir(self.results)[0])

    def events(self):
        try:
            with open(os.path.join(self.path, "events.ndjson")) as file:
                return [json.loads(line) for line in file.read().split("\n")[:-1]]
        except (FileNotFoundError, IndexError):
            return []

    def start(self):
        """When the load began, on the monotonic clock."""
        bound = time.monotonic() + 60
        while time.monotonic() < bound and self.process.poll() is None:
            for event in self.events():
                if event["kind"] == "started":
                    return float(re.search(r"monotonic ([\d.]+)", event["detail"]).group(1))
            time.sleep(0.005)
        raise RuntimeError("the load did not begin: " + (
            self.process.stderr.read() if self.process.poll() is not None else "within 60 s"))

    def report(self, seconds):
        """Waits for its end, and gives the report; `seconds` is how long it may still take."""
        self.process.wait(seconds)
        words = [os.path.join(self.programs, "loadgen"), "report", self.path, "--format", "json"]
        made = subprocess.run(words, capture_output=True, text=True, timeout=60)
        if not made.stdout:
            raise RuntimeError(f"no report: {made.stderr.strip()}")
        report = json.loads(made.stdout)
        word, code = report["verdict"]["verdict"], self.process.returncode
        if code != CODES[word]:
            raise RuntimeError(f"the exit code is {code} with {word}")
        return report
