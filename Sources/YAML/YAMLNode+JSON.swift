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
