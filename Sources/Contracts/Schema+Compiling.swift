import JSON

extension Schema {
    /// How deep schemas may be nested without a reference.
    private static let maximumDepth = 64

    private static let uncheckedKeywords = [
        "$dynamicRef", "$recursiveRef", "contains", "dependentSchemas", "propertyNames",
        "unevaluatedItems", "unevaluatedProperties",
    ]

    /// Compiles a schema of a document; what cannot be checked is noted there, and lets every
    /// value pass.
    ///
    /// - Parameter place: where it stands, for the notes.
    /// - Throws: `ContractError` for a document with too many schemas.
    static func compile(
        _ value: JSONValue, in document: Document, at place: String, depth: Int = 0
    ) throws(ContractError) -> Schema {
        try document.count()
        if value.bool == false { return .never }
        guard depth < maximumDepth else {
            document.leaveUnchecked("nested deeper than \(maximumDepth) schemas", at: place)
            return .unchecked
        }
        var parts: [Schema] = []
        if let reference = value["$ref"]?.string {
            let schema = document.schema(reference)
            if document.isOld { return schema }
            parts.append(schema)
        }
        for keyword in uncheckedKeywords where value[keyword] != nil {
            document.leaveUnchecked("\(keyword) is not checked", at: place)
            parts.append(.unchecked)
        }
        if let allowed = value["const"] { parts.append(.oneValue([allowed])) }
        if let allowed = value["enum"]?.array { parts.append(.oneValue(allowed)) }
        if let name = value["type"]?.string { parts.append(.type([name])) }
        if let names = value["type"]?.array { parts.append(.type(names.compactMap(\.string))) }
        var nested = Nested(value: value, document: document, place: place, depth: depth + 1)
        try nested.read()
        parts += nested.parts + scalars(value, document, at: place)
        let schema = parts.isEmpty ? Schema.any : parts.count == 1 ? parts[0] : .all(parts)
        guard document.isOld, value["nullable"]?.bool == true, !parts.isEmpty else { return schema }
        return .anyOf([.type(["null"]), schema])
    }

    /// The keywords of strings and numbers.
    private static func scalars(
        _ value: JSONValue, _ document: Document, at place: String
    ) -> [Schema] {
        var parts: [Schema] = []
        if let text = value["pattern"]?.string {
            if let pattern = Pattern(text) {
                parts.append(.pattern(PatternReference(pattern: pattern)))
            } else {
                document.leaveUnchecked(
                    "pattern \"\(text)\" is no regular expression that can be checked", at: place)
                parts.append(.unchecked)
            }
        }
        if let range = count(value, "minLength", "maxLength", document, at: place) {
            parts.append(.length(range))
        }
        func number(_ key: String) -> JSONValue? {
            guard let bound = value[key], bound.bool == nil else { return nil }
            if bound.numeral != nil { return bound }
            document.leaveUnchecked("\(key) is \(bound.text.prefix(80)), no number", at: place)
            return nil
        }
        var range = NumberRange(
            minimum: number("minimum"), maximum: number("maximum"),
            exclusiveMinimum: number("exclusiveMinimum"),
            exclusiveMaximum: number("exclusiveMaximum"))
        // In 3.0 they say whether the bound itself is out.
        if value["exclusiveMinimum"]?.bool == true { range.exclusiveMinimum = range.minimum }
        if value["exclusiveMaximum"]?.bool == true { range.exclusiveMaximum = range.maximum }
        let bounds = [
            range.minimum, range.maximum, range.exclusiveMinimum, range.exclusiveMaximum,
        ]
        if bounds.contains(where: { $0 != nil }) { parts.append(.range(range)) }
        if let divisor = number("multipleOf")?.numeral { parts.append(.multiple(divisor)) }
        return parts
    }

    /// A range of lengths or counts; `nil` if every one is allowed.
    fileprivate static func count(
        _ value: JSONValue, _ minimum: String, _ maximum: String, _ document: Document,
        at place: String
    ) -> CountRange? {
        func whole(_ key: String) -> Int? {
            guard let number = value[key] else { return nil }
            if let count = number.double.flatMap({ Int(exactly: $0) }), count >= 0 { return count }
            document.leaveUnchecked(
                "\(key) is \(number.text.prefix(80)), no whole number", at: place)
            return nil
        }
        let (low, high) = (whole(minimum), whole(maximum))
        guard low != nil || high != nil else { return nil }
        return CountRange(minimum: low ?? 0, maximum: high ?? .max)
    }
}

/// The keywords that hold schemas.
private struct Nested {
    let value: JSONValue
    let document: Document
    let place: String
    let depth: Int
    private(set) var parts: [Schema] = []

    init(value: JSONValue, document: Document, place: String, depth: Int) {
        self.value = value
        self.document = document
        self.place = place
        self.depth = depth
    }

