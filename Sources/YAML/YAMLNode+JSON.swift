public import JSON

extension YAMLNode {
    /// The same value in JSON, by YAML's core schema: a plain `1`, `1.5`, `true` or `null` is no
    /// text.
    public var json: JSONValue {
        switch content {
        case .scalar(let text, isQuoted: true): .string(text)
        case .scalar(let text, isQuoted: false): Self.plain(text)
        case .sequence(let elements): .array(elements.map(\.json))
        case .mapping(let entries):
            .object(entries.map { JSONValue.Member($0.key, $0.value.json) })
        }
    }

    /// The node of a JSON value, as YAML reads its text; all of it is at the first line.
    public init(_ json: JSONValue) {
        position = Position(line: 1, column: 1)
        let start = position
        switch json {
        case .string(let text): content = .scalar(text, isQuoted: true)
        case .array(let elements): content = .sequence(elements.map { YAMLNode($0) })
        case .object(let members):
            content = .mapping(
                members.map { Entry(key: $0.name, position: start, value: YAMLNode($0.value)) })
        default: content = .scalar(json.text, isQuoted: false)
        }
    }

    private static func plain(_ text: String) -> JSONValue {
        switch text {
        case "", "~", "null", "Null", "NULL": return .null
        case "true", "True", "TRUE": return .bool(true)
        case "false", "False", "FALSE": return .bool(false)
        default: break
        }
        if let integer = Int64(text) { return .integer(integer) }
        // Only what begins like a number: Double() also takes "nan", "infinity" and hexadecimal.
        if let first = text.first, first.isNumber || "+-.".contains(first), !text.contains("x"),
            let number = Double(text), number.isFinite
        {
            return .number(number)
        }
        return .string(text)
    }
}
