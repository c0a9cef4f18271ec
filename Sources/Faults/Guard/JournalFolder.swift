import Glibc

/// Where the journals of all runs of this user are, so that a later start of loadgen finds them.
public enum JournalFolder {
    private static var path: String { "/var/tmp/loadgen-chaos-\(geteuid())" }

    /// Whether it is there, and this user's alone.
    private static var isOwn: Bool {
        var status = stat()
        return lstat(path, &status) == 0 && status.st_mode & UInt32(S_IFMT) == UInt32(S_IFDIR)
            && status.st_uid == geteuid() && status.st_mode & 0o077 == 0
    }

    /// The folder, which only this user can read.
    ///
    /// - Throws: `FaultError` if it is somebody else's, or cannot be made.
    static func make() throws(FaultError) -> String {
        mkdir(path, 0o700)
        guard isOwn else {
            throw FaultError("\(path) is no folder of this user's alone", hint: "remove it")
        }
        return path
    }

    /// Undoes what earlier runs of this user have left; what was done, a line each.
    ///
    /// - Throws: `FaultError` if something could not be undone.
    public static func undoLeft(guardProgram: String) throws(FaultError) -> String {
        // A folder of somebody else's has no journal of ours.
        isOwn ? try undo(guardProgram: guardProgram, in: path) : ""
    }

    /// Undoes what runs have left whose loadgen and guard both died; what was done, a line each.
    ///
    /// Does nothing to journals of runs that live, and nothing twice.
    ///
    /// - Throws: `FaultError` if something could not be undone.
    static func undo(
        guardProgram: String, in folder: String
    ) throws(FaultError) -> String {
        // Mostly there is nothing, and no process to start.
        guard hasJournals(folder) else { return "" }
        let (code, text) = try ChildProgram.run(guardProgram, ["undo", folder])
        guard code == 0 else {
            throw FaultError(
                "faults of an earlier run could not be undone: \(text)",
                hint: "the lines \"failed\" of the journals in \(folder) say which")
        }
        return text
    }

    private static func hasJournals(_ folder: String) -> Bool {
        guard let list = opendir(folder) else { return false }
        defer { closedir(list) }
        while let entry = readdir(list) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                String(cString: UnsafeRawPointer($0).assumingMemoryBound(to: CChar.self))
            }
            if name.hasSuffix(".journal") { return true }
        }
        return false
    }
}
