"""Every operation, error and limit of the contract; the table is made from the document itself."""
import json
import sys
import urllib.parse

import yaml

from conformance_rows import HAPPY, conflicts, faults, limits, missing, prepare
from contract_schema import BAD_NAMES, Document
from moonbase_node import Node

ERRORS = {400, 404, 405, 408, 409, 413, 415, 417, 431, 503, 504}


class Table:
    def __init__(self, document, verbose):
        self.document = document
        self.verbose = verbose
        self.good = self.count = 0
        self.rows = {}

    def row(self, operation, kind, name, problem):
        """One row: kind is happy or sad; problem is None where it holds."""
        self.count += 1
        self.rows.setdefault(operation, set()).add(kind)
        if problem is None:
            self.good += 1
        if problem is not None or self.verbose:
            print(f"{'ok  ' if problem is None else 'FAIL'} {operation}: {name}: {problem or kind}")

    def refused(self, operation, name, answer, status):
        """A row of a refusal: its status, its form, and what a status needs beside it."""
        got, headers, body = answer
        problem = None
        if status == 200:
            return self.row(operation, "happy", name, None if got == 200 else f"{got} {body!r}")
        if got != status:
            problem = f"status {got}, not {status}: {body[:120]!r}"
        elif not headers.get("content-type", "").startswith("application/json"):
            problem = f"content type {headers.get('content-type')}"
        elif set(json.loads(body)) < {"error", "message"}:
            problem = f"no error and message: {body[:120]!r}"
        elif status == 405 and not headers.get("allow"):
            problem = "no Allow"
        elif status == 503 and int(headers.get("retry-after", 0)) < 1:
            problem = "no Retry-After"
        self.row(operation, "sad", name, problem)


def happy(table, node, identity, method, path, operation):
    # Dead letters need trouble, which this node has none of: their rows are in `faults`.
    rows = HAPPY[identity](node) if identity in HAPPY else []
    for name, (values, query, body) in rows:
        target = path.format(**values) + query
        status, headers, data = node.call(method, target, body)
        content = operation["responses"]["200"]["content"]
        media, = content
        problem = None
        if status != 200:
            problem = f"status {status}: {data[:160]!r}"
        elif not headers["content-type"].startswith(media):
            problem = f"content type {headers['content-type']}"
        else:
            value = json.loads(data) if media == "application/json" else data.decode()
            problem = table.document.problem(content[media]["schema"], value)
        table.row(identity, "happy", name, problem)
        if method == "GET":
            again, more, nothing = node.call("HEAD", target)
            right = again == 200 and nothing == b"" and "content-length" in more
            table.row(identity, "happy", f"HEAD, {name}", None if right else f"{again} {nothing!r}")


def wrong_parameters(table, node, identity, method, path, operation):
    body = None if "requestBody" not in operation else "{}"
    parameters = [table.document.resolve(p) for p in operation.get("parameters", [])]
    for parameter in parameters:
        schema = table.document.resolve(parameter["schema"])
        if parameter["in"] == "path":
            for text in BAD_NAMES:
                target = path.replace("{%s}" % parameter["name"], urllib.parse.quote(text, safe=""))
                table.refused(identity, f"the path {text[:20]!r}", node.call(method, target, body), 400)
            for text in ("%zz", "%", "%ff"):
                target = path.replace("{%s}" % parameter["name"], text)
                table.refused(identity, f"the path {text!r}", node.call(method, target, body), 400)
        else:
            target = path.replace("{id}", "system").replace("{name}", "default")
            texts = [str(v) for _, v in table.document.breaking(schema)] + ["", "%zz"]
            if schema.get("type") == "integer":
                texts += ["1e3", "0x10", "99999999999999999999", "-1", "1 ", "%2B5", "1&items=2"]
            for text in texts:
                query = f"?{parameter['name']}={text.replace(' ', '%20')}"
                table.refused(identity, query, node.call(method, target + query), 400)


