"""Reads a report in its machine forms with independent libraries.

usage: check_report.py SCHEMA_FOLDER SCHEMA REPORT_JSON [JUNIT_XML]

SCHEMA is report.json, comparison.json, capacity.json, capacity-plan.json or repeat.json. Prints what
was read as one JSON object; fails where a form does not keep its format.
"""

import json
import os
import sys

from jsonschema import Draft202012Validator
from junitparser import Error, Failure, JUnitXml
from referencing import Registry, Resource


def read_json(folder: str, name: str, path: str) -> dict:
    """The report, which the published schema takes."""
    schemas = {}
    for key in sorted(os.listdir(folder)):
        with open(f"{folder}/{key}", encoding="utf-8") as file:
            schemas[key] = json.load(file)
        Draft202012Validator.check_schema(schemas[key])
    registry = Registry().with_resources(
        (key, Resource.from_contents(schema)) for key, schema in schemas.items()
    )
    with open(path, encoding="utf-8") as file:
        report = json.load(file)
    Draft202012Validator(schemas[name], registry=registry).validate(report)
    return report


def read_junit(path: str) -> dict:
    """Every case with its verdict and its sentence, and the properties of the suite."""
    suites = list(JUnitXml.fromfile(path))
    assert len(suites) == 1
    cases = []
    for case in suites[0]:
        result = case.result[0] if case.result else None
        assert result is None or isinstance(result, (Failure, Error))
        # How it was found and what failed stand below the sentence.
        sentence = result.message if result else case.system_out.split("\n")[0]
        assert result is None or result.text.split("\n")[0] == sentence
        cases.append(
            {
                "name": case.name,
                "result": type(result).__name__.lower() if result else "passed",
                "verdict": result.type if result else None,
                "sentence": sentence,
            }
        )
    assert suites[0].tests == len(cases)
    assert suites[0].failures == sum(case["result"] == "failure" for case in cases)
    assert suites[0].errors == sum(case["result"] == "error" for case in cases)
    return {
        "cases": cases,
        "properties": {one.name: one.value for one in suites[0].properties()},
    }


def main() -> None:
    folder, name, report, *junit = sys.argv[1:]
    answer = {"report": read_json(folder, name, report)}
    if junit:
        answer["junit"] = read_junit(junit[0])
    json.dump(answer, sys.stdout)


main()
