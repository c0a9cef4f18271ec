import CSQLite

/// One SQLite connection with its prepared statements; used by one thread at a time.
final class Database {
    /// What a connection is for.
    enum Role { case writer, reader, checkpointer }

    private let handle: OpaquePointer
    private var statements: [String: OpaquePointer] = [:]

    /// So long a lock of another connection is waited for, inside SQLite.
    private static let busyMilliseconds: Int32 = 5000

    /// Opens the file, in WAL mode; a commit of the writer is on disk when it returns.
    ///
    /// - Parameter vfs: the name of SQLite's access to files; `nil` for the system's own.
    init(path: String, role: Role, vfs: String? = nil) throws(NodeError) {
        var opened: OpaquePointer?
        let mode =
            role == .reader ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE
        let result = sqlite3_open_v2(path, &opened, mode | SQLITE_OPEN_NOMUTEX, vfs)
        guard result == SQLITE_OK, let opened else {
            sqlite3_close_v2(opened)
            throw NodeError(
                "the database \(path) cannot be opened: \(String(cString: sqlite3_errstr(result)))",
                hint: "make the folder writable, or name another with --data DIR")
        }
        handle = opened
        sqlite3_busy_timeout(handle, Self.busyMilliseconds)
        do {
            // Checkpoints are made in the background, not by the commit that happens to be next.
            for text in role == .reader ? [] : Self.settings { try run(text) }
        } catch {
            throw NodeError(
                "the database \(path) is not usable: \(error.message)",
                hint: "name an empty folder with --data DIR")
        }
    }

    private static let settings = [
        "PRAGMA journal_mode = WAL", "PRAGMA synchronous = FULL", "PRAGMA wal_autocheckpoint = 0",
        "PRAGMA journal_size_limit = 4194304",
    ]

    deinit {
        for statement in statements.values { sqlite3_finalize(statement) }
        sqlite3_close_v2(handle)
    }

    /// Runs a statement with its values in order, and gives every row's columns.
    ///
    /// - Throws: `Refusal` 503 where storage does not do it.
    @discardableResult
    func run(_ text: String, _ values: [SQLValue] = []) throws(Refusal) -> [[SQLValue]] {
        var rows: [[SQLValue]] = []
        try each(text, values) { row in
            rows.append(row)
            return true
        }
        return rows
    }

    /// Runs a statement and gives its rows one by one, until `body` is false.
    func each(
        _ text: String, _ values: [SQLValue], _ body: ([SQLValue]) -> Bool
    ) throws(Refusal) {
        let statement = try prepared(text)
        defer {
            sqlite3_reset(statement)
            sqlite3_clear_bindings(statement)
        }
        for (index, value) in values.enumerated() {
            guard bind(value, to: statement, at: Int32(index + 1)) == SQLITE_OK else {
                throw failure()
            }
        }
        while true {
            switch sqlite3_step(statement) {
            case SQLITE_ROW:
                let row = (0..<sqlite3_column_count(statement)).map { column(statement, $0) }
                if !body(row) { return }
            case SQLITE_DONE: return
            default: throw failure()
            }
        }
    }

    private func bind(_ value: SQLValue, to statement: OpaquePointer, at place: Int32) -> Int32 {
        switch value {
        case .null: return sqlite3_bind_null(statement, place)
        case .integer(let integer): return sqlite3_bind_int64(statement, place, integer)
        case .text(var text):
            // SQLite copies the bytes at once: the destructor is SQLITE_TRANSIENT.
            return text.withUTF8 { bytes in
                bytes.withMemoryRebound(to: CChar.self) { text in
                    sqlite3_bind_text(
                        statement, place, text.baseAddress ?? Self.noText, Int32(text.count),
                        unsafeBitCast(-1, to: sqlite3_destructor_type.self))
                }
            }
        }
    }

    private func column(_ statement: OpaquePointer, _ column: Int32) -> SQLValue {
        switch sqlite3_column_type(statement, column) {
        case SQLITE_INTEGER: return .integer(sqlite3_column_int64(statement, column))
        case SQLITE_NULL: return .null
        default:
            let start = sqlite3_column_text(statement, column)
            let count = Int(sqlite3_column_bytes(statement, column))
            return .text(
                String(decoding: UnsafeBufferPointer(start: start, count: count), as: UTF8.self))
        }
    }

    /// Rows that the last statement changed.
    var changes: Int { Int(sqlite3_changes(handle)) }

    /// Rows that all statements of this connection have changed.
    var totalChanges: Int { Int(sqlite3_total_changes(handle)) }

    /// The key of the row that was inserted last.
    var lastKey: Int64 { sqlite3_last_insert_rowid(handle) }

    /// The address of an empty C string, since a null pointer would bind NULL.
    nonisolated(unsafe) private static let noText = UnsafePointer(
        UnsafeMutablePointer<CChar>.allocate(capacity: 1))

    private func prepared(_ text: String) throws(Refusal) -> OpaquePointer {
        if let statement = statements[text] { return statement }
        var statement: OpaquePointer?
        guard sqlite3_prepare_v2(handle, text, -1, &statement, nil) == SQLITE_OK, let statement
        else { throw failure() }
        statements[text] = statement
        return statement
    }

    private func failure() -> Refusal {
        switch sqlite3_errcode(handle) {
        case SQLITE_BUSY, SQLITE_LOCKED: Refusal(503, "storage is busy")
        case SQLITE_FULL: Refusal(503, "storage is full")
        default: Refusal(503, "storage: \(String(cString: sqlite3_errmsg(handle)))")
        }
    }
}
