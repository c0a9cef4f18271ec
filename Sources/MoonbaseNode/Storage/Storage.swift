import CUnsyncedFiles
import EventLoops
import Glibc

/// The node's data on disk: one writer with group commit, a pool of readers, and checkpoints in the
/// background.
final class Storage: Sendable {
    /// A change, and what to do with its answer once that is on disk.
    struct Write: Sendable {
        let body: @Sendable (Database) throws(Refusal) -> Change
        /// Whether it is carried out however long it has waited.
        var isPatient = false
        /// Whether it is still wanted; asked once, just before it is carried out.
        var claim: @Sendable () -> Bool = { true }
        let ended: @Sendable (Result<Answer, Refusal>) -> Void
    }

    /// How it is opened.
    struct Settings: Sendable {
        var folder: String
        /// The folder's lock; `nil` to take it.
        var lock: FolderLock?
        /// The name of SQLite's access to files; `nil` for the system's own.
        var vfs: String?
        var readers = 2
        /// Whether each write has a commit of its own, to compare with.
        var hasGroupCommit = true
        /// What it measures time by.
        var clock = MonotonicClock.system
        /// What goes wrong on purpose.
        var fault: (@Sendable () -> String?)?
    }

    let settings: Settings
    let path: String
    let writes = Locked(StorageQueue<Write>())
    let reads = Locked(StorageQueue<@Sendable (Reader) -> Void>())
    let health = Locked(StorageHealth())
    /// Changes that nobody waits for and that could not be made yet, in order.
    private let unsaved = Locked<[@Sendable (Database) throws(Refusal) -> Change]>([])
    let log: @Sendable (String, String) -> Void
    /// Whether the last process did not close its data.
    let wasUnclean: Bool
    /// Whether the file is known to be what it was when the data was closed.
    let isVerified: Bool
    private let lock: Locked<FolderLock?>

    /// More than that waiting is overload: 503.
    static let maximumWaiting = 10_000
    static let maximumInCommit = 512

    /// Opens the storage of a folder, brings it to the present form, and starts its threads.
    ///
    /// - Throws: `NodeError` where the folder cannot be used.
    init(
        _ settings: Settings, log: @escaping @Sendable (String, String) -> Void = { _, _ in }
    ) throws(NodeError) {
        if settings.vfs != nil {
            _ = unsynced_files_register()
            _ = unsynced_files_report("\(settings.folder)/unsynced-bytes")
        }
        self.settings = settings
        self.log = log
        if let given = settings.lock {
            lock = Locked(given)
        } else {
            lock = Locked(try FolderLock(folder: settings.folder))
        }
        path = "\(settings.folder)/moonbase.sqlite"
        let files = FolderFiles(folder: settings.folder, database: path)
        let finding = try files.isNew() ? .same : files.finding()
        wasUnclean = finding == nil
        isVerified = finding == .same
        let writer = try Database(path: path, role: .writer, vfs: settings.vfs)
        try files.checkIdentity(of: writer)
        // From here on the file changes.
        files.clean.remove()
        try Migrations.run(on: writer)
        try files.keepIdentity(of: writer)
        if !isVerified { try Self.checkSmallTables(writer) }
        try start(writer)
    }

    /// What is quick to check is checked before anything is served; the rest is while it is served.
    private static func checkSmallTables(_ database: Database) throws(NodeError) {
        for table in ["pods", "databases", "filesystems", "subscriptions", "deadletters"] {
            let rows: [[SQLValue]]
            do { rows = try database.run("PRAGMA quick_check('\(table)')") } catch {
                rows = [[.text(error.message)]]
            }
            guard rows.first?.first?.text == "ok" else {
                throw NodeError(
                    "the table \(table) is damaged: \(rows.first?.first?.text ?? "")",
                    hint: "restore the folder from a copy, or name an empty one with --data DIR")
            }
        }
    }

    private func start(_ writer: Database) throws(NodeError) {
        let box = Handover(writer)
        writes.withLock { $0.threads = 1 }
        try SystemThread.start("writer") { self.write(to: box.take()) }
        for index in 0..<settings.readers {
            let reader = Handover(
                Reader(try Database(path: path, role: .reader, vfs: settings.vfs)))
            reads.withLock { $0.threads += 1 }
            try SystemThread.start("reader-\(index)") { self.serve(reader.take()) }
        }
        let checkpointer = Handover(
            try Database(path: path, role: .checkpointer, vfs: settings.vfs))
        reads.withLock { $0.threads += 1 }
        try SystemThread.start("checkpoint") { self.checkpoint(checkpointer.take()) }
    }

