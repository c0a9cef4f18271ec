public import JSON

/// A JSON schema, as much of it as OpenAPI documents of HTTP APIs use, compiled once.
///
/// Keywords: type, enum, const, required, properties, items, pattern, minLength, maxLength,
/// minimum,
/// maximum, oneOf, anyOf, allOf. Others are taken as annotations.
public indirect enum Schema: Sendable {
    /// Anything at all.
    case any
    /// All of these.
    case all([Schema])
    /// At least one of these.
    case anyOf([Schema])
    /// Exactly one of these.
    case oneOf([Schema])
    /// One of these values.
    case oneValue([JSONValue])
    /// One of these kinds of value: `object`, `array`, `string`, `integer`, `number`, `boolean`,
    /// `null`.
    case type([String])
    /// Where the value is an object: these members must be there, and these have schemas.
    case object(required: [String], properties: [ExactText: Schema])
    /// Where the value is an array: each element.
    case items(Schema)
    /// Where the value is a string: its length in Unicode scalars.
    case length(ClosedRange<Int>)
    /// Where the value is a string: an expression it must match.
    case pattern(PatternReference)
    /// Where the value is a number: its range, by the values as they are spelled; `nil` for none.
    case range(minimum: JSONValue?, maximum: JSONValue?)

    /// A compiled expression.
    public struct PatternReference: Sendable {
        let pattern: Pattern
    }

    /// Why a value does not fit, with its place; `nil` if it fits; O(size of the value).
    public func problem(with value: JSONValue, at place: String = "$") -> String? {
        switch self {
        case .any: return nil
        case .all(let parts):
            for part in parts {
                if let problem = part.problem(with: value, at: place) { return problem }
            }
            return nil
        case .anyOf(let choices):
            return choices.contains { $0.problem(with: value, at: place) == nil }
                ? nil : "\(place) fits none of the allowed forms"
        case .oneOf(let choices):
            let count = choices.count { $0.problem(with: value, at: place) == nil }
            return count == 1 ? nil : "\(place) fits \(count) of the allowed forms, not one"
        case .oneValue(let values):
            return values.contains(value)
                ? nil : "\(place) is not one of \(values.map(\.text).joined(separator: ", "))"
        case .type(let names):
            return names.contains { Self.isOfType(value, $0) }
                ? nil : "\(place) is not of type \(names.joined(separator: " or "))"
        default: return detail(of: value, at: place)
        }
    }

    private func detail(of value: JSONValue, at place: String) -> String? {
        switch (self, value) {
        case (.object(let required, let properties), .object(let members)):
            for name in required where !members.contains(where: { $0.name.isExactly(name) }) {
                return "\(place) has no \(name)"
            }
            for member in members {
                let inner = "\(place).\(member.name)"
                let schema = properties[ExactText(member.name)]
                if let problem = schema?.problem(with: member.value, at: inner) { return problem }
            }
        case (.items(let schema), .array(let elements)):
            for (index, element) in elements.enumerated() {
                if let problem = schema.problem(with: element, at: "\(place)[\(index)]") {
                    return problem
                }
            }
        case (.length(let range), .string(let text)):
            let count = text.unicodeScalars.count
            if !range.contains(count) {
                return
                    "\(place) has \(count) characters, not \(range.lowerBound) to "
                    + "\(range.upperBound)"
            }
        case (.pattern(let reference), .string(let text)):
            if !reference.pattern.matches(text) {
                return "\(place) does not match \(reference.pattern.text)"
            }
        case (.range(let minimum, let maximum), _):
            if let minimum, value.isBelow(minimum) == true {
                return "\(place) is \(value.text), below \(minimum.text)"
            }
            if let maximum, maximum.isBelow(value) == true {
                return "\(place) is \(value.text), above \(maximum.text)"
            }
        default: break
        }
        return nil
    }

    private static func isOfType(_ value: JSONValue, _ name: String) -> Bool {
        switch (value, name) {
        case (.null, "null"), (.bool, "boolean"), (.integer, "integer"), (.integer, "number"),
            (.number, "number"), (.numeral, "number"), (.string, "string"), (.array, "array"),
            (.object, "object"):
            true
        case (.number, "integer"), (.numeral, "integer"): value.numeral?.isWhole ?? false
        default: false
        }
    }
}
