import Contracts
import JSON
import YAML

extension ProfileDecoder {
    private static let scenarioExample = "- health: { weight: 6, steps: [ping] }"
    private static let builtIns = ["iteration", "user", "uuid"]

    mutating func scenarios(_ node: YAMLNode?) -> [Scenario] {
        guard let node else {
            // A mix of one: the contract's first operation that needs nothing.
            if let name = operations.values.filter({
                $0.method == "GET" && $0.pathParameters.isEmpty
            })
            .map(\.id).sorted().first(where: { $0 == "ping" || operations.count == 1 }) {
                return [Scenario(name: name, steps: [Step(operation: name)])]
            }
            problems.add(
                YAMLNode.Position(line: 1, column: 1),
                "the profile needs scenarios, as in \(Self.scenarioExample)")
            return []
        }
        guard let elements = node.elements, !elements.isEmpty else {
            problems.add(
                node.position, "scenarios are a list of at least one, as in \(Self.scenarioExample)"
            )
            return []
        }
        var result: [Scenario] = []
        for element in elements {
            guard let entry = named(element, "scenario", example: Self.scenarioExample) else {
                continue
            }
            if result.contains(where: { $0.name == entry.key }) {
                problems.add(entry.position, "there is a scenario named \"\(entry.key)\" before")
            }
            result.append(scenario(entry))
        }
        return result
    }

    private mutating func scenario(_ entry: YAMLNode.Entry) -> Scenario {
        check(entry.value, "a scenario", keys: ["weight", "steps"])
        let weight = number(
            entry.value["weight"], Int.self, "a whole number from 1 to 1000000",
            where: { (1...1_000_000).contains($0) })
        var steps: [Step] = []
        var saved: [String] = []
        if let elements = entry.value["steps"]?.elements, !elements.isEmpty {
            for element in elements {
                if let step = step(element, saved: saved) {
                    saved += step.save.map(\.variable)
                    steps.append(step)
                }
            }
        } else {
            problems.add(
                (entry.value["steps"] ?? entry.value).position,
                "the scenario \"\(entry.key)\" needs steps: a list of at least one operationId")
        }
        return Scenario(name: entry.key, weight: weight ?? 1, steps: steps)
    }

    private mutating func step(_ node: YAMLNode, saved: [String]) -> Step? {
        let name: String
        let position: YAMLNode.Position
        var keys: YAMLNode?
        if let text = node.text {
            (name, position) = (text, node.position)
        } else if let entry = named(
            node, "step", example: "- createPod: { save: { pod: $.podId.name } }")
        {
            (name, position) = (entry.key, entry.position)
            if entry.value.text != "" { keys = entry.value }
        } else {
            return nil
        }
        guard let operation = operations[name] else {
            problems.add(
                position, unknown: name, "operation of the contract",
                allowed: operations.keys.sorted())
            return nil
        }
        var step = Step(operation: name)
        if let keys {
            check(keys, "a step", keys: ["path", "query", "headers", "body", "save", "expect"])
            step.path = Dictionary(
                fields(keys["path"], saved).map { ($0.name, $0.value) }, uniquingKeysWith: { $1 })
            step.query = fields(keys["query"], saved)
            step.headers = headers(keys["headers"], saved)
            step.body = keys["body"].map { body in
                checkSlots(body, saved)
                return body.json
            }
            step.save = save(keys["save"])
            step.expectedStatus = expectation(keys["expect"])
        }
        checkPath(step, operation, at: position)
        return step
    }

    private mutating func checkPath(
        _ step: Step, _ operation: Operation, at position: YAMLNode.Position
    ) {
        for name in operation.pathParameters where step.path[name] == nil {
            problems.add(position, "\(operation.id) needs path: { \(name): ... }")
        }
        for name in step.path.keys.sorted() where !operation.pathParameters.contains(name) {
            problems.add(
                position, unknown: name, "path parameter of \(operation.id)",
                allowed: operation.pathParameters)
        }
    }

    private mutating func fields(_ node: YAMLNode?, _ saved: [String]) -> [Step.Field] {
        guard let node else { return [] }
        guard let entries = node.entries else {
            problems.add(node.position, "names with their values are wanted here")
            return []
        }
        return entries.compactMap { entry in
            checkSlots(entry.value, saved)
            return text(entry.value).map { Step.Field(name: entry.key, value: $0) }
        }
    }

    private mutating func headers(_ node: YAMLNode?, _ saved: [String]) -> [Step.Field] {
        let fields = fields(node, saved)
        for field in fields {
            let isToken =
                !field.name.isEmpty
                && field.name.utf8.allSatisfy { byte in
                    byte > 0x20 && byte < 0x7F && !"()<>@,;:\\\"/[]?={}".utf8.contains(byte)
                }
            if !isToken || field.value.contains(where: { $0.isNewline }), let node {
                problems.add(
                    node.position,
                    "\"\(field.name)\" is no header field, or its value has two lines")
            }
        }
        return fields
    }

    private mutating func save(_ node: YAMLNode?) -> [Step.Extraction] {
        guard let node else { return [] }
        guard let entries = node.entries else {
            problems.add(
                node.position, "names with JSON paths are wanted here, as in { pod: $.podId.name }")
            return []
        }
        return entries.compactMap { entry in
            if Self.builtIns.contains(entry.key) || entry.key.hasPrefix("env:") {
                problems.add(entry.position, "\"\(entry.key)\" is the name of a built-in value")
            }
            return value(entry.value, "a JSON path as in $.podId.name") {
                try? JSONPath(parsing: $0)
            }
            .map { Step.Extraction(variable: entry.key, path: $0) }
        }
    }

    private mutating func expectation(_ node: YAMLNode?) -> Int? {
        guard let node else { return nil }
        check(node, "expect", keys: ["status"])
        return number(
            node["status"], Int.self, "a status from 100 to 599",
            where: { (100...599).contains($0) })
    }

    /// Every `${name}` below a node must be a built-in or saved by an earlier step.
    private mutating func checkSlots(_ node: YAMLNode, _ saved: [String]) {
        switch node.content {
        case .sequence(let elements): for element in elements { checkSlots(element, saved) }
        case .mapping(let entries): for entry in entries { checkSlots(entry.value, saved) }
        case .scalar(let text, _):
            var rest = text[...]
            while let open = rest.firstRange(of: "${") {
                guard let close = rest[open.upperBound...].firstIndex(of: "}") else {
                    return problems.add(node.position, "\"\(text)\" has ${ without its }")
                }
                let name = String(rest[open.upperBound..<close])
                let isKnown =
                    saved.contains(name) || Self.builtIns.contains(name)
                    || (name.hasPrefix("env:") && name.count > 4)
                if !isKnown {
                    problems.add(
                        node.position, unknown: "${\(name)}", "value saved before this step",
                        allowed: (saved + Self.builtIns + ["env:NAME"]).map { "${\($0)}" })
                }
                rest = rest[rest.index(after: close)...]
            }
        }
    }
}
