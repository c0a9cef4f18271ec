import Measurements

/// Text as Markdown takes it.
enum Markdown {
    /// Text that means itself in a line, whatever it holds.
    ///
    /// - Source: GitHub Flavored Markdown 0.29, sections 6.1 to 6.11.
    static func escape(_ text: String) -> String {
        let characters = Array(text.printableLine)
        var result = ""
        for (index, character) in characters.enumerated() {
            let next = index + 1 < characters.count ? characters[index + 1] : " "
            let isMarkup =
                switch character {
                case "`", "*", "~": true
                case "\\": next.isASCII && (next.isPunctuation || next.isSymbol)
                // Inside a word it is one letter of many.
                case "_": !next.isWordPart || index == 0 || !characters[index - 1].isWordPart
                case "<": next.isLetter || "/!?".contains(next)
                case "&": next.isLetter || next == "#"
                case "]": "([".contains(next) || (next == ":" && characters.first == "[")
                default: false
                }
            if isMarkup { result += "\\" }
            result.append(character)
        }
        return result
    }

    /// Text as code in a line.
    static func code(_ text: String) -> String {
        let line = text.printableLine
        var (longest, run) = (0, 0)
        for character in line {
            run = character == "`" ? run + 1 : 0
            longest = max(longest, run)
        }
        // A fence is longer than what stands inside, and a space apart from it.
        let fence = String(repeating: "`", count: longest + 1)
        let space = longest > 0 ? " " : ""
        return "\(fence)\(space)\(line)\(space)\(fence)"
    }

    /// A table whose first row is the head; empty if there is no other.
    ///
    /// - Parameter isEscaped: whether the cells are Markdown already.
    static func table(_ rows: [[String]], isEscaped: Bool = false) -> String {
        guard let head = rows.first, rows.count > 1 else { return "" }
        func line(_ cells: [String]) -> String {
            let cells = cells.map { cell in
                (isEscaped ? cell : escape(cell)).replacing("|", with: "\\|")
            }
            return "| \(cells.joined(separator: " | ")) |\n"
        }
        return line(head) + line(head.map { _ in "---" })
            + rows.dropFirst().map(line).joined()
    }
}

extension Character {
    fileprivate var isWordPart: Bool { isLetter || isNumber || self == "_" }
}
