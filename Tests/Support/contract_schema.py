"""The part of JSON schema that the contract uses: checks, and values that break it."""
import re


class Document:
    def __init__(self, root):
        self.root = root

    def resolve(self, value):
        while isinstance(value, dict) and "$ref" in value:
            found = self.root
            for part in value["$ref"][2:].split("/"):
                found = found[part]
            value = found
        return value

    def operations(self):
        for path, item in self.root["paths"].items():
            for method, operation in item.items():
                yield operation["operationId"], method.upper(), path, operation

    def problem(self, schema, value, place="$"):
        """Why a value does not fit; None where it fits."""
        schema = self.resolve(schema)
        kinds = {"object": dict, "array": list, "string": str, "boolean": bool}
        kind = schema.get("type")
        if kind == "integer" and (not isinstance(value, int) or isinstance(value, bool)):
            return f"{place} is no integer"
        if kind in kinds and not isinstance(value, kinds[kind]):
            return f"{place} is no {kind}"
        if "const" in schema and value != schema["const"]:
            return f"{place} is not {schema['const']}"
        if "enum" in schema and value not in schema["enum"]:
            return f"{place} is none of {schema['enum']}"
        if "pattern" in schema and isinstance(value, str) and not re.search(schema["pattern"], value):
            return f"{place} does not match {schema['pattern']}"
        if "minimum" in schema and isinstance(value, int) and value < schema["minimum"]:
            return f"{place} is below {schema['minimum']}"
        if isinstance(value, dict):
            for name in schema.get("required", []):
                if name not in value:
                    return f"{place} has no {name}"
            for name, inner in schema.get("properties", {}).items():
                if name in value:
                    problem = self.problem(inner, value[name], f"{place}.{name}")
                    if problem:
                        return problem
        if isinstance(value, list) and "items" in schema:
            for index, element in enumerate(value):
                problem = self.problem(schema["items"], element, f"{place}[{index}]")
                if problem:
                    return problem
        for word, allowed in (("oneOf", {1}), ("anyOf", set(range(1, 99)))):
            if word in schema:
                count = sum(self.problem(s, value, place) is None for s in schema[word])
                if count not in allowed:
                    return f"{place} fits {count} of {word}"
        return None

    def breaking(self, schema):
        """Values that a schema refuses, each with what is wrong."""
        schema = self.resolve(schema)
        kind = schema.get("type")
        if kind == "string":
            yield "a number", 7
            yield "null", None
            if "pattern" in schema or "minLength" in schema:
                yield "empty", ""
            if schema.get("pattern", "").startswith("^[A-Za-z0-9]["):
                for text in BAD_NAMES:
                    yield f"the name {text[:20]!r}", text
            elif "pattern" in schema:
                yield "another form", "!"
            if "maxLength" in schema:
                yield "too long", "x" * (schema["maxLength"] + 1)
        elif kind == "integer":
            yield "a text", "ten"
            yield "a fraction", 1.5
            if "minimum" in schema:
                yield "too small", schema["minimum"] - 1
            if "maximum" in schema:
                yield "too large", schema["maximum"] + 1
        elif kind == "object":
            yield "an array", []
            yield "a text", "x"
        elif "enum" in schema or "const" in schema:
            yield "none of the values", "no-such-value"
            yield "a number", 7


BAD_NAMES = [
    "../../etc/passwd", "a/b", "a b", "-a", ".a", "_a", "a\u0000b", "a" * 65, "\u00e9", "a\n",
    "' OR 1=1; --", "<script>alert(1)</script>", "${jndi:ldap://a}", "a;rm -rf", "%00", "a\\b",
]
