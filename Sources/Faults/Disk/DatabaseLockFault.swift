import CSQLite
import Collector
import Glibc
import Profiles

/// A SQLite database, the target's or one that the profile names, is locked, as by a transaction
/// that does not end.
final class DatabaseLockFault: Fault {
    static let name = "database lock"
    let mechanism = "BEGIN EXCLUSIVE by a process of its own, with whose end the lock ends"
    private let path: String
    private let holder: Holder

    static func availability() -> FaultAvailability {
        .works("BEGIN EXCLUSIVE by a process of its own")
    }

    init(_ scene: FaultScene) throws(FaultError) {
        if let path = scene.settings.path {
            self.path = path
        } else {
            path = try Self.database(of: scene)
        }
        holder = try Holder(scene.guardProgram, ["hold-database", path])
    }

    /// The SQLite database that the target has open.
    private static func database(of scene: FaultScene) throws(FaultError) -> String {
        for process in try scene.tree() {
            for name in ProcessReader.openFileNames(of: String(process.id)) ?? [] {
                let path = ProcessReader.link(at: name)
                guard path.hasPrefix("/"), isDatabase(path) else { continue }
                return path
            }
        }
        throw FaultError(
            "the target has no SQLite database open", hint: "give { path: FILE } instead of target")
    }

    /// Whether a file begins as SQLite's do.
    /// - Source: SQLite's "Database File Format", section 1.3
    private static func isDatabase(_ path: String) -> Bool {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { return false }
        defer { close(descriptor) }
        var bytes = [UInt8](repeating: 0, count: 16)
        let count = pread(descriptor, &bytes, bytes.count, 0)
        return count == 16 && bytes == Array("SQLite format 3\0".utf8)
    }

    func apply(_ journal: FaultJournal) async throws(FaultError) {
        try journal.intend([holder.inverse])
        try await holder.hold("the database \(path)")
    }

    /// SQLite's code for a transaction that writes, without waiting.
    private func tryToBegin() -> Int32 {
        var database: OpaquePointer?
        defer { sqlite3_close_v2(database) }
        let code = sqlite3_open_v2(path, &database, SQLITE_OPEN_READWRITE, nil)
        guard code == SQLITE_OK else { return code }
        let begun = sqlite3_exec(database, "BEGIN IMMEDIATE", nil, nil, nil)
        if begun == SQLITE_OK { sqlite3_exec(database, "ROLLBACK", nil, nil, nil) }
        return begun & 0xff
    }

    func probeEffect() async -> Proof {
        let code = tryToBegin()
        let words = "another transaction is told \"\(String(cString: sqlite3_errstr(code)))\""
        return code == SQLITE_BUSY ? .proven(words) : .refuted(words)
    }

    func release() async { holder.end() }

    func probeUndo() async -> Proof {
        let code = tryToBegin()
        if code == SQLITE_OK { return .proven("another transaction can write") }
        // By now the target itself may have a transaction.
        let words = "another transaction is told \"\(String(cString: sqlite3_errstr(code)))\""
        return code == SQLITE_BUSY && !holder.isAlive ? .unknown(words) : .refuted(words)
    }
}
