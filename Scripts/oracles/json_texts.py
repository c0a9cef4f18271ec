#!/usr/bin/env python3
"""Makes Tests/Oracles/json_texts.json: texts that are JSON or not, and the order of numbers.

The judge is Python's json with exact decimals, an implementation of its own. Texts are mutations of
valid ones, from a fixed seed.
"""

import decimal
import json
import pathlib
import platform
import random

SEED = 8259
VALID = [
    '{"a":[1,-0,0.5,1e5,1E-2,-1.25e+10],"b":{"c":null,"d":true,"e":false}}',
    '[18446744073709551615,-9223372036854775809,1e400,0.1000000000000000055]',
    '"\\"\\\\\\/\\b\\f\\n\\r\\t\\u00e9\\ud83d\\ude00"', '{"a":1,"b":2,"a":3,"\\u0062":4}',
    ' [ "é" , "e\u0301" , "\u007f" ] ', '{"":{"":[[],{},""]}}', '"\\ud800 \\udc00\\ud800"',
    '[0,10,-10,0e0,0.0,1.0e-0]', 'null', '-0.0', '\t"a"\r\n', '[[[[[[[[]]]]]]]]',
]
PIECES = list('{}[]",:\\0123456789.eE+-tfn \t\n\r/*') + [
    "true", "false", "null", "NaN", "Infinity", "-Infinity", "\\u", "\\ud800", "\\u00", "\u0000",
    "\u001f", "\u00a0", "\ufeff", "\u2028", "'", "//", "00", "1.", ".1", "0x1", '""', "[]", "{}",
] + [" ", "\n", "1", "é", "e1", "\\n", "\\u00E9"] * 6
NUMBERS = [
    "0", "-0", "0.0", "1", "-1", "1.0", "10e-1", "0.1e1", "100", "1e2", "9007199254740992",
    "9007199254740993", "9007199254740992.0", "18446744073709551615", "18446744073709551614.9",
    "1.8446744073709551615e19", "0.1", "0.10000000000000000555", "1e-1", "1e400", "10e399",
    "1e-400", "-1e400", "1e308", "1.7976931348623157e308", "1.7976931348623158e308", "5e-324",
    "2.5e-324", "123456789012345678901234567890", "123456789012345678901234567891",
]


def refuse(word):
    raise ValueError(word)


def parse(text):
    """The value, with every number as an exact decimal."""
    return json.loads(
        text, parse_float=decimal.Decimal, parse_int=decimal.Decimal, parse_constant=refuse)


def written(value):
    """The value as JSON again, its numbers in another spelling."""
    if isinstance(value, decimal.Decimal):
        return str(value)
    if isinstance(value, list):
        return "[" + ",".join(written(one) for one in value) + "]"
    if isinstance(value, dict):
        return "{" + ",".join(f"{json.dumps(k)}:{written(v)}" for k, v in value.items()) + "}"
    return json.dumps(value)


def mutated(draw, text):
    for _ in range(draw.choice([1, 1, 1, 2])):
        place = draw.randint(0, len(text))
        end = min(len(text), place + draw.choice([0, 0, 1, 2]))
        text = text[:place] + draw.choice(PIECES + [""]) + text[end:]
    return text


def main():
    draw = random.Random(SEED)
    texts = VALID + [mutated(draw, draw.choice(VALID)) for _ in range(1500)]
    rows = []
    for text in dict.fromkeys(texts):
        try:
            rows.append({"text": text, "value": written(parse(text))})
        except (ValueError, decimal.InvalidOperation):
            rows.append({"text": text})
    order = []
    for one in NUMBERS:
        for other in NUMBERS:
            left, right = decimal.Decimal(one), decimal.Decimal(other)
            order.append([one, other, int(left.compare(right))])
    head = json.dumps({
        "schema": "oracle/1", "topic": "json_texts", "seed": SEED,
        "generated_with": {"python": platform.python_version()},
        "notes": "A text without a value is no JSON. order: the first number against the second.",
    }, indent=1)[:-2]
    lines = ",\n".join(f"  {json.dumps(row)}" for row in rows)
    pairs = ",\n".join(f"  {json.dumps(pair)}" for pair in order)
    path = pathlib.Path(__file__).resolve().parents[2] / "Tests/Oracles/json_texts.json"
    path.write_text(
        f'{head},\n "texts": [\n{lines}\n ],\n "order": [\n{pairs}\n ]\n}}\n', encoding="utf-8")


if __name__ == "__main__":
    # No sum is calculated: comparing decimals is exact, whatever their length.
    decimal.getcontext().prec = decimal.MAX_PREC
    decimal.getcontext().Emax = decimal.MAX_EMAX
    decimal.getcontext().Emin = decimal.MIN_EMIN
    main()