    /// Queues a change.
    ///
    /// - Throws: `Refusal` 503 if the queue is too long or storage has trouble.
    func submit(_ write: Write) throws(Refusal) {
        let now = settings.clock.nowNanoseconds
        if let problem = health.withLock({ $0.problem(at: now) }) { throw Refusal(503, problem) }
        let isTaken = writes.withLock { queue in
            queue.admit(write, at: now, most: Self.maximumWaiting)
        }
        guard isTaken else {
            health.withLock { $0.refusedWrites += 1 }
            throw .overload(of: "writes")
        }
        writes.signal()
    }

    /// Has a reader of the pool do something; false where too much waits.
    func read(_ body: @escaping @Sendable (Reader) -> Void) -> Bool {
        let now = settings.clock.nowNanoseconds
        let isTaken = reads.withLock { $0.admit(body, at: now, most: Self.maximumWaiting) }
        if isTaken { reads.signal() } else { health.withLock { $0.refusedReads += 1 } }
        return isTaken
    }

    /// Changes that wait for the writer, and reads that wait for a reader.
    var waiting: (writes: Int, reads: Int) {
        (writes.withLock { $0.count }, reads.withLock { $0.count })
    }

    /// Ends all threads once everything queued is on disk, and waits for that.
    func close() {
        writes.withLock { $0.isClosed = true }
        writes.signalAll()
        while writes.withLock({ $0.threads }) > 0 { usleep(1000) }
        reads.withLock { $0.isClosed = true }
        reads.signalAll()
        while reads.withLock({ $0.threads }) > 0 { usleep(1000) }
        if !health.withLock({ $0.isDamaged }), logBytes == 0, let now = CleanStop(of: path) {
            // Without it the next start has more to check.
            try? FolderFiles(folder: settings.folder, database: path).clean.write(now.text)
        }
        lock.withLock { $0 = nil }
    }

    // MARK: Dead letters

    /// Puts a dead letter on disk.
    func keep(_ letter: DeadLetter) {
        let (name, text) = (letter.record.name, letter.text)
        internalWrite { (database) throws(Refusal) in
            try database.run(
                "INSERT OR REPLACE INTO deadletters (name, text) VALUES (?, ?)",
                [.text(name), .text(text)])
        }
    }

    /// Takes a dead letter off the disk.
    func dropLetter(_ name: String) {
        internalWrite { (database) throws(Refusal) in
            try database.run("DELETE FROM deadletters WHERE name = ?", [.text(name)])
        }
    }

    /// A change that nobody waits for: it goes into the queue whatever storage's trouble, and is
    /// kept until it is on disk.
    private func internalWrite(_ body: @escaping @Sendable (Database) throws(Refusal) -> Void) {
        enqueue { (database) throws(Refusal) in
            try body(database)
            return Change(answer: .text(""))
        }
    }

    private func enqueue(_ body: @escaping @Sendable (Database) throws(Refusal) -> Change) {
        let unsaved = unsaved
        let write = Write(body: body, isPatient: true) { result in
            guard case .failure = result else { return }
            unsaved.withLock { if $0.count < Self.maximumWaiting { $0.append(body) } }
        }
        let now = settings.clock.nowNanoseconds
        writes.withLock { $0.append(write, at: now) }
        writes.signal()
    }

    /// Tries again what nobody waits for and is not on disk yet; called once a second.
    func saveUnsaved() {
        let now = settings.clock.nowNanoseconds
        guard health.withLock({ $0.problem(at: now) }) == nil else { return }
        let bodies = unsaved.withLock { unsaved in
            defer { unsaved = [] }
            return unsaved
        }
        for body in bodies { enqueue(body) }
    }
}

/// A connection that reads; used by one thread at a time.
final class Reader {
    private let database: Database

    init(_ database: Database) { self.database = database }

    func use<Result>(_ body: (Database) throws(Refusal) -> Result) throws(Refusal) -> Result {
        try body(database)
    }
}

/// Hands a value that is not Sendable to the one thread that will use it.
final class Handover<Value>: @unchecked Sendable {
    // Sendable: `value` is set before the thread starts, and taken once, by that thread.
    private var value: Value?

    init(_ value: Value) { self.value = value }

    func take() -> Value {
        guard let value else { preconditionFailure("it was taken already") }
        self.value = nil
        return value
    }
}
