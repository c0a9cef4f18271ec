"""Has Debian's Prometheus scrape a run in progress, and asks it what it saw.

usage: scrape.py LOADGEN_PROGRAM
"""

import json
import os
import re
import socket
import subprocess
import sys
import tempfile
import time
import urllib.parse
import urllib.request


def free_port() -> int:
    """A port that nobody listens at now."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


def query(port: int, text: str) -> list:
    """The samples that Prometheus has; none while it does not answer."""
    address = f"http://127.0.0.1:{port}/api/v1/query?" + urllib.parse.urlencode({"query": text})
    try:
        with urllib.request.urlopen(address, timeout=5) as answer:
            return json.load(answer)["data"]["result"]
    except OSError:
        return []


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        run = subprocess.Popen(
            [sys.argv[1], "run", "ping", "--duration", "15s", "--quiet", "--metrics", "0",
             "--out", folder],
            stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
        )  # fmt: skip
        address = re.search(r"127\.0\.0\.1:\d+", run.stderr.readline())[0]
        with open(f"{folder}/prometheus.yml", "w", encoding="utf-8") as file:
            file.write(
                "global: { scrape_interval: 1s, scrape_timeout: 1s }\nscrape_configs:\n"
                f"  - {{ job_name: loadgen, static_configs: [{{ targets: ['{address}'] }}] }}\n"
            )
        port = free_port()
        server = subprocess.Popen(
            ["prometheus", f"--config.file={folder}/prometheus.yml",
             f"--storage.tsdb.path={folder}/data", f"--web.listen-address=127.0.0.1:{port}"],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env={**os.environ},
        )  # fmt: skip
        try:
            found = []
            for _ in range(150):
                found = query(port, "loadgen_requests_sent_total > 100")
                if found:
                    break
                time.sleep(0.1)
            if not found:
                sys.exit("scrape: Prometheus saw no request of the run in 15 s")
            print(f"Prometheus saw {found[0]['value'][1]} requests of the run in progress")
            for name in ("loadgen_latency_seconds_bucket", "loadgen_target_resident_bytes"):
                if not query(port, name):
                    sys.exit(f"scrape: Prometheus has no {name}")
        finally:
            for process in (server, run):
                process.terminate()
                process.wait(30)


main()
