import JSON

/// An OpenAPI document as JSON, for following references.
///
/// A class, since it keeps what was compiled of it, and what was not.
final class Document {
    let file: String
    let root: JSONValue
    /// Whether it is OpenAPI 3.0, in which `nullable` means something, and nothing that stands
    /// beside a `$ref` does.
    let isOld: Bool
    /// What cannot be checked, with its place; each once.
    private(set) var unchecked: [String] = []
    private var places: Set<String> = []
    /// Who keeps the references alive; `nil` for as long as the schemas live.
    var owner: Schema.Owner?
    private var references: [String: Schema.Reference] = [:]
    private var waiting: [Schema.Reference] = []
    private var schemaCount = 0

    private static let maximumSchemas = 100_000
    /// How many references may follow one another for the same value.
    private static let maximumChain = 64

    init(file: String, root: JSONValue) {
        self.file = file
        self.root = root
        isOld = root["openapi"].map { $0.string ?? $0.text }?.hasPrefix("3.0") ?? false
    }

    /// Counts one more schema.
    ///
    /// - Throws: `ContractError` for the first one that is too many.
    func count() throws(ContractError) {
        schemaCount += 1
        guard schemaCount <= Self.maximumSchemas else {
            throw error("more than \(Self.maximumSchemas) schemas", at: "$ref")
        }
    }

    /// Notes what is not checked, and why.
    func leaveUnchecked(_ message: String, at place: String) {
        let words = "\(place): \(message)"
        if places.insert(words).inserted { unchecked.append(words) }
    }

    /// What a reference leads to, through others; `nil` if it leads nowhere, which is noted.
    func resolve(_ reference: String) -> JSONValue? {
        var pointer = reference
        for _ in 0..<Self.maximumChain {
            guard let value = target(of: pointer) else { return nil }
            guard let next = value["$ref"]?.string, isOld || value.object?.count == 1 else {
                return value
            }
            pointer = next
        }
        leaveUnchecked("it refers to itself", at: reference)
        return nil
    }

    private func target(of pointer: String) -> JSONValue? {
        guard pointer == "#" || pointer.hasPrefix("#/") else {
            leaveUnchecked("what is in another file or behind a name is not read", at: pointer)
            return nil
        }
        var value = root
        for part in pointer.dropFirst(2).split(separator: "/", omittingEmptySubsequences: false)
        where pointer != "#" {
            let name = Self.decoded(part)
                .replacing("~1", with: "/").replacing("~0", with: "~")
            let element = Int(name).flatMap { index in
                value.array.flatMap { $0.indices.contains(index) ? $0[index] : nil }
            }
            guard let next = value[name] ?? element else {
                leaveUnchecked("it refers to nothing", at: pointer)
                return nil
            }
            value = next
        }
        return value
    }

    /// A part of a URL's fragment without its percent signs.
    private static func decoded(_ text: Substring) -> String {
        var bytes: [UInt8] = []
        var rest = text.utf8[...]
        while let byte = rest.popFirst() {
            let digits = rest.prefix(2)
            if byte == UInt8(ascii: "%"), digits.count == 2,
                let value = UInt8(Substring(digits), radix: 16)
            {
                bytes.append(value)
                rest = rest.dropFirst(2)
            } else {
                bytes.append(byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// The schema that a reference leads to; compiled once, by `finish`.
    func schema(_ pointer: String) -> Schema {
        if let known = references[pointer] { return .reference(known) }
        let reference = Schema.Reference(pointer: pointer)
        references[pointer] = reference
        owner?.add(reference)
        waiting.append(reference)
        return .reference(reference)
    }

    /// Compiles what was referred to.
    ///
    /// - Throws: `ContractError` for a document with too many schemas.
    func finish() throws(ContractError) {
        while let reference = waiting.popLast() {
            guard let value = resolve(reference.pointer) else {
                reference.schema = .unchecked
                continue
            }
            reference.schema = try Schema.compile(value, in: self, at: reference.pointer)
        }
        var chains: [ObjectIdentifier: Int] = [:]
        for pointer in references.keys.sorted() {
            if let reference = references[pointer] { _ = chain(from: reference, &chains) }
        }
    }

    /// How many references follow one another for the same value from this one on; those of a
    /// circle, or of a chain that is too long, are left unchecked.
    private func chain(
        from reference: Schema.Reference, _ known: inout [ObjectIdentifier: Int], depth: Int = 0
    ) -> Int {
        let id = ObjectIdentifier(reference)
        // One that is being looked at has a length that is too long.
        if let length = known[id] { return length }
        known[id] = Self.maximumChain
        var length = 0
        if depth < Self.maximumChain {
            for next in reference.schema.sameValue {
                length = max(length, chain(from: next, &known, depth: depth + 1) + 1)
            }
        } else {
            length = Self.maximumChain
        }
        if length >= Self.maximumChain {
            leaveUnchecked("it refers to itself without an end", at: reference.pointer)
            reference.schema = .unchecked
            length = 0
        }
        known[id] = length
        return length
    }

    func error(_ message: String, at place: String) -> ContractError {
        ContractError(file: file, place: place, message: message)
    }
}

extension Schema {
    /// The references that a value of this schema is checked against itself, and not a part of it.
    fileprivate var sameValue: [Reference] {
        switch self {
        case .reference(let reference): [reference]
        case .all(let parts), .anyOf(let parts), .oneOf(let parts): parts.flatMap(\.sameValue)
        case .not(let part): part.sameValue
        case .choice(let condition, let then, let otherwise):
            condition.sameValue + then.sameValue + otherwise.sameValue
        case .discriminated(_, let schemas, let otherwise):
            // In one order, so that the same one of a circle is left unchecked every time.
            schemas.sorted { $0.key.text < $1.key.text }.flatMap(\.value.sameValue)
                + otherwise.sameValue
        default: []
        }
    }
}
