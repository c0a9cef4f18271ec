import Glibc

/// The files beside the database that tell whether it is the one that the folder had, and whole.
struct FolderFiles {
    let database: String
    /// What the database was at the last stop in order; removed before it changes.
    let clean: SmallFile
    /// The database's id, from the moment that it is on disk.
    private let identity: SmallFile

    /// The files of a folder.
    init(folder: String, database: String) {
        self.database = database
        clean = SmallFile(folder: folder, name: "clean")
        identity = SmallFile(folder: folder, name: "identity")
    }

    private static let hint = "restore the folder from a copy, or name an empty one with --data DIR"

    /// Whether the folder never had a database.
    ///
    /// - Throws: `NodeError` if it had one that is not there now.
    func isNew() throws(NodeError) -> Bool {
        var status = stat()
        if stat(database, &status) == 0, status.st_size > 0 { return false }
        guard let id = identity.text else { return true }
        throw NodeError(
            "\(database) is missing or empty, and the folder had a database, with the id \(id)",
            hint: Self.hint)
    }

    /// How the database compares to what it was at the last stop; `nil` if that was not in order.
    ///
    /// - Throws: `NodeError` if it is damaged.
    func finding() throws(NodeError) -> CleanStop.Finding? {
        guard let before = clean.text.flatMap({ CleanStop($0) }),
            let now = CleanStop(of: database)
        else { return nil }
        let finding = before.compare(now)
        guard finding != .damaged else {
            throw NodeError(
                "\(database) is damaged: it is not what it was when the node stopped",
                hint: "\(Self.hint); if you have changed it yourself, remove \(clean.path)")
        }
        return finding
    }

    /// Looks whether an open database is the folder's; nothing of it is changed.
    ///
    /// - Throws: `NodeError` if it is another one, an emptied one, or of no version that is known.
    func checkIdentity(of open: Database) throws(NodeError) {
        let version = try Migrations.version(of: open)
        guard let known = identity.text else { return }
        let id = Self.id(of: open)
        guard id == known else {
            throw NodeError(
                version == 0
                    ? "\(database) is empty, and the folder had a database, with the id \(known)"
                    : "\(database) has \(id.map { "the id \($0)" } ?? "no id"), and the folder's "
                        + "database had the id \(known)",
                hint: "\(Self.hint); if it belongs there, remove \(identity.path)")
        }
    }

    /// Notes the id of a database that is on disk.
    ///
    /// - Throws: `NodeError` if that cannot be written.
    func keepIdentity(of open: Database) throws(NodeError) {
        guard identity.text == nil, let id = Self.id(of: open) else { return }
        try identity.write(id)
    }

    private static func id(of database: Database) -> String? {
        (try? database.run("SELECT id FROM identity"))?.first?.first?.optionalText
    }
}
