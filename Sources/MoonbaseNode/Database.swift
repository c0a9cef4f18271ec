import CSQLite
import JSON

/// One SQLite connection with its prepared statements; used by one thread at a time.
final class Database {
    private let handle: OpaquePointer
    private var statements: [String: OpaquePointer] = [:]

    private static let busyMilliseconds: Int32 = 5000

    /// Opens the file, in WAL mode; a commit is on disk when it returns.
    init(path: String, isReader: Bool) throws(NodeError) {
        var opened: OpaquePointer?
        let mode = isReader ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE
        let result = sqlite3_open_v2(path, &opened, mode | SQLITE_OPEN_NOMUTEX, nil)
        guard result == SQLITE_OK, let opened else {
            sqlite3_close_v2(opened)
            throw NodeError(
                "the database \(path) cannot be opened: \(String(cString: sqlite3_errstr(result)))",
                hint: "make the folder writable, or name another with --data DIR")
        }
        handle = opened
        sqlite3_busy_timeout(handle, Self.busyMilliseconds)
        guard !isReader else { return }
        do {
            for text in ["PRAGMA journal_mode = WAL", "PRAGMA synchronous = FULL"] { try run(text) }
            for text in Self.schema { try run(text) }
        } catch {
            throw NodeError(
                "the database \(path) is not usable: \(error.message)",
                hint: "name an empty folder with --data DIR")
        }
    }

    deinit {
        for statement in statements.values { sqlite3_finalize(statement) }
        sqlite3_close_v2(handle)
    }

    private static let schema = [
        "CREATE TABLE IF NOT EXISTS pods (name TEXT PRIMARY KEY, process TEXT NOT NULL) WITHOUT "
            + "ROWID",
        """
        CREATE TABLE IF NOT EXISTS databases (name TEXT PRIMARY KEY, type TEXT NOT NULL, \
        pod TEXT NOT NULL, is_open INTEGER NOT NULL) WITHOUT ROWID
        """,
        "CREATE INDEX IF NOT EXISTS databases_pod ON databases (pod)",
        """
        CREATE TABLE IF NOT EXISTS entries (database TEXT NOT NULL, key TEXT NOT NULL, \
        value TEXT NOT NULL, hash TEXT NOT NULL, PRIMARY KEY (database, key)) WITHOUT ROWID
        """,
        "INSERT OR IGNORE INTO pods VALUES ('system', 'orbitdb')",
    ]

    /// Runs a statement with its values in order, and gives every row's columns as text.
    ///
    /// - Throws: `Refusal` 503 where storage does not do it.
    @discardableResult
    func run(_ text: String, _ values: [String] = []) throws(Refusal) -> [[String]] {
        let statement = try prepared(text)
        defer {
            sqlite3_reset(statement)
            sqlite3_clear_bindings(statement)
        }
        for (index, value) in values.enumerated() {
            let bytes = Array(value.utf8)
            // SQLite copies the bytes at once: the destructor is SQLITE_TRANSIENT.
            let result = bytes.withUnsafeBufferPointer { buffer in
                buffer.withMemoryRebound(to: CChar.self) { text in
                    sqlite3_bind_text(
                        statement, Int32(index + 1), text.baseAddress ?? Self.noText,
                        Int32(text.count),
                        unsafeBitCast(-1, to: sqlite3_destructor_type.self))
                }
            }
            guard result == SQLITE_OK else { throw failure() }
        }
        var rows: [[String]] = []
        while true {
            switch sqlite3_step(statement) {
            case SQLITE_ROW:
                rows.append(
                    (0..<sqlite3_column_count(statement)).map { column in
                        let count = Int(sqlite3_column_bytes(statement, column))
                        let bytes = UnsafeBufferPointer(
                            start: sqlite3_column_text(statement, column), count: count)
                        return String(decoding: bytes, as: UTF8.self)
                    })
            case SQLITE_DONE: return rows
            default: throw failure()
            }
        }
    }

    /// Rows that the last statement changed.
    var changes: Int { Int(sqlite3_changes(handle)) }

    /// The address of an empty C string, since a null pointer would bind NULL.
    nonisolated(unsafe) private static let noText = UnsafePointer(
        UnsafeMutablePointer<CChar>.allocate(capacity: 1))

    private func prepared(_ text: String) throws(Refusal) -> OpaquePointer {
        if let statement = statements[text] { return statement }
        var statement: OpaquePointer?
        guard sqlite3_prepare_v2(handle, text, -1, &statement, nil) == SQLITE_OK, let statement
        else {
            throw failure()
        }
        statements[text] = statement
        return statement
    }

    private func failure() -> Refusal {
        Refusal(503, "storage: \(String(cString: sqlite3_errmsg(handle)))")
    }
}
