import FoundationEssentials
import Glibc
public import JSON
import Measurements
public import Profiles

/// What was run, where and by what: run.json.
public struct RunDescription: Sendable, Equatable {
    /// The version of the evidence's form.
    public static let schema = "loadgen/run/3"
    /// The versions that can be read; the first had no due.ndjson and no silences.ndjson, the
    /// second no seals.ndjson.
    static let schemas = ["loadgen/run/1", "loadgen/run/2", schema]
    /// More generator threads than any run has.
    static let maximumThreads = NumberCheck.maximumThreads
    /// The version of loadgen.
    public static let version = "0.1.0"

    /// Whether its version has seals; evidence of earlier ones has not.
    let hasSeals: Bool
    /// The run's id, which is its folder's name.
    public var id: String
    /// The start, ISO 8601 in UTC.
    public var startedAt: String
    /// The start in seconds since 1970.
    public var startedSeconds: Double
    /// The profile as run, in the vocabulary of its YAML.
    public var profile: JSONValue
    /// The target's URL.
    public var target: String
    /// The target's process, where loadgen started it.
    public var targetProcess: Int?
    /// The command line.
    public var command: [String]
    /// Generator threads.
    public var threads: Int
    /// The machine, as name and value.
    public var host: [JSONValue.Member]
    /// The floor under every latency; `nil` if the run was not calibrated.
    public var calibration: Calibration?
    /// The SHA-256 of `profile` as JSON, 64 digits from 0 to f; `nil` in evidence of earlier
    /// versions, as the next three.
    public internal(set) var profileSHA256: String?
    /// The SHA-256 of the objectives, a line each.
    public internal(set) var objectivesSHA256: String?
    /// The contract's document; `nil` if there is none.
    public internal(set) var contract: RunFile?
    /// The files that requests were made of.
    public internal(set) var files: [RunFile] = []

    /// The description of a run that starts now, on this machine.
    public init(
        id: String, profile: Profile, target: String, targetProcess: Int?, command: [String],
        threads: Int
    ) {
        hasSeals = true
        self.id = id
        let now = Date()
        startedAt = now.ISO8601Format()
        startedSeconds = now.timeIntervalSince1970
        self.profile = profile.json
        self.target = target
        self.targetProcess = targetProcess
        self.command = command
        self.threads = threads
        host = Self.describeHost()
        profileSHA256 = Checksum.hexadecimal(of: self.profile.text)
        objectivesSHA256 = Self.hash(Self.objectives(of: self.profile))
    }

    /// Copies what the run is made of into its folder, so that it can be made and judged again
    /// without the original files.
    ///
    /// - Parameter document: the contract's document; empty for none.
    /// - Throws: `EvidenceError` if a file cannot be read or written.
    public mutating func keep(
        document: String, filesOf profile: Profile, in folder: RunFolder
    ) throws(EvidenceError) {
        if !document.isEmpty {
            try EvidenceWriter.write(document, to: "\(folder.path)/\(ProfileLibrary.keptContract)")
            contract = RunFile(
                path: profile.contract, copy: ProfileLibrary.keptContract,
                sizeBytes: document.utf8.count, sha256: Checksum.hexadecimal(of: document))
        }
        files = try folder.keepFiles(of: profile)
    }

    /// Whether a profile's objectives are the ones that the run was made with.
    public func hasObjectives(of profile: Profile) -> Bool {
        let others = Self.objectives(of: profile.json)
        guard let objectivesSHA256 else { return others == Self.objectives(of: self.profile) }
        return Self.hash(others) == objectivesSHA256
    }

    private static func objectives(of profile: JSONValue) -> [String] {
        profile["objectives"]?.array?.compactMap(\.string) ?? []
    }

    private static func hash(_ objectives: [String]) -> String {
        Checksum.hexadecimal(of: objectives.map { "\($0)\n" }.joined())
    }

    private static func describeHost() -> [JSONValue.Member] {
        let processors = (try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8)) ?? ""
        let model =
            processors.split(separator: "\n").first { $0.hasPrefix("model name") }
            .flatMap { $0.split(separator: ":").last } ?? "unknown"
        let kernel =
            (try? String(contentsOfFile: "/proc/sys/kernel/osrelease", encoding: .utf8)) ?? ""
        let memory = sysconf(Int32(_SC_PHYS_PAGES)) * sysconf(Int32(_SC_PAGESIZE))
        return [
            .init("cpus", .integer(Int64(sysconf(Int32(_SC_NPROCESSORS_ONLN))))),
            .init("cpu_model", .string(model.filter { $0 != "\t" }.trimmed)),
            .init("memory_bytes", .integer(Int64(memory))),
            .init("kernel", .string(kernel[...].trimmed)),
        ]
    }

    var json: JSONValue {
        .object([
            .init("schema", .string(Self.schema)), .init("id", .string(id)),
            .init("loadgen_version", .string(Self.version)),
            .init("started_at", .string(startedAt)), .init("started_s", .number(startedSeconds)),
            .init("target", .string(target)),
            .init("target_process", targetProcess.map { .integer(Int64($0)) } ?? .null),
            .init("command", .array(command.map { .string($0) })),
            .init("threads", .integer(Int64(threads))), .init("host", .object(host)),
            .init("calibration", calibration?.json ?? .null),
            .init("profile_sha256", profileSHA256.map { .string($0) } ?? .null),
            .init("objectives_sha256", objectivesSHA256.map { .string($0) } ?? .null),
            .init("contract_sha256", contract?.sha256.map { .string($0) } ?? .null),
            .init("contract", contract?.json ?? .null),
            .init("data", .array(files.map(\.json))), .init("profile", profile),
        ])
    }
}

extension Substring {
    /// Without white space at its ends.
    fileprivate var trimmed: String {
        var text = drop { $0.isWhitespace }
        while let last = text.last, last.isWhitespace { text.removeLast() }
        return String(text)
    }
}

extension String {
    fileprivate var trimmed: String { self[...].trimmed }
}
