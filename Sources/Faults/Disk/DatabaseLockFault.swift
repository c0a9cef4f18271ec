import CSQLite
import Profiles

/// A SQLite database that the profile names is locked, as by a transaction that does not end.
final class DatabaseLockFault: Fault {
    static let name = "database lock"
    let mechanism = "BEGIN EXCLUSIVE by a process of its own, with whose end the lock ends"
    private let path: String
    private let holder: Holder

    static func availability() -> FaultAvailability {
        .works("BEGIN EXCLUSIVE by a process of its own")
    }

    init(_ scene: FaultScene) throws(FaultError) {
        guard let path = scene.settings.path else {
            throw FaultError("there is no database to lock", hint: "give path: FILE")
        }
        self.path = path
        holder = try Holder(scene.guardProgram, ["hold-database", path])
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
