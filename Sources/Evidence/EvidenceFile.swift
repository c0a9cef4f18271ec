import Glibc
import JSON
import Measurements

/// Opens and reads files of evidence: regular files alone, so that a pipe or a device in the place
/// of one is an error and not a wait without end.
public enum EvidenceFile {
    /// The largest file that is read whole, in bytes: 64 MiB.
    public static let maximumBytes = 64 << 20

    /// The text of a file that is read whole, as run.json.
    ///
    /// - Throws: `EvidenceError` if it cannot be read, is no regular file, is too large, or is not
    ///   UTF-8.
    public static func text(
        _ path: String, maximumBytes: Int = maximumBytes
    ) throws(EvidenceError) -> String {
        let bytes = try bytes(path, maximumBytes: maximumBytes)
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw EvidenceError(
                place: path, message: "not text in UTF-8",
                hint: "the evidence was changed, or another program wrote it")
        }
        return text
    }

    /// The text of a result in JSON, as capacity.json or a baseline, every number of which is one
    /// that can be computed with: 2^53 at most, up to which a `Double` has every whole number.
    ///
    /// - Throws: `EvidenceError` likewise, and for text that is not JSON.
    public static func result(_ path: String) throws(EvidenceError) -> String {
        let text = try text(path)
        var problem: String?
        do {
            let json = try JSONValue(parsing: text.utf8)
            problem = json.impossibleNumber()
        } catch { problem = "is not JSON: \(error)" }
        guard let problem else { return text }
        throw EvidenceError(
            place: path, message: problem,
            hint: "the file was changed, or another program wrote it")
    }

    private static func bytes(
        _ path: String, maximumBytes: Int
    ) throws(EvidenceError) -> [UInt8] {
        let reader = try LineReader(path)
        var bytes: [UInt8] = []
        while true {
            let piece = try reader.piece(at: bytes.count)
            guard !piece.isEmpty else { return bytes }
            bytes += piece
            guard bytes.count <= maximumBytes else {
                throw EvidenceError(
                    place: path,
                    message:
                        "larger than \(maximumBytes >> 20) MiB, which is the most that is read",
                    hint: "the evidence was changed, or another program wrote it")
            }
        }
    }

    /// Whether there is anything of this name, a link that leads nowhere included.
    static func exists(_ path: String) -> Bool {
        var status = stat()
        return lstat(path, &status) == 0
    }

    /// Whether it is a regular file, or a link to one.
    public static func isFile(_ path: String) -> Bool {
        var status = stat()
        return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
    }

    /// Opens a regular file for reading; the caller closes it.
    static func open(_ path: String) throws(EvidenceError) -> Int32 {
        // Without O_NONBLOCK the call would wait for whoever writes to a pipe.
        let descriptor = Glibc.open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY)
        guard descriptor >= 0 else { throw unreadable(path, RunFolder.words(of: errno)) }
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            close(descriptor)
            throw unreadable(path, "not a regular file")
        }
        return descriptor
    }

    static func unreadable(_ path: String, _ reason: String) -> EvidenceError {
        EvidenceError(
            place: path, message: "cannot be read: \(reason)",
            hint: "give the folder of a run, as in Results/runs/20261124T101500Z-smoke-4f2a")
    }
}

extension JSONValue {
    /// The first number that cannot be computed with, in words with its name; `nil` if there is
    /// none.
    func impossibleNumber(_ name: String = "a number") -> String? {
        switch self {
        case .array(let elements): elements.lazy.compactMap { $0.impossibleNumber(name) }.first
        case .object(let members):
            members.lazy.compactMap { $0.value.impossibleNumber($0.name) }.first
        default:
            double.flatMap { number in
                number.magnitude <= Double(NumberCheck.maximumBytes)
                    ? nil : "\(name) is \(text) (allowed \(NumberCheck.maximumBytes) at most)"
            }
        }
    }
}
