/// A text taken apart at its slots: `${name}`, `${uuid}`, `${int(1,100)}`; `$${` is a plain `${`.
public struct SlotText: Sendable, Equatable {
    /// A stretch of the text.
    public enum Part: Sendable, Equatable {
        /// Text as it stands.
        case text(String)
        /// What is put in for each request.
        case slot(Slot)
    }

    /// What a slot is filled with.
    public enum Slot: Sendable, Equatable {
        /// A value saved by an earlier step of the iteration.
        case variable(String)
        /// A column of the iteration's row of a data feed: `${users.name}`.
        case column(feed: String, column: String)
        /// `${env:NAME}`, read when the run starts and never written to evidence.
        case environment(String)
        /// The number of the iteration.
        case iteration
        /// The number of the virtual user.
        case user
        /// A version 4 UUID, new in every run.
        case uuid
        /// `${int(1,100)}`, both included.
        case integer(ClosedRange<Int64>)
        /// `${string(8)}`: letters and digits.
        case string(Int)
        /// Seconds since 1970.
        case timestamp
        /// Milliseconds since 1970.
        case timestampMilliseconds
        /// The time as 2026-01-31T12:00:00.000Z.
        case iso
        /// `${checked:key}`: the key of the iteration, of this run alone.
        case checkedKey
        /// `${checked:value}`: the value that a checked step writes, a number of 16 digits that no
        /// other write has.
        case checkedValue
        /// `${checked:next}`: the mark of the next page of a list.
        case checkedNext
    }

    /// Why a text with `${` in it is none.
    struct Problem: Error {
        let message: String
    }

    /// The stretches, in order.
    public var parts: [Part]
    /// Whether it was `${name|json}`: one slot that a JSON body takes as JSON, not as a string.
    public var isUnquoted = false

    /// The built-in slots, as they are written.
    static let builtIns = [
        "iteration", "user", "uuid", "int(1,100)", "string(8)", "timestamp", "timestamp_ms", "iso",
        "env:NAME",
    ]
    private static let maximumCharacters: Int64 = 65_536

    /// Takes a text apart that the decoder has let through; as it stands where it is no such text.
    public init(_ text: String, isJSON: Bool = false) {
        do { self = try SlotText(parsing: text, isJSON: isJSON) } catch {
            parts = [.text(text)]
        }
    }

    /// A text from its stretches.
    public init(parts: [Part]) { self.parts = parts }

    /// Whether anything in it varies.
    public var hasSlots: Bool {
        parts.contains { if case .slot = $0 { true } else { false } }
    }

    init(parsing whole: String, isJSON: Bool = false) throws(Problem) {
        var text = whole
        if isJSON, text.hasPrefix("${"), text.hasSuffix("|json}"),
            text.firstIndex(of: "}") == text.index(before: text.endIndex)
        {
            text = text.dropLast("|json}".count) + "}"
            isUnquoted = true
        }
        var parts: [Part] = []
        var plain = ""
        var rest = text[...]
        while let open = rest.firstRange(of: "${") {
            let before = rest[..<open.lowerBound]
            if before.last == "$" {
                plain += before.dropLast() + "${"
                rest = rest[open.upperBound...]
                continue
            }
            guard let close = rest[open.upperBound...].firstIndex(of: "}") else {
                throw Problem(message: "\"\(text)\" has ${ without its }")
            }
            plain += before
            if !plain.isEmpty { parts.append(.text(plain)) }
            plain = ""
            parts.append(.slot(try Self.slot(String(rest[open.upperBound..<close]))))
            rest = rest[rest.index(after: close)...]
        }
        plain += rest
        if !plain.isEmpty { parts.append(.text(plain)) }
        self.parts = parts
    }

    private static func slot(_ name: String) throws(Problem) -> Slot {
        if name.hasSuffix("|json") {
            throw Problem(
                message:
                    "${\(name)} can only be a whole text of a JSON body, with nothing beside it")
        }
        switch name {
        case "iteration": return .iteration
        case "user": return .user
        case "uuid": return .uuid
        case "timestamp": return .timestamp
        case "timestamp_ms": return .timestampMilliseconds
        case "iso": return .iso
        case "checked:key": return .checkedKey
        case "checked:value": return .checkedValue
        case "checked:next": return .checkedNext
        default: break
        }
        if name.hasPrefix("env:"), name.count > 4 { return .environment(String(name.dropFirst(4))) }
        if name.hasSuffix(")"), let open = name.firstIndex(of: "(") {
            let inside = name[name.index(after: open)...].dropLast()
            let numbers = inside.split(separator: ",", omittingEmptySubsequences: false).map {
                Int64(String($0).replacing(" ", with: ""))
            }
            return try function(String(name[..<open]), numbers, name)
        }
        if let point = name.firstIndex(of: ".") {
            return .column(
                feed: String(name[..<point]), column: String(name[name.index(after: point)...]))
        }
        return .variable(name)
    }

    private static func function(
        _ name: String, _ numbers: [Int64?], _ text: String
    ) throws(Problem) -> Slot {
        switch name {
        case "int":
            guard numbers.count == 2, let low = numbers[0], let high = numbers[1], low <= high
            else {
                throw Problem(message: "${\(text)} wants two whole numbers, the less first")
            }
            return .integer(low...high)
        case "string":
            guard numbers.count == 1, let count = numbers[0],
                (1...maximumCharacters).contains(count)
            else {
                throw Problem(message: "${\(text)} wants a length from 1 to \(maximumCharacters)")
            }
            return .string(Int(count))
        default:
            throw Problem(
                message: "${\(text)} is no built-in; with brackets there are int(1,100) and "
                    + "string(8)")
        }
    }
}
