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
        guard let path = json["path"]?.string else { return nil }
        self.path = path
        copy = json["copy"]?.string
        sizeBytes = json["size_bytes"]?.integer.map { Int($0) }
        sha256 = json["sha256"]?.string
    }
}
