import Glibc

/// A small text beside the database, on disk as a whole or not at all.
struct SmallFile {
    let folder: String
    let name: String

    private static let maximumBytes = 4096

    var path: String { "\(folder)/\(name)" }

    /// The text without the line end; `nil` if there is no such file.
    var text: String? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var bytes = [UInt8](repeating: 0, count: Self.maximumBytes)
        let count = read(descriptor, &bytes, bytes.count)
        let whole = String(decoding: bytes.prefix(max(0, count)), as: UTF8.self)
        return String(whole.prefix { $0 != "\n" })
    }

    /// Writes it; it is on disk when this returns.
    ///
    /// - Throws: `NodeError` if it cannot be written.
    func write(_ text: String) throws(NodeError) {
        let draft = "\(path).new"
        let descriptor = open(draft, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
        let bytes = Array("\(text)\n".utf8)
        let isWritten =
            descriptor >= 0 && Glibc.write(descriptor, bytes, bytes.count) == bytes.count
            && fsync(descriptor) == 0
        let problem = errnoWords()
        if descriptor >= 0 { close(descriptor) }
        guard isWritten, rename(draft, path) == 0 else {
            unlink(draft)
            throw NodeError(
                "\(path) cannot be written: \(isWritten ? errnoWords() : problem)",
                hint: "make room in the folder and make it writable, or name another with "
                    + "--data DIR")
        }
        syncFolder()
    }

    /// Removes it; it is gone from the disk when this returns.
    func remove() {
        if unlink(path) == 0 { syncFolder() }
    }

    private func syncFolder() {
        let descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { return }
        fsync(descriptor)
        close(descriptor)
    }
}
