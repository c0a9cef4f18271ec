import Contracts
import JSON
import YAML

extension ProfileDecoder {
    static let requestKeys = [
        "name", "query", "headers", "body", "text", "form", "multipart", "body file",
        "content type", "save", "expect", "think", "checked",
    ]
    private static let requestExample =
        "- request: { method: POST, url: /login, body: { user: me }, name: login }"

    /// A request: an operation's name, or a method and a URL as in `GET /path`, alone or with
    /// keys; or `request` with both as keys.
    mutating func request(_ node: YAMLNode) -> RequestStep? {
        if let text = node.text {
            if let line = requestLine(text, at: node.position) {
                return plainRequest(line.method, line.url, keys: nil)
            }
            return operation(text, at: node.position, keys: nil)
        }
        guard let entry = named(node, "step", example: Self.requestExample) else { return nil }
        if entry.key == "request" { return plainRequest(entry) }
        let keys = entry.value.text == "" ? nil : entry.value
        if let line = requestLine(entry.key, at: entry.position) {
            if let keys { check(keys, "a request", keys: Self.requestKeys) }
            return plainRequest(line.method, line.url, keys: keys)
        }
        return operation(entry.key, at: entry.position, keys: keys)
    }

    /// The parts of `GET /path`; `nil` for what has no space before a slash, which is a name.
    private mutating func requestLine(
        _ text: String, at position: YAMLNode.Position
    ) -> (method: String, url: String)? {
        let parts = text.split(separator: " ", maxSplits: 1).map(String.init)
        guard operations[text] == nil, parts.count == 2, parts[1].hasPrefix("/") else { return nil }
        if !Self.isMethod(parts[0]) {
            problems.add(position, "\"\(parts[0])\" is not \(Self.methodForm)")
        }
        if !Self.isPath(parts[1]) {
            problems.add(position, "\"\(parts[1])\" is not \(Self.pathForm)")
        }
        checkSlots(in: parts[1], at: position)
        return (parts[0], parts[1])
    }

    private mutating func operation(
        _ name: String, at position: YAMLNode.Position, keys: YAMLNode?
    ) -> RequestStep? {
        guard let operation = operations[name] else {
            problems.add(
                position, unknown: name, "operation of the contract",
                allowed: operations.keys.sorted() + ["request"])
            return nil
        }
        var step = RequestStep(operation: name)
        if let keys {
            check(keys, "a step", keys: ["path"] + Self.requestKeys)
            let values = fields(keys["path"])
            step.call = .operation(
                name,
                path: Dictionary(values.map { ($0.name, $0.value) }, uniquingKeysWith: { $1 }))
            readKeys(keys, into: &step)
        }
        checkPath(step, operation, at: position)
        rowNames.append(step.rowName)
        return step
    }

    private mutating func plainRequest(_ entry: YAMLNode.Entry) -> RequestStep? {
        let node = entry.value
        check(node, "a request", keys: ["method", "url"] + Self.requestKeys)
        guard node.entries != nil else { return nil }
        let method = value(node["method"], Self.methodForm) { Self.isMethod($0) ? $0 : nil }
        if node["url"] == nil {
            problems.add(entry.position, "a request needs url, as in \(Self.requestExample)")
        }
        let url = value(node["url"], Self.pathForm) { Self.isPath($0) ? $0 : nil }
        if let node = node["url"] { checkSlots(node) }
        return plainRequest(method ?? "GET", url ?? "/", keys: node)
    }

    private mutating func plainRequest(
        _ method: String, _ url: String, keys: YAMLNode?
    ) -> RequestStep {
        var step = RequestStep(.url(method: method, url: url))
        if let keys { readKeys(keys, into: &step) }
        if step.name == nil, operations[step.rowName] != nil { step.name = "request" }
        rowNames.append(step.rowName)
        return step
    }

    private static let methodForm = "a method in capitals, as in GET"
    private static let pathForm = "a path from the root of the target, as in /path?x=1"

    private static func isMethod(_ text: String) -> Bool {
        text.utf8.allSatisfy { $0 >= UInt8(ascii: "A") && $0 <= UInt8(ascii: "Z") }
            && (1...20).contains(text.count) && text != "CONNECT"
    }

