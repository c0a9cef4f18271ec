/// The line ranges of functions, initializers and computed properties, by their indentation, which
/// the formatter guarantees: a body ends at the first closing brace in its declaration's column.
func functions(in lines: [String]) -> [Range<Int>] {
    lines.indices.compactMap { start in
        guard isDeclaration(lines[start]) else { return nil }
        let column = indentation(lines[start])
        guard let opening = bodyOpening(in: lines, from: start, column: column) else { return nil }
        if lines[opening].hasSuffix("}") { return start..<(opening + 1) }
        let end = lines[(opening + 1)...].firstIndex {
            indentation($0) == column && $0.dropFirst(column).hasPrefix("}")
        }
        return end.map { start..<($0 + 1) }
    }
}

/// Whether a line begins a function, an initializer or a property with a type, behind attributes
/// and modifiers; by hand, since a regular expression takes seconds for all lines of the tree.
func isDeclaration(_ line: String) -> Bool {
    for word in line.split(separator: " ") {
        if declares(word) { return true }
        guard word.utf8.allSatisfy({ isSmall($0) || [0x40, 0x28, 0x29, 0x5f].contains($0) }) else {
            return false
        }
        if word == "var" { return line.contains(": ") }
    }
    return false
}

private func declares(_ word: Substring) -> Bool {
    word == "func" || word.hasPrefix("deinit") || word.hasPrefix("subscript")
        || word.hasPrefix("init") && "[?(<".contains(word.dropFirst(4).first ?? " ")
}

private func isSmall(_ byte: UInt8) -> Bool { (0x61...0x7a).contains(byte) }

/// The line in which the body's brace opens; `nil` for a declaration without a body.
private func bodyOpening(in lines: [String], from start: Int, column: Int) -> Int? {
    for index in start..<lines.count {
        let line = lines[index]
        if line.hasSuffix("{") || line.hasSuffix("}") && line.contains("{") { return index }
        if line.hasSuffix(" in"), line.contains(/\{ [a-z, ]+ in$/) { return nil }
        let isContinued = line.hasSuffix("(") || line.hasSuffix(",") || line.hasSuffix("->")
        guard index + 1 < lines.count else { return nil }
        let next = lines[index + 1]
        guard isContinued || indentation(next) > column || next.dropFirst(column).hasPrefix(")")
        else { return nil }
    }
    return nil
}

private func indentation(_ line: String) -> Int { line.prefix { $0 == " " }.count }
