#!/usr/bin/env python3
"""Makes Tests/Oracles/schemas.json: schemas with values, and whether each value fits.

The judges are PyPI's jsonschema (2020-12, which OpenAPI 3.1 has) and openapi-schema-validator (for
OpenAPI 3.0). Schemas and values are drawn from a fixed seed; half of the values are made to fit.
"""

import importlib.metadata
import json
import pathlib
import platform
import random

import jsonschema
import openapi_schema_validator

SEED = 31
CASES = 2000
NAMES = ["a", "b", "c", "kind"]
TEXTS = ["", "a", "ab", "abc", "é😀", "cat", "dog", "12"]
NUMBERS = [-2, -1, 0, 1, 2, 3, 4, 6, 1.5, 2.0, 2.5, 100]
TYPES = ["object", "array", "string", "integer", "number", "boolean", "null"]
PATTERNS = ["^a", "b$", "^[a-c]{2,}$", "[0-9]+", "^$"]
DEFINITIONS = ["leaf", "tree", "list", "pair"]
ROOT = "#/components/schemas/"


def value(draw, depth=0):
    kind = draw.choice(["text", "number", "number", "other", "array", "object", "object"])
    if kind == "text" or depth > 3:
        return draw.choice(TEXTS)
    if kind == "number":
        return draw.choice(NUMBERS)
    if kind == "other":
        return draw.choice([None, True, False])
    if kind == "array":
        return [value(draw, depth + 1) for _ in range(draw.randint(0, 3))]
    return {name: value(draw, depth + 1) for name in NAMES if draw.random() < 0.5}


def schema(draw, is_old, depth=0):
    if depth > 3:
        return {}
    inner = lambda: schema(draw, is_old, depth + 1)
    if not is_old and depth > 0 and draw.random() < 0.05:
        return draw.choice([True, False])
    kind = draw.choice(["type", "object", "object", "array", "number", "text", "choice", "ref"])
    result = {}
    if kind == "ref":
        result["$ref"] = ROOT + draw.choice(DEFINITIONS)
        if not is_old and draw.random() < 0.3:
            beside = schema(draw, is_old, 3)
            result.update(beside if isinstance(beside, dict) else {})
        return result
    if kind == "type":
        allowed = TYPES[:-1] if is_old else TYPES
        result["type"] = draw.choice(allowed)
        if not is_old and draw.random() < 0.3:
            result["type"] = draw.sample(TYPES, 2)
        if is_old and draw.random() < 0.3:
            result["nullable"] = True
            if draw.random() < 0.3:
                result["items"] = {}
    if kind == "object":
        if draw.random() < 0.7:
            result["properties"] = {name: inner() for name in NAMES if draw.random() < 0.5}
        if draw.random() < 0.5:
            result["required"] = draw.sample(NAMES, draw.randint(1, 2))
        if draw.random() < 0.3:
            result["additionalProperties"] = draw.choice([True, False, inner()])
        if draw.random() < 0.2:
            result["minProperties"] = draw.randint(0, 3)
        if draw.random() < 0.2:
            result["maxProperties"] = draw.randint(0, 3)
        if not is_old and draw.random() < 0.2:
            result["patternProperties"] = {draw.choice(PATTERNS): inner()}
        if not is_old and draw.random() < 0.1:
            result["dependentRequired"] = {draw.choice(NAMES): draw.sample(NAMES, 1)}
    if kind == "array":
        result["items"] = inner()
        if not is_old and draw.random() < 0.3:
            result["prefixItems"] = [inner() for _ in range(draw.randint(1, 2))]
        if draw.random() < 0.3:
            result["minItems"] = draw.randint(0, 2)
        if draw.random() < 0.3:
            result["maxItems"] = draw.randint(0, 3)
        if draw.random() < 0.3:
            result["uniqueItems"] = True
    if kind == "number":
        for key in ["minimum", "maximum"]:
            if draw.random() < 0.5:
                result[key] = draw.choice(NUMBERS)
            if draw.random() < 0.3:
                exclusive = "exclusive" + key.capitalize()
                result[exclusive] = draw.random() < 0.5 if is_old else draw.choice(NUMBERS)
        if draw.random() < 0.3:
            result["multipleOf"] = draw.choice([1, 2, 3, 0.5, 1.5])
    if kind == "text":
        if draw.random() < 0.5:
            result["minLength"] = draw.randint(0, 3)
        if draw.random() < 0.5:
            result["maxLength"] = draw.randint(0, 3)
        if draw.random() < 0.4:
            result["pattern"] = draw.choice(PATTERNS)
    if kind == "choice":
        words = ["allOf", "anyOf", "oneOf", "not", "enum"]
        word = draw.choice(words if is_old else words + ["const", "if"])
        if word == "enum":
            result[word] = [value(draw, 3) for _ in range(3)]
        elif word == "const":
            result[word] = value(draw, 2)
        elif word == "not":
            result[word] = inner()
        elif word == "if":
            result.update({"if": inner(), "then": inner(), "else": inner()})
        else:
            result[word] = [inner() for _ in range(draw.randint(1, 3))]
    return result


