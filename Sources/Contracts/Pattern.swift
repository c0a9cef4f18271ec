import Glibc

/// A regular expression of a schema, in the C library's extended syntax.
final class Pattern: @unchecked Sendable {
    // Sendable: the compiled expression never changes after `init`, and regexec only reads it.
    let text: String
    private let compiled: UnsafeMutablePointer<regex_t>

    /// Absent where the expression is not one.
    init?(_ text: String) {
        self.text = text
        compiled = .allocate(capacity: 1)
        compiled.initialize(to: regex_t())
        guard regcomp(compiled, text, REG_EXTENDED | REG_NOSUB) == 0 else {
            compiled.deallocate()
            return nil
        }
    }

    deinit {
        regfree(compiled)
        compiled.deallocate()
    }

    func matches(_ text: String) -> Bool {
        // A C string ends at NUL, so a text that holds one would be judged by its beginning alone.
        !text.utf8.contains(0) && regexec(compiled, text, 0, nil, 0) == 0
    }
}