    mutating func read() throws(ContractError) {
        parts += try list("allOf") ?? []
        if let choices = try list("anyOf") { parts.append(try discriminated(.anyOf(choices))) }
        if let choices = try list("oneOf") { parts.append(try discriminated(.oneOf(choices))) }
        if let other = value["not"] { parts.append(.not(try compile(other, "not"))) }
        if let condition = value["if"] {
            let then = try value["then"].map { inner throws(ContractError) in
                try compile(inner, "then")
            }
            let otherwise = try value["else"].map { inner throws(ContractError) in
                try compile(inner, "else")
            }
            parts.append(
                .choice(
                    try compile(condition, "if"), then: then ?? .any, otherwise: otherwise ?? .any))
        }
        for member in value["dependentRequired"]?.object ?? [] {
            let wanted = member.value.array?.compactMap(\.string) ?? []
            parts.append(
                .choice(
                    .all([
                        .type(["object"]), .object(.init(required: [member.name], properties: [:])),
                    ]),
                    then: .object(.init(required: wanted, properties: [:])), otherwise: .any))
        }
        try readArray()
        try readObject()
    }

    private func compile(_ inner: JSONValue, _ name: String) throws(ContractError) -> Schema {
        try Schema.compile(inner, in: document, at: "\(place)/\(name)", depth: depth)
    }

    private func list(_ key: String) throws(ContractError) -> [Schema]? {
        guard let elements = value[key]?.array else { return nil }
        var schemas: [Schema] = []
        for (index, element) in elements.enumerated() {
            schemas.append(try compile(element, "\(key)/\(index)"))
        }
        return schemas
    }

    /// A choice whose schemas a member of the value names, where the document says which one does.
    private func discriminated(_ choices: Schema) throws(ContractError) -> Schema {
        guard let name = value["discriminator"]?["propertyName"]?.string else { return choices }
        let elements = (value["oneOf"] ?? value["anyOf"])?.array ?? []
        var schemas: [ExactText: Schema] = [:]
        for reference in elements.compactMap({ $0["$ref"]?.string }) {
            let last = reference.split(separator: "/").last.map(String.init) ?? reference
            schemas[ExactText(last)] = document.schema(reference)
        }
        let known = Set(elements.compactMap { $0["$ref"]?.string })
        for member in value["discriminator"]?["mapping"]?.object ?? [] {
            guard let text = member.value.string else { continue }
            let reference = text.contains("/") ? text : "#/components/schemas/\(text)"
            if known.contains(reference) {
                schemas[ExactText(member.name)] = document.schema(reference)
            }
        }
        guard !schemas.isEmpty else { return choices }
        return .discriminated(ExactText(name), schemas, otherwise: choices)
    }

    private mutating func readArray() throws(ContractError) {
        var rules = Schema.ArrayRules()
        rules.first = try list("prefixItems") ?? []
        if let items = value["items"] {
            // A list of schemas is what prefixItems was before.
            if items.array != nil {
                rules.first = try list("items") ?? []
            } else {
                rules.others = try compile(items, "items")
            }
        }
        let count = Schema.count(value, "minItems", "maxItems", document, at: place)
        rules.count = count ?? rules.count
        rules.isUnique = value["uniqueItems"]?.bool == true
        if case .any = rules.others, rules.first.isEmpty, count == nil, !rules.isUnique { return }
        parts.append(.array(rules))
    }

    private mutating func readObject() throws(ContractError) {
        var properties: [ExactText: Schema] = [:]
        var unanswered: Set<String> = []
        for member in value["properties"]?.object ?? [] {
            properties[ExactText(member.name)] = try compile(
                member.value, "properties/\(member.name)")
            // Answers do not have what is for requests alone.
            if member.value["writeOnly"]?.bool == true { unanswered.insert(member.name) }
        }
        var patterns: [(Schema.PatternReference, Schema)] = []
        for member in value["patternProperties"]?.object ?? [] {
            if let pattern = Pattern(member.name) {
                patterns.append(
                    (.init(pattern: pattern), try compile(member.value, "patternProperties")))
            } else {
                document.leaveUnchecked(
                    "\"\(member.name)\" is no regular expression that can be checked",
                    at: "\(place)/patternProperties")
                parts.append(.unchecked)
            }
        }
        let isPartial = patterns.count < value["patternProperties"]?.object?.count ?? 0
        let additional = try value["additionalProperties"].map { inner throws(ContractError) in
            try compile(inner, "additionalProperties")
        }
        let required = value["required"]?.array?.compactMap(\.string) ?? []
        let rules = Schema.ObjectRules(
            required: required.filter { !unanswered.contains($0) }, properties: properties,
            patterns: patterns, additional: isPartial ? .any : additional ?? .any,
            count: Schema.count(value, "minProperties", "maxProperties", document, at: place)
                ?? .init())
        if case .any = rules.additional, rules.required.isEmpty, properties.isEmpty,
            patterns.isEmpty, rules.count == .init()
        {
            return
        }
        parts.append(.object(rules))
    }
}