def definitions(draw, is_old):
    leaf = {"$ref": ROOT + "leaf"}
    # One that refers to itself at once says nothing.
    while isinstance(leaf, dict) and leaf.get("$ref") == ROOT + "leaf":
        leaf = schema(draw, is_old, 3)
    return {
        "leaf": leaf,
        "tree": {
            "type": "object",
            "properties": {"a": {"$ref": ROOT + "tree"}, "b": {"$ref": ROOT + "leaf"}},
        },
        "list": {
            "type": "array",
            "items": {"anyOf": [{"$ref": ROOT + "list"}, {"$ref": ROOT + "leaf"}]},
        },
        "pair": {"required": ["a"], "properties": {"a": {"$ref": ROOT + "list"}}},
    }


def fits(one, document, tested):
    if document["openapi"] < "3.1":
        kind = openapi_schema_validator.OAS30Validator
    else:
        kind = jsonschema.Draft202012Validator
    # What a reference leads to stands in the same document.
    whole = {**one, "components": document["components"]} if isinstance(one, dict) else one
    if document["openapi"] < "3.1" and "$ref" in whole:
        whole = {"allOf": [{"$ref": whole["$ref"]}], "components": document["components"]}
    return kind(whole).is_valid(tested)


def main():
    draw = random.Random(SEED)
    cases = []
    wanted = {True: CASES // 2, False: CASES // 2}
    while any(wanted.values()):
        is_old = draw.random() < 0.5
        document = {
            "openapi": "3.0.3" if is_old else "3.1.0",
            "components": {"schemas": definitions(draw, is_old)},
        }
        one, tested = schema(draw, is_old), value(draw)
        if is_old:
            # Whether 2.0 is an integer, 3.0's own schema language does not say.
            tested = json.loads(json.dumps(tested).replace("2.0", "2"))
        answer = fits(one, document, tested)
        if not one or wanted[answer] == 0:
            continue
        wanted[answer] -= 1
        cases.append({"document": document, "schema": one, "value": tested, "fits": answer})
    oracle = {
        "schema": "oracle/1", "topic": "schemas", "seed": SEED,
        "generated_with": {
            "python": platform.python_version(),
            **{
                name: importlib.metadata.version(name)
                for name in ["jsonschema", "openapi-schema-validator"]
            },
        },
        "notes": "Whether the value fits the schema, which stands in the document.",
    }
    head = json.dumps(oracle, indent=1, ensure_ascii=False)[:-2]
    lines = ",\n".join("  " + json.dumps(one, ensure_ascii=False) for one in cases)
    path = pathlib.Path(__file__).resolve().parents[2] / "Tests/Oracles/schemas.json"
    path.write_text(f'{head},\n "cases": [\n{lines}\n ]\n}}\n')


if __name__ == "__main__":
    main()
