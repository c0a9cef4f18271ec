/// The number of parameters of each function, initializer and subscript, with its line, from 1.
func parameterCounts(in lines: [String]) -> [(line: Int, count: Int)] {
    lines.indices.compactMap { start in
        guard isDeclaration(lines[start]),
            let head = lines[start].firstMatch(of: /\b(func [^(]*|(init\??|subscript)(<[^(]*>)?)\(/)
        else { return nil }
        let first = lines[start][head.range.upperBound...]
        return (start + 1, parameters(of: first, lines[(start + 1)...]))
    }
}

/// Each has one colon outside of the brackets and texts of its type and default.
private func parameters(of first: Substring, _ others: ArraySlice<String>) -> Int {
    var (count, depth) = (0, 0)
    for line in [first] + others.map({ $0[...] }) {
        var isText = false
        for character in line {
            if character == "\"" { isText.toggle() }
            guard !isText else { continue }
            switch character {
            case "(", "[", "{": depth += 1
            case ")" where depth == 0: return count
            case ")", "]", "}": depth -= 1
            case ":" where depth == 0: count += 1
            default: break
            }
        }
    }
    return count
}
