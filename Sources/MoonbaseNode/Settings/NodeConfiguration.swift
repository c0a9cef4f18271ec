import YAML

/// What the node's command line is told, by a file and by flags, which have the last word.
public struct NodeConfiguration: Sendable, Equatable {
    /// An IPv4 address.
    public var host = "127.0.0.1"
    /// 0 picks a free one.
    public var port = 4343
    /// The port of the admin listener, on 127.0.0.1; `nil` for none.
    public var adminPort: Int?
    /// Where data is kept; empty for a temporary folder.
    public var data = ""
    /// Event loops.
    public var threads: Int
    /// The file of the plan of faults; `nil` for none.
    public var inject: String?
    /// `debug`, `info`, `warn` or `error`: the least level that is logged.
    public var logLevel = "warn"
    /// What memory may grow to.
    public var memoryBytes = 2 << 30
    /// Whether a supervisor process restarts the node.
    public var isSupervised = false
    /// Whether writes share commits.
    public var hasGroupCommit = true
    /// SQLite's access to files: `system`, or `unsynced` for the test of crashes.
    public var vfs = "system"

    /// A setting: a key of the file, and a flag of the command line.
    public struct Setting: Sendable {
        /// The key; the flag is the same with two dashes, its spaces as dashes.
        public let key: String
        /// The name of its value in the help.
        public let value: String
        /// What it does, and its default.
        public let help: String
    }

    /// Every setting, in the order of the help.
    public static let settings = [
        Setting(
            key: "port", value: "NUMBER",
            help: "where it listens; 4343, and 0 picks a free one and prints it"),
        Setting(key: "host", value: "ADDRESS", help: "an IPv4 address; 127.0.0.1"),
        Setting(
            key: "admin port", value: "NUMBER",
            help: "a second port, on 127.0.0.1, where a request may ask for a fault"),
        Setting(
            key: "data", value: "DIR",
            help: "where it keeps its data; a temporary folder, removed at the end"),
        Setting(
            key: "threads", value: "NUMBER",
            help: "event loops that serve connections; one for each core"),
        Setting(
            key: "supervise", value: "true",
            help: "a second process owns the socket and restarts the node"),
        Setting(
            key: "inject", value: "PLAN",
            help: "misbehaves as the file says, and counts it in /metrics"),
        Setting(key: "memory limit", value: "SIZE", help: "what memory may grow to; 2GiB"),
        Setting(
            key: "log level", value: "LEVEL",
            help: "debug, info, warn or error, to standard error; warn"),
        Setting(
            key: "group commit", value: "false",
            help: "each write has a commit of its own, to compare with"),
        Setting(
            key: "vfs", value: "unsynced",
            help: "keeps writes from the disk until they are synced, to test crashes"),
    ]

    /// The flag of a key, as in `--admin-port`.
    public static func flagName(_ key: String) -> String {
        "--\(key.replacing(" ", with: "-"))"
    }

    /// Levels of the log, the least first.
    public static let levels = ["debug", "info", "warn", "error"]

    /// The defaults, with so many threads.
    public init(threads: Int) { self.threads = threads }

    /// Takes over what a file says.
    ///
    /// - Parameter flags: values that come after the file's, as if they stood in it.
    /// - Throws: `SettingsError` with every mistake of both.
    public mutating func read(
        _ text: String, file: String, flags: [(key: String, value: String)] = []
    ) throws(SettingsError) {
        var reader = SettingsReader(file: file)
        if !text.isEmpty, let root = reader.tree(text) {
            reader.check(root, "the settings", keys: Self.settings.map(\.key))
            for entry in root.entries ?? [] { take(entry.key, entry.value, &reader) }
        }
        var problems = reader.problems
        for (key, value) in flags {
            var reader = SettingsReader(file: Self.flagName(key))
            let position = YAMLNode.Position(line: 0, column: 0)
            take(
                key,
                YAMLNode(content: .scalar(value, isQuoted: true), position: position), &reader)
            problems += reader.problems.map { $0.replacing(":0:0:", with: "") }
        }
        if !problems.isEmpty { throw SettingsError(problems: problems) }
    }

    private mutating func take(_ key: String, _ node: YAMLNode, _ reader: inout SettingsReader) {
        switch key {
        case "host": host = reader.text(node) ?? host
        case "port": port = reader.integer(node, in: 0...65535) ?? port
        case "admin port": adminPort = reader.integer(node, in: 0...65535) ?? adminPort
        case "data": data = reader.text(node) ?? data
        case "threads": threads = reader.integer(node, in: 1...256) ?? threads
        case "inject": inject = reader.text(node) ?? inject
        case "log level": logLevel = reader.choice(node, Self.levels) ?? logLevel
        case "memory limit":
            memoryBytes = max(64 << 20, reader.bytes(node) ?? memoryBytes)
        case "supervise": isSupervised = reader.choice(node, ["true", "false"]) == "true"
        case "group commit": hasGroupCommit = reader.choice(node, ["true", "false"]) != "false"
        case "vfs": vfs = reader.choice(node, ["system", "unsynced"]) ?? vfs
        default: break
        }
    }
}
