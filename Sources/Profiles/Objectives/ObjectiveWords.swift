/// The words of an objective: the claim, and the clauses after it.
struct ObjectiveWords {
    /// A word, and whether it stood in quotes, so that it is a name whatever it says.
    struct Word: Equatable {
        var text: String
        var isQuoted = false
    }

    /// What may stand after a claim.
    enum Clause: String, CaseIterable {
        case on
        case `in`
        case within
        case at
        case abort

        /// How it is written.
        var form: String {
            switch self {
            case .on: "on OPERATION"
            case .in: "in PHASE"
            case .within: "within any 10s"
            case .at: "at 99%"
            case .abort: "abort"
            }
        }
    }

    /// The words before the first clause.
    let claim: [String]
    /// Each clause with its words, in their order.
    let clauses: [(clause: Clause, words: [String])]

    /// Splits a text; `nil` if a quote is not closed.
    init?(_ text: String) {
        guard let words = Self.split(text) else { return nil }
        var claim: [String] = []
        var clauses: [(clause: Clause, words: [String])] = []
        for word in words {
            let clause = word.isQuoted || claim.isEmpty ? nil : Clause(rawValue: word.text)
            if let clause {
                clauses.append((clause, []))
            } else if clauses.isEmpty {
                claim.append(word.text)
            } else {
                clauses[clauses.count - 1].words.append(word.text)
            }
        }
        self.claim = claim
        self.clauses = clauses
    }

    /// Words between white space, where quotes keep one together and a backslash takes the next
    /// character as it is.
    private static func split(_ text: String) -> [Word]? {
        var words: [Word] = []
        var present: Word?
        var isOpen = false
        var rest = text[...]
        while let character = rest.popFirst() {
            if character == "\"", isOpen || present == nil {
                isOpen.toggle()
                if isOpen { present = Word(text: "", isQuoted: true) }
            } else if isOpen, character == "\\", let next = rest.popFirst() {
                present?.text.append(next)
            } else if character.isWhitespace, !isOpen {
                if let word = present { words.append(word) }
                present = nil
            } else {
                present = present ?? Word(text: "")
                present?.text.append(character)
            }
        }
        if let present { words.append(present) }
        return isOpen ? nil : words
    }

    /// A name as it is read again: in quotes where it holds a word of the language, or white space
    /// that would not be kept.
    static func quoted(_ name: String) -> String {
        let words = name.split(separator: " ", omittingEmptySubsequences: false)
        let isPlain =
            !name.contains("\"")
            && words.allSatisfy { word in
                !word.isEmpty && Clause(rawValue: String(word)) == nil
                    && !word.contains(where: \.isWhitespace)
            }
        if isPlain { return name }
        let escaped = name.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"")
        return "\"\(escaped)\""
    }
}