    private static func isPath(_ text: String) -> Bool {
        text.hasPrefix("/") && text.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F }
    }

    private mutating func readKeys(_ node: YAMLNode, into step: inout RequestStep) {
        step.name = value(node["name"], "a name") { $0.isEmpty ? nil : $0 }
        if let name = step.name, operations[name] != nil, name != step.operation,
            let node = node["name"]
        {
            problems.add(node.position, "\"\(name)\" is an operation of the contract")
        }
        step.query = fields(node["query"])
        step.headers = headers(node["headers"])
        step.body = body(node)
        step.contentType = value(node["content type"], "a media type as in text/plain") {
            $0.contains("/") && Self.isFieldValue($0) ? $0 : nil
        }
        step.expect = expectation(node["expect"])
        step.think = delay(node["think"])
        step.checked = access(node)
        step.save = save(node["save"])
        savedNames += step.save.map(\.variable)
    }

    private mutating func checkPath(
        _ step: RequestStep, _ operation: Operation, at position: YAMLNode.Position
    ) {
        guard case .operation(_, let path) = step.call else { return }
        for name in operation.pathParameters where path[name] == nil {
            problems.add(position, "\(operation.id) needs path: { \(name): ... }")
        }
        for name in path.keys.sorted() where !operation.pathParameters.contains(name) {
            problems.add(
                position, unknown: name, "path parameter of \(operation.id)",
                allowed: operation.pathParameters)
        }
    }

    /// Names with their values, which may hold slots.
    mutating func fields(_ node: YAMLNode?) -> [RequestStep.Field] {
        guard let node else { return [] }
        guard let entries = node.entries else {
            problems.add(node.position, "expected names with their values")
            return []
        }
        return entries.compactMap { entry in
            slotText(entry.value).map { RequestStep.Field(name: entry.key, value: $0) }
        }
    }

    /// Header fields: names that are tokens, values without line ends.
    mutating func headers(_ node: YAMLNode?) -> [RequestStep.Field] {
        let fields = fields(node)
        guard let node else { return [] }
        for field in fields {
            if !Self.isToken(field.name) || !Self.isFieldValue(field.value) {
                problems.add(
                    node.position,
                    "\"\(field.name)\" is no header field, or its value has two lines")
            }
            if ["content-length", "transfer-encoding"].contains(field.name.lowercased()) {
                problems.add(
                    node.position, "\(field.name) goes with the body and cannot be set by hand")
            }
        }
        return fields
    }

    static func isToken(_ name: String) -> Bool {
        !name.isEmpty
            && name.utf8.allSatisfy { byte in
                byte > 0x20 && byte < 0x7F && !"()<>@,;:\\\"/[]?={}".utf8.contains(byte)
            }
    }

    static func isFieldValue(_ value: String) -> Bool {
        !value.utf8.contains { $0 < 0x20 && $0 != 9 }
    }

    // MARK: What is kept

    private mutating func save(_ node: YAMLNode?) -> [RequestStep.Extraction] {
        guard let node else { return [] }
        guard let entries = node.entries else {
            problems.add(
                node.position, "expected names with JSON paths, as in { pod: $.podId.name }")
            return []
        }
        return entries.compactMap { entry in
            checkVariable(entry)
            return source(entry.value).map { .init(variable: entry.key, source: $0) }
        }
    }

    private mutating func checkVariable(_ entry: YAMLNode.Entry) {
        let name = entry.key
        if SlotText.builtIns.contains(name) || name.hasPrefix("env:") {
            problems.add(entry.position, "\"\(name)\" is the name of a built-in value")
        } else if name.isEmpty
            || !name.allSatisfy({ $0.isLetter || $0.isNumber || $0 == "_" || $0 == "-" })
        {
            problems.add(
                entry.position, "\"\(name)\" is no name: letters, digits, - and _ make one")
        }
    }

    mutating func source(_ node: YAMLNode) -> RequestStep.Extraction.Source? {
        guard node.entries != nil else {
            return value(node, "a JSON path as in $.podId.name") { try? JSONPath(parsing: $0) }
                .map { .path($0) }
        }
        check(node, "a value to save", keys: ["header", "regex"])
        switch (node["header"], node["regex"]) {
        case (let header?, nil):
            return value(header, "the name of a header field") { Self.isToken($0) ? $0 : nil }
                .map { .header($0) }
        case (nil, let pattern?): return expression(pattern).map { .expression($0) }
        default:
            problems.add(
                node.position,
                "expected a JSON path, { header: X-Token } or { regex: 'id=([0-9]+)' }")
            return nil
        }
    }
}
