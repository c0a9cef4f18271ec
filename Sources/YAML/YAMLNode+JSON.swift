public import JSON

extension YAMLNode {
    /// The same value in JSON, by YAML's core schema: a plain `1`, `1.5`, `true` or `null` is no
    /// text.
    ///
    /// A number keeps its spelling where JSON has it, as `1.10` and `1e5`; `+5`, `05`, `.5`, `5.`,
    /// `0x10` and `0o17` become 5, 5, 0.5, 5.0, 16 and 15. What JSON cannot say stays a text:
    /// `.inf`, `.nan`, and hexadecimal or octal numbers beyond 64 bits; and `1_000`, which is no
    /// number in YAML 1.2.
    ///
    /// - Source: YAML 1.2.2, section 10.3.2
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
        for (prefix, radix) in [("0x", 16), ("0o", 8)] where text.hasPrefix(prefix) {
            let digits = text.dropFirst(prefix.count)
            guard digits.first?.isHexDigit == true, let value = UInt64(digits, radix: radix) else {
                return .string(text)
            }
            return Int64(exactly: value).map { .integer($0) }
                ?? JSONNumeral("\(value)").map { .numeral($0) } ?? .string(text)
        }
        guard let numeral = JSONNumeral(text) else { return .string(text) }
        if let integer = Int64(numeral.text), String(integer) == numeral.text {
            return .integer(integer)
        }
        return .numeral(numeral)
    }
}
