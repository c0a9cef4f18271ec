/// The path of a file in a filesystem, brought to its one form.
enum FilePath {
    /// `/a/b` for `/a/./x/../b`.
    ///
    /// - Throws: `Refusal` 400 where it leaves the root, holds NUL, or names a folder.
    static func normal(_ path: String) throws(Refusal) -> String {
        // By code points: a slash with an accent on it is no other letter here.
        let path = path.unicodeScalars
        guard path.first == "/" else { throw Refusal(400, "a path begins with /") }
        guard !path.contains("\0") else { throw Refusal(400, "a path holds no NUL") }
        var parts: [String] = []
        let segments = path.split(separator: "/", omittingEmptySubsequences: false).map {
            String($0)
        }
        for segment in segments {
            switch segment {
            case "", ".": continue
            case "..":
                guard parts.popLast() != nil else {
                    throw Refusal(400, "the path leaves the root")
                }
            default: parts.append(segment)
            }
        }
        guard !parts.isEmpty, !["", ".", ".."].contains(segments[segments.count - 1]) else {
            throw Refusal(400, "the path names a folder")
        }
        return "/" + parts.joined(separator: "/")
    }

    /// The folders above a path in its one form, the innermost last.
    static func parents(of path: String) -> [String] {
        let parts = segments(of: path).dropLast()
        return parts.indices.map { "/" + parts[...$0].joined(separator: "/") }
    }

    static func name(of path: String) -> String {
        segments(of: path).last ?? ""
    }

    private static func segments(of path: String) -> [String] {
        path.unicodeScalars.split(separator: "/").map { String($0) }
    }
}
