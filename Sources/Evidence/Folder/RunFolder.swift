import FoundationEssentials
import Glibc

/// The folder of one run under Results/.
public struct RunFolder: Sendable, Equatable {
    /// Its path.
    public let path: String
    /// Its name, which is the run's id.
    public let id: String

    /// A run needs this much room at least before it starts.
    private static let minimumFreeBytes: UInt64 = 16 << 20

    /// Makes a new folder, as `20261124T101500Z-everyday-4f2a`.
    ///
    /// - Throws: `EvidenceError` where it cannot be made or written, before any load is sent.
    public static func create(under parent: String, name: String) throws(EvidenceError) -> RunFolder
    {
        if let number = makeFolders(parent) { throw unwritable(parent, words(of: number)) }
        let stamp = Date().ISO8601Format().filter { $0 != "-" && $0 != ":" }
        let safeName = String(name.map { $0.isASCII && ($0.isLetter || $0.isNumber) ? $0 : "-" })
        // A handful of tries is plenty: two runs of one second share 16 bits at most.
        for _ in 0..<16 {
            let suffix = String(UInt16.random(in: 0x1000...0xFFFF), radix: 16)
            let id = "\(stamp)-\(safeName)-\(suffix)"
            let path = "\(parent)/\(id)"
            // Requests and answers are in it, which are not everybody's.
            guard mkdir(path, 0o700) != 0 else {
                try checkRoom(path)
                return RunFolder(path: path, id: id)
            }
            if errno != EEXIST { throw unwritable(parent, words(of: errno)) }
        }
        throw unwritable(parent, "no free name")
    }

    /// Makes a folder and those above it; the errno where that fails.
    private static func makeFolders(_ path: String) -> Int32? {
        var made = path.hasPrefix("/") ? "/" : ""
        for part in path.split(separator: "/") {
            made += "\(part)/"
            if mkdir(made, 0o777) != 0, errno != EEXIST { return errno }
        }
        return nil
    }

    /// The names of the runs in a folder, in order; empty where it is none.
    public static func names(in folder: String) -> [String] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        return names.filter { access("\(folder)/\($0)/run.json", R_OK) == 0 }.sorted()
    }

    private static func checkRoom(_ path: String) throws(EvidenceError) {
        var room = statvfs()
        guard statvfs(path, &room) == 0 else { return }
        let free = UInt64(room.f_bavail) * UInt64(room.f_frsize)
        guard free < minimumFreeBytes else { return }
        rmdir(path)
        throw EvidenceError(
            place: path,
            message: "the results cannot be written: only \(free >> 10) KiB are free on this disk, "
                + "and a run needs \(minimumFreeBytes >> 20) MiB",
            hint: "free some room, or name a folder on another disk with --out DIR")
    }

    private static func unwritable(_ place: String, _ message: String) -> EvidenceError {
        EvidenceError(
            place: place, message: "the results cannot be written: \(message)",
            hint: "make the folder writable, or name another with --out DIR")
    }

    /// The system's words for an errno.
    static func words(of number: Int32) -> String { String(cString: strerror(number)) }
}
