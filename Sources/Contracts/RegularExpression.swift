import CPCRE2

/// A regular expression in Perl's syntax over the bytes of an answer, compiled once.
///
/// What is not UTF-8 in the bytes fits nothing but is passed over. A search that would take too
/// many steps ends without a match, so that no expression can stop the load.
public final class RegularExpression: @unchecked Sendable {
    // Sendable: the compiled expression and the limits never change after `init`, and matching only
    // reads them.
    /// The expression as written.
    public let text: String
    private let code: OpaquePointer
    private let limits: OpaquePointer

    /// The most steps of a search.
    private static let maximumSteps: UInt32 = 1_000_000

    /// Compiles an expression.
    ///
    /// - Throws: `ContractError` with the column where it is none.
    public init(_ text: String) throws(ContractError) {
        self.text = text
        var (number, offset) = (Int32(0), 0)
        let bytes = Array(text.utf8)
        let options = PCRE2_UTF | PCRE2_MATCH_INVALID_UTF
        let code = pcre2_compile_8(bytes, bytes.count, options, &number, &offset, nil)
        guard let code, let limits = pcre2_match_context_create_8(nil) else {
            var message = [UInt8](repeating: 0, count: 256)
            pcre2_get_error_message_8(number, &message, message.count)
            throw ContractError(
                file: text, place: "column \(offset + 1)",
                message: String(decoding: message.prefix { $0 != 0 }, as: UTF8.self))
        }
        self.code = code
        self.limits = limits
        pcre2_set_match_limit_8(limits, Self.maximumSteps)
        // Without the just-in-time compiler the same search is interpreted.
        _ = pcre2_jit_compile_8(code, PCRE2_JIT_COMPLETE)
    }

    deinit {
        pcre2_match_context_free_8(limits)
        pcre2_code_free_8(code)
    }

    /// Where the first match is: its first group, or the whole of it where it has no group.
    ///
    /// `nil` if nothing matches, or where the group took no part.
    public func firstMatch(in bytes: UnsafeBufferPointer<UInt8>) -> Range<Int>? {
        guard let match = pcre2_match_data_create_from_pattern_8(code, nil) else { return nil }
        defer { pcre2_match_data_free_8(match) }
        let count = search(bytes, match)
        guard count > 0, let places = pcre2_get_ovector_pointer_8(match) else { return nil }
        let group = pcre2_get_ovector_count_8(match) > 1 ? 1 : 0
        guard group < count, places[2 * group] <= places[2 * group + 1] else { return nil }
        return places[2 * group]..<places[2 * group + 1]
    }

    /// Whether it fits somewhere in the bytes.
    public func matches(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        guard let match = pcre2_match_data_create_8(1, nil) else { return false }
        defer { pcre2_match_data_free_8(match) }
        return search(bytes, match) >= 0
    }

    /// The number of groups that have a place, or below 0.
    private func search(_ bytes: UnsafeBufferPointer<UInt8>, _ match: OpaquePointer) -> Int {
        var nothing: UInt8 = 0
        return withUnsafePointer(to: &nothing) { empty in
            let start = bytes.baseAddress ?? empty
            var result = pcre2_match_8(code, start, bytes.count, 0, 0, match, limits)
            // The compiled code has a small stack; the interpreter takes what it needs.
            if result == PCRE2_ERROR_JIT_STACKLIMIT {
                result = pcre2_match_8(
                    code, start, bytes.count, 0, PCRE2_NO_JIT, match, limits)
            }
            return Int(result)
        }
    }
}
