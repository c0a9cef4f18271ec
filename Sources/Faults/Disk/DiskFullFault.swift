import Glibc
import Profiles

/// The disk of a folder that the profile names is filled by a file without a name.
///
/// It is for small disks: if more is free than `limit`, or than 1 GiB where that is not given,
/// nothing is written.
final class DiskFullFault: Fault {
    static let name = "disk full"
    let mechanism = "a nameless file of a process of its own, which is gone with that"
    private let path: String
    private let holder: Holder
    private var ballast: UInt64 = 0

    private static let defaultLimit = 1 << 30

    static func availability() -> FaultAvailability { .works("a nameless file in the folder") }

    init(_ scene: FaultScene) throws(FaultError) {
        guard let path = scene.settings.path, Self.free(path) != nil else {
            throw FaultError(
                "\"\(scene.settings.path ?? "")\" is no folder to fill",
                hint: "give path: FOLDER")
        }
        self.path = path
        holder = try Holder(
            scene.guardProgram,
            ["hold-space", path, String(scene.settings.limit ?? Self.defaultLimit)])
    }

    /// What the file system says that is free, in bytes.
    private static func free(_ path: String) -> UInt64? {
        var status = statvfs()
        guard statvfs(path, &status) == 0 else { return nil }
        return UInt64(status.f_bavail) * UInt64(status.f_frsize)
    }

    func apply(_ journal: FaultJournal) async throws(FaultError) {
        ballast = Self.free(path) ?? 0
        try journal.intend([holder.inverse])
        try await holder.hold("the disk of \(path), of which \(ballast) bytes are free")
    }

    /// Writes a page to a file of its own; the errno, 0 if it could.
    private func tryToWrite() -> Int32 {
        let file = "\(path)/.loadgen-probe-\(getpid())"
        let descriptor = open(file, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { return errno }
        defer {
            close(descriptor)
            unlink(file)
        }
        let page = [UInt8](repeating: 1, count: 4096)
        return write(descriptor, page, page.count) == page.count ? 0 : errno == 0 ? ENOSPC : errno
    }

    func probeEffect() async -> Proof {
        let number = tryToWrite()
        if number == 0 { return .refuted("a page could still be written to \(path)") }
        let words = "to write a page says \"\(String(cString: strerror(number)))\""
        return number == ENOSPC || number == EDQUOT ? .proven(words) : .unknown(words)
    }

    func release() async { holder.end() }

    func probeUndo() async -> Proof {
        let number = tryToWrite()
        return number == 0
            ? .proven("a page can be written to \(path)")
            : .refuted("to write a page says \"\(String(cString: strerror(number)))\"")
    }
}
