import Glibc
import MoonbaseNode

/// Structured lines on standard error, from a level on.
struct Log {
    private let least: Int

    /// - Parameter level: one of `NodeConfiguration.levels`.
    init(least level: String) {
        least = NodeConfiguration.levels.firstIndex(of: level) ?? 0
    }

    /// Writes a line of JSON whole, so that threads do not mix theirs.
    var sink: @Sendable (_ level: String, _ line: String) -> Void {
        let least = least
        return { level, line in
            guard (NodeConfiguration.levels.firstIndex(of: level) ?? 0) >= least else { return }
            let bytes = Array("\(line)\n".utf8)
            _ = write(2, bytes, bytes.count)
        }
    }
}
