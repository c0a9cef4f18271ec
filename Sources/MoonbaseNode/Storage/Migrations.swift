/// The steps from an empty file to the present form of the data; `user_version` counts those done.
enum Migrations {
    /// Each step is one transaction; a step that was published never changes.
    static let steps: [[String]] = [
        [
            """
            CREATE TABLE IF NOT EXISTS pods (name TEXT PRIMARY KEY, process TEXT NOT NULL) \
            WITHOUT ROWID
            """,
            """
            CREATE TABLE IF NOT EXISTS databases (name TEXT PRIMARY KEY, type TEXT NOT NULL, \
            pod TEXT NOT NULL, is_open INTEGER NOT NULL) WITHOUT ROWID
            """,
            """
            CREATE TABLE IF NOT EXISTS entries (database TEXT NOT NULL, key TEXT NOT NULL, \
            value TEXT NOT NULL, hash TEXT NOT NULL, PRIMARY KEY (database, key)) WITHOUT ROWID
            """,
            "INSERT OR IGNORE INTO pods (name, process) VALUES ('system', 'orbitdb')",
        ],
        [
            "ALTER TABLE pods ADD COLUMN configuration TEXT",
            "ALTER TABLE pods ADD COLUMN stopped TEXT NOT NULL DEFAULT ''",
            "ALTER TABLE databases RENAME TO databases_1",
            """
            CREATE TABLE databases (id INTEGER PRIMARY KEY AUTOINCREMENT, \
            name TEXT NOT NULL UNIQUE, type TEXT NOT NULL, pod TEXT NOT NULL, \
            is_open INTEGER NOT NULL)
            """,
            """
            INSERT INTO databases (name, type, pod, is_open) \
            SELECT name, type, pod, is_open FROM databases_1
            """,
            "DROP TABLE databases_1",
            "CREATE INDEX databases_pod ON databases (pod)",
            """
            CREATE TABLE records (database INTEGER NOT NULL, key TEXT NOT NULL, \
            value TEXT NOT NULL, hash TEXT NOT NULL, PRIMARY KEY (database, key)) WITHOUT ROWID
            """,
            """
            INSERT INTO records SELECT d.id, e.key, e.value, e.hash FROM entries e \
            JOIN databases d ON d.name = e.database
            """,
            "DROP TABLE entries",
            """
            CREATE TABLE events (sequence INTEGER PRIMARY KEY AUTOINCREMENT, \
            database INTEGER NOT NULL, hash TEXT NOT NULL, value TEXT NOT NULL)
            """,
            "CREATE UNIQUE INDEX events_hash ON events (database, hash)",
            "CREATE INDEX events_database ON events (database)",
            "CREATE TABLE garbage (database INTEGER PRIMARY KEY)",
            """
            CREATE TABLE blocks (pod TEXT NOT NULL, cid TEXT NOT NULL, value TEXT NOT NULL, \
            PRIMARY KEY (pod, cid)) WITHOUT ROWID
            """,
            """
            CREATE TABLE filesystems (name TEXT PRIMARY KEY, pod TEXT NOT NULL) WITHOUT ROWID
            """,
            "CREATE INDEX filesystems_pod ON filesystems (pod)",
            """
            CREATE TABLE files (filesystem TEXT NOT NULL, path TEXT NOT NULL, cid TEXT NOT NULL, \
            size INTEGER NOT NULL, data TEXT NOT NULL, PRIMARY KEY (filesystem, path)) WITHOUT ROWID
            """,
            """
            CREATE TABLE subscriptions (topic TEXT NOT NULL, pod TEXT NOT NULL, \
            PRIMARY KEY (topic, pod)) WITHOUT ROWID
            """,
            "CREATE INDEX subscriptions_pod ON subscriptions (pod)",
            """
            CREATE TABLE deadletters (place INTEGER PRIMARY KEY AUTOINCREMENT, \
            name TEXT NOT NULL UNIQUE, text TEXT NOT NULL)
            """,
        ],
        [
            "CREATE TABLE identity (id TEXT NOT NULL)",
            "INSERT INTO identity VALUES (lower(hex(randomblob(16))))",
        ],
    ]

    /// The version of a file's data: 0 for an empty one.
    ///
    /// - Throws: `NodeError` if it is later than this program, or none that there ever was.
    static func version(of database: Database) throws(NodeError) -> Int {
        let rows: [[SQLValue]]
        do { rows = try database.run("PRAGMA user_version") } catch {
            throw NodeError(
                "the data cannot be read: \(error.message)",
                hint: "restore the folder from a copy, or name an empty one with --data DIR")
        }
        let version = Int(rows.first?.first?.integer ?? 0)
        guard version <= steps.count else {
            throw NodeError(
                "the data is of version \(version), and this moonbase knows up to \(steps.count)",
                hint: "use the moonbase that wrote it, or a later one")
        }
        guard version >= 0 else {
            throw NodeError(
                "the data is of version \(version), which no moonbase has written",
                hint: "restore the folder from a copy, or name an empty one with --data DIR")
        }
        return version
    }

    /// Brings a file to the present form.
    ///
    /// - Throws: `NodeError` where a step fails, or the file is of no version that is known.
    static func run(on database: Database) throws(NodeError) {
        let done = try version(of: database)
        do {
            for (index, step) in steps.enumerated().dropFirst(done) {
                try database.run("BEGIN IMMEDIATE")
                for text in step { try database.run(text) }
                try database.run("PRAGMA user_version = \(index + 1)")
                try database.run("COMMIT")
            }
        } catch {
            throw NodeError(
                "the data cannot be brought to the present form: \(error.message)",
                hint: "name an empty folder with --data DIR")
        }
    }
}
