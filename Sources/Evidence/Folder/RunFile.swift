import JSON

/// A file that a run was made of: the contract's document, rows of data, a body.
public struct RunFile: Sendable, Equatable {
    /// Its path as the profile has it.
    public var path: String
    /// Its copy in the run's folder, as in `data/users.csv`; `nil` if it was not copied.
    public var copy: String?
    /// Its size; `nil` if it is no regular file, which can be read only once.
    public var sizeBytes: Int?
    /// Its SHA-256, 64 digits from 0 to f; likewise.
    public var sha256: String?

    /// A file from its parts.
    public init(path: String, copy: String? = nil, sizeBytes: Int? = nil, sha256: String? = nil) {
        self.path = path
        self.copy = copy
        self.sizeBytes = sizeBytes
        self.sha256 = sha256
    }

    /// The file for run.json.
    var json: JSONValue {
        .object([
            .init("path", .string(path)), .init("copy", copy.map { .string($0) } ?? .null),
            .init("size_bytes", sizeBytes.map { .integer(Int64($0)) } ?? .null),
            .init("sha256", sha256.map { .string($0) } ?? .null),
        ])
    }

    /// `nil` if the JSON is no file.
    init?(json: JSONValue) {
        let size = json["size_bytes"]
        guard let path = json["path"]?.string,
            [nil, .null].contains(size) || (size?.integer ?? -1) >= 0
        else { return nil }
        self.path = path
        copy = json["copy"]?.string
        sizeBytes = size?.integer.map { Int($0) }
        sha256 = json["sha256"]?.string
    }

    /// What is wrong with its copy in a run's folder, in words; `nil` if nothing is, or if it was
    /// not copied.
    ///
    /// O(bytes).
    ///
    /// - Throws: `EvidenceError` if the copy cannot be read.
    func damage(in folder: String) throws(EvidenceError) -> String? {
        guard let copy, let sha256 else { return nil }
        guard !copy.hasPrefix("/"), !copy.split(separator: "/").contains("..") else {
            return "run.json names the copy \(copy), which is outside of the run's folder"
        }
        guard EvidenceFile.exists("\(folder)/\(copy)") else { return "\(copy) is missing" }
        let reader = try LineReader("\(folder)/\(copy)")
        var checksum = Checksum()
        var offset = 0
        while true {
            let piece = try reader.piece(at: offset)
            guard !piece.isEmpty else { break }
            piece.withUnsafeBytes { checksum.add($0) }
            offset += piece.count
        }
        guard checksum.hexadecimal() != sha256 else { return nil }
        return "\(copy) is not the file that the run was made with: its SHA-256 is another one"
    }
}
