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
        for word in line.dropFirst(indent.count).split(separator: " ") {
            if !isEmpty, width(current[...]) + 1 + width(word) > columns {
                lines.append(current)
                (current, isEmpty) = (indent + "  ", true)
            }
            current += (isEmpty ? "" : " ") + word
            isEmpty = false
        }
        return (lines + [current]).joined(separator: "\n")
    }

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
