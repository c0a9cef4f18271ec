import FoundationEssentials
import Glibc
import MoonbaseNode

/// A mistake in the command.
struct UsageError: Error, CustomStringConvertible {
    let description: String
}

/// The command's words as settings.
enum Arguments {
    /// Reads the file of `--config`, and the flags over it.
    ///
    /// - Throws: `UsageError` or `SettingsError`.
    static func configuration(from words: [String]) throws -> NodeConfiguration {
        var configuration = NodeConfiguration(
            threads: max(1, Int(sysconf(Int32(_SC_NPROCESSORS_ONLN)))))
        var flags: [(key: String, value: String)] = []
        var file: String?
        var rest = words[...]
        while let word = rest.popFirst() {
            let key = String(word.dropFirst(2)).replacing("-", with: " ")
            guard word.hasPrefix("--"), key == "config" || NodeConfiguration.keys.contains(key)
            else {
                let known = (["config"] + NodeConfiguration.keys).map {
                    "--\($0.replacing(" ", with: "-"))"
                }
                throw UsageError(
                    description: "there is no flag \(word); there are "
                        + known.joined(separator: ", "))
            }
            guard let value = rest.popFirst() else {
                throw UsageError(description: "\(word) wants a value")
            }
            if key == "config" { file = value } else { flags.append((key, value)) }
        }
        let text = try file.map { try read($0) } ?? ""
        try configuration.read(text, file: file ?? "", flags: flags)
        return configuration
    }

    /// A file's text.
    ///
    /// - Throws: `UsageError` where it cannot be read.
    static func read(_ path: String) throws -> String {
        do { return try String(contentsOfFile: path, encoding: .utf8) } catch {
            throw UsageError(description: "\(path) cannot be read: \(error)")
        }
    }
}
