import Glibc

/// A regular expression of a schema, which is ECMA's, in the C library's extended syntax.
final class Pattern: @unchecked Sendable {
    // Sendable: the compiled expression never changes after `init`, and regexec only reads it.
    let text: String
    private let compiled: UnsafeMutablePointer<regex_t>

    /// `nil` if the expression is not one, or has what the extended syntax cannot say.
    init?(_ text: String) {
        guard let extended = Self.extended(text) else { return nil }
        let expression = UnsafeMutablePointer<regex_t>.allocate(capacity: 1)
        expression.initialize(to: regex_t())
        // `self` is whole only once both properties are set; to fail later would run `deinit`.
        guard regcomp(expression, extended, REG_EXTENDED | REG_NOSUB) == 0 else {
            expression.deallocate()
            return nil
        }
        self.text = text
        compiled = expression
    }

    deinit {
        regfree(compiled)
        compiled.deallocate()
    }

    func matches(_ text: String) -> Bool {
        // A C string ends at NUL, so a text that holds one would be judged by its beginning alone.
        !text.utf8.contains(0) && regexec(compiled, text, 0, nil, 0) == 0
    }

    /// The expression with `\d` and its like written as classes; `nil` for `(?` and for escapes
    /// that the extended syntax would silently take for another thing.
    private static func extended(_ text: String) -> String? {
        let classes: [Character: String] = ["d": "0-9", "w": "A-Za-z0-9_", "s": "[:space:]"]
        let plain = "/.-^$*+?()[]{}|\\"
        var result = ""
        var isInBrackets = false
        var rest = text[...]
        while let character = rest.popFirst() {
            switch character {
            case "\\":
                guard let escaped = rest.popFirst() else { return nil }
                let isNegated = escaped.isUppercase
                if let set = classes[Character(escaped.lowercased())] {
                    if isInBrackets, isNegated { return nil }
                    result += isInBrackets ? set : isNegated ? "[^\(set)]" : "[\(set)]"
                } else if isInBrackets {
                    // A backslash in brackets is a letter of its own there.
                    guard "/.$*+?(){}|".contains(escaped) else { return nil }
                    result.append(escaped)
                } else {
                    guard plain.contains(escaped) else { return nil }
                    result += escaped == "/" || escaped == "-" ? "\(escaped)" : "\\\(escaped)"
                }
                continue
            case "[" where !isInBrackets: isInBrackets = true
            case "]": isInBrackets = false
            case "(" where !isInBrackets && rest.first == "?": return nil
            default: break
            }
            result.append(character)
        }
        return result
    }
}
