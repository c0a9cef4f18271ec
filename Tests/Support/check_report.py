"""Reads a run's report in its machine forms with independent libraries.

usage: check_report.py SCHEMA_FOLDER REPORT_JSON JUNIT_XML

Prints what was read as one JSON object; fails where a form does not keep its format.
"""

import json
import sys

from jsonschema import Draft202012Validator
from junitparser import Error, Failure, JUnitXml
from referencing import Registry, Resource


def read_json(folder: str, path: str) -> dict:
    """The report, which the published schema takes."""
    schemas = {}
    for name in ("report.json", "verdict.json"):
        with open(f"{folder}/{name}", encoding="utf-8") as file:
            schemas[name] = json.load(file)
        Draft202012Validator.check_schema(schemas[name])
    registry = Registry().with_resources(
        (name, Resource.from_contents(schema)) for name, schema in schemas.items()
    )
    with open(path, encoding="utf-8") as file:
        report = json.load(file)
    Draft202012Validator(schemas["report.json"], registry=registry).validate(report)
    return report


def read_junit(path: str) -> list:
    """Every case with its verdict and its sentence."""
    words = []
    for suite in JUnitXml.fromfile(path):
        for case in suite:
            result = case.result[0] if case.result else None
            assert result is None or isinstance(result, (Failure, Error))
            words.append(
                {
                    "objective": case.name,
                    "verdict": result.type if result else "PASS",
                    "sentence": result.text if result else case.system_out,
                }
            )
    return words


def main() -> None:
    folder, report, junit = sys.argv[1:]
    answer = {"report": read_json(folder, report), "junit": read_junit(junit)}
    json.dump(answer, sys.stdout)


main()