def wrong_bodies(table, node, identity, method, path, operation):
    schema = table.document.resolve(
        operation["requestBody"]["content"]["application/json"]["schema"])
    target = path.replace("{id}", "system")
    texts = [
        ("nothing", b""), ("no JSON", b"{"), ("two values", b"{} {}"), ("a NUL", b"{}\0"),
        ("a member twice", b'{"id":"a","id":"b"}'), ("bytes that are no UTF-8", b'{"id":"\xff"}'),
        ("deep arrays", b"[" * 65 + b"]" * 65), ("deep objects", b'{"a":' * 65 + b"1" + b"}" * 65),
        ("very deep", b"[" * 500_000), ("a huge number", b'{"a":1e999}'), ("NaN", b'{"a":NaN}'),
        ("a lone surrogate", b'{"a":"\\ud800"}'), ("an array", b"[]"), ("a text", b'"x"'),
        ("null", b"null"), ("single quotes", b"{'a':1}"), ("a comment", b"{/**/}"),
        ("a byte order mark", b"\xef\xbb\xbf{}x"), ("NUL in a name", b'{"a\\u0000":1}'),
        ("NUL in an inner name", b'{"a":[{"\\u0000":1}]}'),
        ("an integer beyond 64 bits", b'{"a":9223372036854775808}'),
        ("a negative integer beyond 64 bits", b'{"a":-9223372036854775809}'),
    ]
    for name, text in texts:
        answer = node.call(method, target, text, {"Content-Type": "application/json"})
        table.refused(identity, f"the body is {name}", answer, 400)
    for media in ("text/plain", "application/xml", "multipart/form-data", "application/jsonx", ""):
        answer = node.call(method, target, "{}", {"Content-Type": media})
        table.refused(identity, f"the content type {media!r}", answer, 415)
    large = b'{"a":"' + b"x" * (1 << 20) + b'"}'
    table.refused(identity, "a body above 1 MiB", node.call(method, target, large), 413)
    for variant in schema.get("oneOf", [schema]):
        wrong_fields(table, node, identity, method, target, variant)


def wrong_fields(table, node, identity, method, target, variant):
    """Each required field left out, each field with each value that its schema refuses."""
    right = sample(table.document, variant)
    label = right.get("command", "")

    def check(name, body):
        table.refused(identity, f"{label} {name}", node.call(method, target, body), 400)

    for name in variant.get("required", []):
        check(f"without {name}", {k: v for k, v in right.items() if k != name})
    for name, inner in variant.get("properties", {}).items():
        for what, value in table.document.breaking(inner):
            check(f"{name} is {what}", {**right, name: value})
        inner = table.document.resolve(inner)
        if inner.get("type") != "object":
            continue
        for field in inner.get("required", []):
            short = {k: v for k, v in right.get(name, {}).items() if k != field}
            check(f"{name} without {field}", {**right, name: short})
        for field, schema in inner.get("properties", {}).items():
            for what, value in table.document.breaking(schema):
                changed = {**right.get(name, {}), field: value}
                check(f"{name}.{field} is {what}", {**right, name: changed})


def sample(document, schema):
    """A value that fits."""
    schema = document.resolve(schema)
    if "const" in schema:
        return schema["const"]
    if "enum" in schema:
        return schema["enum"][0]
    kind = schema.get("type")
    if kind == "object":
        return {
            name: sample(document, schema["properties"][name])
            for name in schema.get("required", [])}
    if kind == "integer":
        return schema.get("minimum", 1)
    if "cid" in str(schema.get("pattern", "")) or schema.get("pattern", "").startswith("^b"):
        return "b" + "a" * 60
    if schema.get("pattern") == "^/":
        return "/a"
    return "a"


def main():
    program, contract = sys.argv[1:3]
    with open(contract) as file:
        document = Document(yaml.safe_load(file))
    table = Table(document, "-v" in sys.argv)
    with Node(program) as node:
        prepare(node)
        for identity, method, path, operation in document.operations():
            happy(table, node, identity, method, path, operation)
            wrong_parameters(table, node, identity, method, path, operation)
            if "requestBody" in operation:
                wrong_bodies(table, node, identity, method, path, operation)
            target = path.replace("{id}", "a").replace("{name}", "a")
            table.refused(identity, "PATCH", node.call("PATCH", target), 405)
            table.refused(identity, "below it", node.call(method, target + "/x/y/z"), 404)
        for check in (missing, conflicts):
            for identity, name, answer, status in check(node):
                table.refused(identity, name, answer, status)
        for name, problem in limits(node):
            table.row("limits", "sad", name, problem)
        table.row("limits", "happy", "the node still lives",
                  None if node.call("GET", "/ping")[2] == b"pong" else "it does not")
    for identity, name, answer, status in faults(program):
        table.refused(identity, name, answer, status)
    for identity, *_ in document.operations():
        kinds = table.rows.get(identity, set())
        if kinds != {"happy", "sad"}:
            table.row(identity, "sad", "has a happy and a sad row", f"only {kinds}")
    print(f"{table.good} of {table.count}")
    sys.exit(0 if table.good == table.count else 2)


if __name__ == "__main__":
    main()
