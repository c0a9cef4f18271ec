import Glibc

/// What the database's file was when the node stopped in order; the file `clean` has it until the
/// next start.
///
/// SQLite checks the structure of its pages, and nothing of the values in them. A stop in order
/// leaves everything in one file, whose checksum takes 0.1 s for a million records.
struct CleanStop: Equatable {
    /// The checksum of SQLite's header, of 100 bytes, which changes when a program that uses
    /// SQLite changes more than a few values.
    private let header: String
    /// The checksum of the whole file; `nil` above 256 MiB.
    private let whole: String?

    /// How a file compares to what it was.
    enum Finding { case same, changed, damaged }

    private static let headerBytes = 100
    private static let partBytes = 1 << 20
    /// More takes longer to read than a start may take.
    private static let maximumBytes = 256 << 20

    /// What a file is now; `nil` if it cannot be read.
    init?(of path: String) {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var digest: [UInt8] = []
        var header: [UInt8]?
        var size = 0
        var bytes = [UInt8](repeating: 0, count: Self.partBytes)
        while size <= Self.maximumBytes {
            let count = read(descriptor, &bytes, bytes.count)
            if count < 0 { return nil }
            if count == 0 { break }
            if header == nil {
                header = ContentID.sha256(Array(bytes.prefix(min(count, Self.headerBytes))))
            }
            // Each part together with the checksum of those before it.
            digest = ContentID.sha256(digest + bytes.prefix(count))
            size += count
        }
        guard let header else { return nil }
        self.header = Self.digits(header)
        whole = size <= Self.maximumBytes ? Self.digits(digest) : nil
    }

    private static func digits(_ bytes: [UInt8]) -> String {
        bytes.map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
    }

    /// What `text` has written; `nil` for anything else.
    init?(_ text: String) {
        let parts = text.split(separator: " ").map(String.init)
        guard parts.count == 2 else { return nil }
        header = parts[0]
        whole = parts[1] == "-" ? nil : parts[1]
    }

    var text: String { "\(header) \(whole ?? "-")" }

    /// How a later look compares; `changed` if that cannot be told from this.
    func compare(_ later: CleanStop) -> Finding {
        guard later.header == header, let whole else { return .changed }
        return later.whole == whole ? .same : .damaged
    }
}
