/// Breaks long lines of text between words.
enum TextWrap {
    /// The text with each line that is wider than `columns` broken at its spaces; what follows
    /// stands two columns further in than the line does.
    ///
    /// A word that is wider than the rest of a line stays whole. Escape sequences take no column.
    static func text(_ text: String, columns: Int) -> String {
        text.split(separator: "\n", omittingEmptySubsequences: false)
            .map { line($0, columns: columns) }.joined(separator: "\n")
    }

    private static func line(_ line: Substring, columns: Int) -> String {
        guard width(line) > columns else { return String(line) }
        let indent = line.prefix { $0 == " " }
        var lines: [String] = []
        var current = String(indent)
        var isEmpty = true
        for word in words(of: line.dropFirst(indent.count)) {
            if !isEmpty, !word.isEmpty, width(current[...]) + 1 + width(word) > columns {
                lines.append(current)
                (current, isEmpty) = (indent + "  ", true)
            }
            current += (isEmpty ? "" : " ") + word
            isEmpty = false
        }
        return (lines + [current]).joined(separator: "\n")
    }

    /// What stays together: a number and its unit.
    ///
    /// Of spaces in a row all but one are empty words.
    private static func words(of line: Substring) -> [Substring] {
        var words: [Substring] = []
        for word in line.split(separator: " ", omittingEmptySubsequences: false) {
            let isUnit = units.contains(word.filter { !",.;:()".contains($0) })
            if isUnit, let number = words.last, number.last?.isNumber == true {
                words[words.count - 1] = line[number.startIndex..<word.endIndex]
            } else {
                words.append(word)
            }
        }
        return words
    }

    private static let units: Set<String> = [
        "ns", "µs", "ms", "s", "min", "h", "%", "B", "KiB", "MiB", "GiB",
    ]

    private static func width(_ text: Substring) -> Int {
        var (count, isEscape) = (0, false)
        for character in text {
            if character == "\u{1B}" { isEscape = true }
            if !isEscape { count += 1 }
            if isEscape, character == "m" { isEscape = false }
        }
        return count
    }
}
