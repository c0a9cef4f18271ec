import Glibc

/// A file that grows by whole lines; its owner alone can read it.
final class LineFile {
    private let path: String
    private let descriptor: Int32
    private var pending: [UInt8] = []
    private var checksum = Checksum()
    private var (sizeBytes, lineCount) = (0, 0)
    private var isSealed = true

    init(_ path: String) throws(EvidenceError) {
        self.path = path
        descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_APPEND | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw Self.error(path, errno) }
    }

    /// Its name in the folder.
    var name: String { String(path.split(separator: "/").last ?? "") }

    /// Adds whole lines.
    func append(_ text: String) { pending += text.utf8 }

    /// Adds bytes that are no lines.
    func append(_ bytes: [UInt8]) { pending += bytes }

    /// What it holds, where that is more than the last time; `nil` if it is not.
    ///
    /// Everything must have been flushed.
    func takeContent() -> EvidenceSeal.Content? {
        guard !isSealed else { return nil }
        isSealed = true
        return EvidenceSeal.Content(bytes: sizeBytes, lines: lineCount, digest: checksum.seal)
    }

    func flush() throws(EvidenceError) {
        guard !pending.isEmpty else { return }
        var rest = pending[...]
        pending = []
        rest.withUnsafeBytes { checksum.add($0) }
        sizeBytes += rest.count
        lineCount += rest.count { $0 == UInt8(ascii: "\n") }
        isSealed = false
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw Self.error(path, errno) }
            rest = rest.dropFirst(count)
        }
    }

    func close() { _ = Glibc.close(descriptor) }

    /// Takes the file away, unless it is a device or a pipe, which was there before.
    func removeIfRegular() {
        var status = stat()
        if fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG { unlink(path) }
    }

    private static func error(_ path: String, _ number: Int32) -> EvidenceError {
        EvidenceError(
            place: path, message: "cannot be written: \(RunFolder.words(of: number))",
            hint: number == ENOSPC
                ? "free some room on this disk" : "name another folder with --out DIR")
    }
}
