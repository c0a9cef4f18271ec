import ArgumentParsing
import FoundationEssentials
import Glibc
import MoonbaseNode

extension NodeConfiguration {
    /// What the command takes: a file of settings, and each setting as a flag.
    static let syntax = CommandSyntax(
        name: "", summary: "moonbase: the reference node of the Moonbase v0 API",
        flags: [
            flag(
                "config", "FILE",
                "settings as YAML; each flag below is a key of it, spaces for dashes")
        ] + settings.map { flag($0.key, $0.value, $0.help) },
        examples: [
            "moonbase", "moonbase --port 0 --data node-data",
            "moonbase --config moonbase.yaml --supervise true",
        ])

    /// Repeatable, and the last one counts: so the supervisor adds its own for the worker.
    private static func flag(_ key: String, _ value: String, _ help: String) -> Flag {
        Flag(name: flagName(key), value: value, help: help, isRepeatable: true)
    }

    /// The settings that the words ask for: the file of `--config`, and the flags over it.
    ///
    /// - Throws: `UsageError` or `SettingsError`.
    init(_ words: [String]) throws {
        self.init(threads: max(1, Int(sysconf(Int32(_SC_NPROCESSORS_ONLN)))))
        let arguments = try Arguments(words, for: Self.syntax)
        let flags = Self.settings.flatMap { setting in
            arguments.all(Self.flagName(setting.key)).map { (setting.key, $0) }
        }
        let file = arguments.all("--config").last
        try read(
            try file.map { try String(settingsFile: $0) } ?? "", file: file ?? "", flags: flags)
    }
}

extension String {
    /// The text of a file that the command line names.
    ///
    /// - Throws: `UsageError` where it cannot be read.
    init(settingsFile path: String) throws(UsageError) {
        do { self = try String(contentsOfFile: path, encoding: .utf8) } catch {
            throw UsageError("\(path) cannot be read: \(error)")
        }
    }
}
