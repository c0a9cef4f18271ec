import Glibc

/// What makes a data folder one node's: a lock on the file `lock` in it.
///
/// The kernel lets it go with the last process that holds the descriptor, however that ends. A
/// supervisor hands its own to its workers, so that no other node comes between two of them.
public final class FolderLock: Sendable {
    /// The descriptor, for a supervisor to hand on.
    public let raw: Int32
    /// Whether this object took the lock; one that was handed on is the parent's to let go.
    private let isTaken: Bool

    /// Locks a folder.
    ///
    /// - Throws: `NodeError` if another process has it, or the folder cannot be written.
    public init(folder: String) throws(NodeError) {
        let path = "\(folder)/lock"
        isTaken = true
        raw = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
        guard raw >= 0 else {
            throw NodeError(
                "\(path) cannot be written: \(errnoWords())",
                hint: "make the folder writable, or name another with --data DIR")
        }
        guard flock(raw, LOCK_EX | LOCK_NB) == 0 else {
            let problem = errno
            let owner = Self.owner(raw)
            guard problem == EWOULDBLOCK else {
                throw NodeError(
                    "\(path) cannot be locked: \(String(cString: strerror(problem)))",
                    hint: "name a folder on another file system with --data DIR")
            }
            throw NodeError(
                "the data folder \(folder) is used by the moonbase with process id \(owner)",
                hint: "end that one, or name another folder with --data DIR")
        }
        let words = "\(getpid())\n"
        ftruncate(raw, 0)
        pwrite(raw, words, words.utf8.count, 0)
    }

    /// A lock that the parent process has handed on.
    public init(descriptor: Int32) {
        raw = descriptor
        isTaken = false
    }

    /// What the file says; the lock is taken a moment before that is written.
    private static func owner(_ descriptor: Int32) -> String {
        var bytes = [UInt8](repeating: 0, count: 16)
        let count = pread(descriptor, &bytes, bytes.count, 0)
        let text = String(decoding: bytes.prefix(max(0, count)), as: UTF8.self)
        return pid_t(text.prefix { $0 != "\n" }).map { String($0) } ?? "unknown"
    }

    deinit {
        // A process that was just started holds the descriptor as well, until it runs its program.
        if isTaken { flock(raw, LOCK_UN) }
        close(raw)
    }
}
