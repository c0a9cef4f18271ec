import JSON

extension Schema {
    /// How deep schemas and references may be nested.
    private static let maximumDepth = 64

    /// Compiles a schema of a document, following `$ref` within it.
    ///
    /// - Throws: `ContractError` for a reference that leads nowhere or round in a circle.
    static func compile(
        _ value: JSONValue, in document: Document, depth: Int = 0
    ) throws(ContractError) -> Schema {
        guard depth < maximumDepth else {
            throw document.error("a schema refers to itself", at: "$ref")
        }
        try document.count()
        if let reference = value["$ref"]?.string {
            return try compile(try document.resolve(reference), in: document, depth: depth + 1)
        }
        var parts: [Schema] = []
        if let allowed = value["const"] { parts.append(.oneValue([allowed])) }
        if let allowed = value["enum"]?.array { parts.append(.oneValue(allowed)) }
        if let name = value["type"]?.string { parts.append(.type([name])) }
        if let names = value["type"]?.array { parts.append(.type(names.compactMap(\.string))) }
        func compileAll(_ list: [JSONValue]) throws(ContractError) -> [Schema] {
            var schemas: [Schema] = []
            for element in list {
                schemas.append(try compile(element, in: document, depth: depth + 1))
            }
            return schemas
        }
        if let list = value["allOf"]?.array { parts += try compileAll(list) }
        if let list = value["anyOf"]?.array { parts.append(.anyOf(try compileAll(list))) }
        if let list = value["oneOf"]?.array { parts.append(.oneOf(try compileAll(list))) }
        if let items = value["items"] {
            parts.append(.items(try compile(items, in: document, depth: depth + 1)))
        }
        let required = value["required"]?.array?.compactMap(\.string) ?? []
        var properties: [ExactText: Schema] = [:]
        for member in value["properties"]?.object ?? [] {
            properties[ExactText(member.name)] = try compile(
                member.value, in: document, depth: depth + 1)
        }
        if !required.isEmpty || !properties.isEmpty {
            parts.append(.object(required: required, properties: properties))
        }
        parts += try scalars(value, document)
        return parts.isEmpty ? .any : parts.count == 1 ? parts[0] : .all(parts)
    }

    private static func scalars(
        _ value: JSONValue, _ document: Document
    ) throws(ContractError) -> [Schema] {
        var parts: [Schema] = []
        if let text = value["pattern"]?.string {
            guard let pattern = Pattern(text) else {
                throw document.error("\"\(text)\" is not a regular expression", at: "pattern")
            }
            parts.append(.pattern(PatternReference(pattern: pattern)))
        }
        let least = value["minLength"]?.integer.map { Int($0) }
        let most = value["maxLength"]?.integer.map { Int($0) }
        if least != nil || most != nil {
            let (low, high) = (max(0, least ?? 0), most ?? .max)
            guard low <= high else {
                throw document.error("minLength is above maxLength", at: "minLength")
            }
            parts.append(.length(low...high))
        }
        func number(_ key: String) throws(ContractError) -> JSONValue? {
            guard let bound = value[key] else { return nil }
            guard bound.numeral != nil else {
                throw document.error("\(bound.text.prefix(80)) is no number", at: key)
            }
            return bound
        }
        let (minimum, maximum) = (try number("minimum"), try number("maximum"))
        if let minimum, let maximum, maximum.isBelow(minimum) == true {
            throw document.error("minimum is above maximum", at: "minimum")
        }
        if minimum != nil || maximum != nil {
            parts.append(.range(minimum: minimum, maximum: maximum))
        }
        return parts
    }
}

/// An OpenAPI document as JSON, for following references.
///
/// A class, since it counts what is compiled.
final class Document {
    let file: String
    let root: JSONValue
    private var schemaCount = 0

    /// References are written out where they are used: a few kilobytes could be billions of them.
    private static let maximumSchemas = 100_000

    init(file: String, root: JSONValue) {
        self.file = file
        self.root = root
    }

    /// Counts one more schema.
    func count() throws(ContractError) {
        schemaCount += 1
        guard schemaCount <= Self.maximumSchemas else {
            throw error(
                "more than \(Self.maximumSchemas) schemas, with every $ref written out", at: "$ref")
        }
    }

    func resolve(_ reference: String) throws(ContractError) -> JSONValue {
        guard reference.hasPrefix("#/") else {
            throw error("only references within the document are taken", at: reference)
        }
        var value = root
        for part in reference.dropFirst(2).split(separator: "/", omittingEmptySubsequences: false) {
            let name = part.replacing("~1", with: "/").replacing("~0", with: "~")
            guard let next = value[String(name)] else {
                throw error("it refers to nothing", at: reference)
            }
            value = next
        }
        return value
    }

    func error(_ message: String, at place: String) -> ContractError {
        ContractError(file: file, place: place, message: message)
    }
}
