import FoundationEssentials
import Glibc
import MoonbaseNode

/// The folder of the node's data, locked; one of its own, removed at the end, if none is named.
struct DataFolder {
    let path: String
    let lock: FolderLock
    private let isTemporary: Bool

    /// - Parameter lock: the descriptor of the lock that a supervisor has.
    /// - Throws: `NodeError` if the folder cannot be used, or another node uses it.
    init(_ named: String, lock: Int32? = nil) throws {
        isTemporary = named.isEmpty
        if isTemporary {
            // Not named after the process alone: a killed one of the same id may have left its own.
            let parent = FileManager.default.temporaryDirectory.path
            var name = Array("\(parent)/moonbase-XXXXXX".utf8CString)
            guard mkdtemp(&name) != nil else {
                throw NodeError(
                    "no folder in \(parent): \(String(cString: strerror(errno)))",
                    hint: "name one with --data")
            }
            path = String(decoding: name.dropLast().map(UInt8.init), as: UTF8.self)
        } else {
            path = named
            try FileManager.default.createDirectory(
                atPath: path, withIntermediateDirectories: true)
        }
        if let lock {
            self.lock = FolderLock(descriptor: lock)
        } else {
            self.lock = try FolderLock(folder: path)
        }
    }

    /// Removes what is temporary.
    func end() {
        if isTemporary { try? FileManager.default.removeItem(atPath: path) }
    }
}
