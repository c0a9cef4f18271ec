extension JSONPath: CustomStringConvertible {
    /// Reads `$`, `$.name`, `$.name[0]`, `$['any name']` and their chains; in quotes, a backslash
    /// stands before a quote or a backslash that is part of the name.
    ///
    /// - Throws: `JSONError` with the column.
    public init(parsing text: String) throws(JSONError) {
        var parts: [Part] = []
        // By scalars, or a mark behind a quote would be one character with it.
        var rest = Substring.UnicodeScalarView(text.unicodeScalars)
        func problem(_ message: String) -> JSONError {
            JSONError(
                message: message, line: 1,
                column: text.unicodeScalars.count - rest.count + 1)
        }
        guard rest.popFirst() == "$" else {
            throw JSONError(message: "a JSON path begins with $", line: 1, column: 1)
        }
        while let first = rest.first {
            if first == "." {
                let name = rest.dropFirst().prefix { $0 != "." && $0 != "[" }
                guard !name.isEmpty else { throw problem("a name must follow the point") }
                parts.append(.name(String(name)))
                rest = rest[name.endIndex...]
            } else if first == "[" {
                guard let (part, length) = Self.bracket(rest) else {
                    throw problem("an index or a quoted name must stand in the brackets")
                }
                parts.append(part)
                rest = rest.dropFirst(length)
            } else {
                throw problem("only .name, [index] and ['name'] can follow")
            }
        }
        self.init(parts: parts)
    }

    /// What stands in the brackets that `text` begins with, and how many scalars they take; `nil`
    /// if that is neither an index nor a quoted name.
    private static func bracket(
        _ text: Substring.UnicodeScalarView
    ) -> (part: Part, length: Int)? {
        let inside = text.dropFirst()
        guard let quote = inside.first, quote == "'" || quote == "\"" else {
            let digits = inside.prefix { $0 != "]" }
            guard let index = Int(String(digits)), index >= 0, digits.endIndex < inside.endIndex
            else { return nil }
            return (.index(index), digits.count + 2)
        }
        var (name, length, isEscaped) = (String.UnicodeScalarView(), 2, false)
        for scalar in inside.dropFirst() {
            length += 1
            if !isEscaped, scalar == quote {
                let isClosed = text.dropFirst(length).first == "]"
                return isClosed && !name.isEmpty ? (.name(String(name)), length + 1) : nil
            }
            isEscaped = !isEscaped && scalar == "\\"
            if !isEscaped { name.append(scalar) }
        }
        return nil
    }

    /// The value at this place; `nil` if there is none.
    public func value(in root: JSONValue) -> JSONValue? {
        var value = root
        for part in parts {
            switch part {
            case .name(let name):
                guard let next = value[name] else { return nil }
                value = next
            case .index(let index):
                guard let list = value.array, index < list.count else { return nil }
                value = list[index]
            }
        }
        return value
    }

    /// The path as it is written; reading it gives the same path.
    public var description: String {
        parts.reduce("$") { text, part in
            switch part {
            case .name(let name) where Self.isPlain(name): "\(text).\(name)"
            case .name(let name): "\(text)['\(Self.escaped(name))']"
            case .index(let index): "\(text)[\(index)]"
            }
        }
    }

    private static func isPlain(_ name: String) -> Bool {
        !name.isEmpty && name.allSatisfy { $0.isLetter || $0.isNumber || $0 == "_" }
    }

    private static func escaped(_ name: String) -> String {
        var text = String.UnicodeScalarView()
        for scalar in name.unicodeScalars {
            if scalar == "'" || scalar == "\\" { text.append("\\") }
            text.append(scalar)
        }
        return String(text)
    }
}
