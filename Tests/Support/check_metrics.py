"""Scrapes a run in progress until it has sent something, and parses the page independently.

usage: check_metrics.py URL

Prints every sample by name and labels as one JSON object.
"""

import json
import sys
import time
import urllib.request

from prometheus_client.parser import text_string_to_metric_families


def scrape(address: str) -> dict:
    """The value of every sample."""
    with urllib.request.urlopen(address, timeout=5) as answer:
        text = answer.read().decode()
    return {
        sample.name + json.dumps(sample.labels, sort_keys=True): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def main() -> None:
    for _ in range(100):
        samples = scrape(sys.argv[1])
        if samples["loadgen_requests_sent_total{}"] > 0:
            json.dump(samples, sys.stdout)
            return
        time.sleep(0.1)
    sys.exit("the run sent nothing in 10 s")


main()
