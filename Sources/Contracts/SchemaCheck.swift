public import JSON

/// The check of one value against a schema: bounded, whatever refers to itself in either of them.
struct SchemaCheck {
    private var depth = 0
    private var steps = 0
    /// How often a value passed because it could not be checked.
    private var unknowns = 0

    private let maximumSteps: Int

    private static let maximumDepth = 1000

    init(maximumSteps: Int = 10_000_000) { self.maximumSteps = maximumSteps }

    /// Why a value does not fit, with its place; `nil` if it fits.
    mutating func problem(_ schema: Schema, _ value: JSONValue, at place: String) -> String? {
        depth += 1
        steps += 1
        defer { depth -= 1 }
        guard depth <= Self.maximumDepth, steps <= maximumSteps else {
            return "\(place) takes more than \(Self.maximumDepth) levels or "
                + "\(maximumSteps) steps to check"
        }
        switch schema {
        case .any: return nil
        case .unchecked:
            unknowns += 1
            return nil
        case .never: return "\(place) may not be there"
        case .reference(let reference): return problem(reference.schema, value, at: place)
        case .all(let parts):
            for part in parts {
                if let problem = problem(part, value, at: place) { return problem }
            }
            return nil
        case .oneValue(let values):
            return values.contains(value)
                ? nil : "\(place) is not one of \(values.map(\.text).joined(separator: ", "))"
        case .type(let names):
            return names.contains { Self.isOfType(value, $0) }
                ? nil : "\(place) is not of type \(names.joined(separator: " or "))"
        case .object(let rules):
            guard case .object(let members) = value else { return nil }
            return problem(rules, members, at: place)
        case .array(let rules):
            guard case .array(let elements) = value else { return nil }
            return problem(rules, elements, at: place)
        case .anyOf, .oneOf, .not, .choice, .discriminated:
            return choice(schema, value, at: place)
        case .length, .pattern, .range, .multiple: return detail(schema, value, at: place)
        }
    }

    private mutating func choice(
        _ schema: Schema, _ value: JSONValue, at place: String
    ) -> String? {
        switch schema {
        case .anyOf(let choices):
            for choice in choices where problem(choice, value, at: place) == nil { return nil }
            return "\(place) fits none of the allowed forms"
        case .oneOf(let choices):
            let answers = choices.map { fits($0, value, at: place) }
            let (certain, possible) = (answers.count { $0 == true }, answers.count { $0 == nil })
            return certain <= 1 && certain + possible >= 1
                ? nil : "\(place) fits \(certain) of the allowed forms, not one"
        case .not(let other):
            return fits(other, value, at: place) == true
                ? "\(place) fits what it may not be" : nil
        case .choice(let condition, let then, let otherwise):
            guard let isSo = fits(condition, value, at: place) else { return nil }
            return problem(isSo ? then : otherwise, value, at: place)
        case .discriminated(let name, let schemas, let otherwise):
            let chosen = value.object?.first { ExactText($0.name) == name }?.value.string
                .flatMap { schemas[ExactText($0)] }
            return problem(chosen ?? otherwise, value, at: place)
        default: return nil
        }
    }

    /// Whether a value fits; `nil` if that hangs on what cannot be checked.
    private mutating func fits(_ schema: Schema, _ value: JSONValue, at place: String) -> Bool? {
        let before = unknowns
        if problem(schema, value, at: place) != nil { return false }
        return unknowns == before ? true : nil
    }

    private mutating func problem(
        _ rules: Schema.ObjectRules, _ members: [JSONValue.Member], at place: String
    ) -> String? {
        for name in rules.required where !members.contains(where: { $0.name.isExactly(name) }) {
            return "\(place) has no \(name)"
        }
        guard rules.count.contains(members.count) else {
            return "\(place) has \(members.count) members, \(Self.words(rules.count))"
        }
        for member in members {
            var isKnown = false
            if let schema = rules.properties[ExactText(member.name)] {
                isKnown = true
                let inner = "\(place).\(member.name)"
                if let problem = problem(schema, member.value, at: inner) { return problem }
            }
            for (reference, schema) in rules.patterns
            where reference.pattern.matches(member.name) {
                isKnown = true
                let inner = "\(place).\(member.name)"
                if let problem = problem(schema, member.value, at: inner) { return problem }
            }
            if isKnown { continue }
            if case .any = rules.additional { continue }
            let inner = "\(place).\(member.name)"
            if let problem = problem(rules.additional, member.value, at: inner) { return problem }
        }
        return nil
    }

    private mutating func problem(
        _ rules: Schema.ArrayRules, _ elements: [JSONValue], at place: String
    ) -> String? {
        guard rules.count.contains(elements.count) else {
            return "\(place) has \(elements.count) elements, \(Self.words(rules.count))"
        }
        for (index, element) in elements.enumerated() {
            let schema = index < rules.first.count ? rules.first[index] : rules.others
            if case .any = schema { continue }
            if let problem = problem(schema, element, at: "\(place)[\(index)]") { return problem }
        }
        guard rules.isUnique else { return nil }
        for (index, element) in elements.enumerated() {
            steps += index
            guard steps <= maximumSteps else {
                return "\(place) takes more than \(maximumSteps) steps to check"
            }
            if elements[..<index].contains(element) { return "\(place)[\(index)] is there twice" }
        }
        return nil
    }

    private func detail(_ schema: Schema, _ value: JSONValue, at place: String) -> String? {
        switch (schema, value) {
        case (.length(let range), .string(let text)):
            let count = text.unicodeScalars.count
            if !range.contains(count) {
                return "\(place) has \(count) characters, \(Self.words(range))"
            }
        case (.pattern(let reference), .string(let text)):
            if !reference.pattern.matches(text) {
                return "\(place) does not match \(reference.pattern.text)"
            }
        case (.range(let range), _):
            if let minimum = range.minimum, value.isBelow(minimum) == true {
                return "\(place) is \(value.text), below \(minimum.text)"
            }
            if let maximum = range.maximum, maximum.isBelow(value) == true {
                return "\(place) is \(value.text), above \(maximum.text)"
            }
            if let bound = range.exclusiveMinimum, bound.isBelow(value) == false {
                return "\(place) is \(value.text), not above \(bound.text)"
            }
            if let bound = range.exclusiveMaximum, value.isBelow(bound) == false {
                return "\(place) is \(value.text), not below \(bound.text)"
            }
        case (.multiple(let divisor), _):
            if let numeral = value.numeral, numeral.isMultiple(of: divisor) == false {
                return "\(place) is \(value.text), no multiple of \(divisor.text)"
            }
        default: break
        }
        return nil
    }

    private static func words(_ range: Schema.CountRange) -> String {
        if range.maximum == .max { return "not \(range.minimum) or more" }
        return range.minimum == 0
            ? "not \(range.maximum) at most" : "not \(range.minimum) to \(range.maximum)"
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

extension Schema {
    /// Why a value does not fit, with its place; `nil` if it fits.
    ///
    /// At most 1,000 levels and 10 million steps are looked at; what takes more does not fit.
    public func problem(with value: JSONValue, at place: String = "$") -> String? {
        var check = SchemaCheck()
        return check.problem(self, value, at: place)
    }
}
