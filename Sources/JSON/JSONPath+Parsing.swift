extension JSONPath: CustomStringConvertible {
    /// Reads `$`, `$.name`, `$.name[0]`, `$['any name']` and their chains.
    ///
    /// - Throws: `JSONError` with the column.
    public init(parsing text: String) throws(JSONError) {
        var parts: [Part] = []
        guard text.first == "$" else {
            throw JSONError(message: "a JSON path begins with $", line: 1, column: 1)
        }
        var rest = text.dropFirst()
        while let first = rest.first {
            let column = text.distance(from: text.startIndex, to: rest.startIndex) + 1
            if first == "." {
                let name = rest.dropFirst().prefix { $0 != "." && $0 != "[" }
                guard !name.isEmpty else {
                    throw JSONError(
                        message: "a name must follow the point", line: 1, column: column)
                }
                parts.append(.name(String(name)))
                rest = rest[name.endIndex...]
            } else if first == "[", let end = rest.firstIndex(of: "]") {
                let inside = rest[rest.index(after: rest.startIndex)..<end]
                if let index = Int(inside), index >= 0 {
                    parts.append(.index(index))
                } else if inside.count > 2, inside.first == inside.last,
                    inside.first == "'" || inside.first == "\""
                {
                    parts.append(.name(String(inside.dropFirst().dropLast())))
                } else {
                    throw JSONError(
                        message: "an index or a quoted name must stand in the brackets", line: 1,
                        column: column)
                }
                rest = rest[rest.index(after: end)...]
            } else {
                throw JSONError(
                    message: "only .name, [index] and ['name'] can follow", line: 1, column: column)
            }
        }
        self.init(parts: parts)
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

    /// The path as it is written.
    public var description: String {
        parts.reduce("$") { text, part in
            switch part {
            case .name(let name) where name.allSatisfy { $0.isLetter || $0.isNumber || $0 == "_" }:
                "\(text).\(name)"
            case .name(let name): "\(text)['\(name)']"
            case .index(let index): "\(text)[\(index)]"
            }
        }
    }
}
