/// The words after the command, checked against what the command takes.
public struct Arguments: Sendable {
    /// The first argument that is no flag; empty where the command takes none.
    public private(set) var argument = ""
    /// Every argument that is no flag.
    public private(set) var arguments: [String] = []
    /// The words of another program's command, after `--`; empty where the command takes none.
    public private(set) var commandWords: [String] = []
    private var values: [String: [String]] = [:]
    private var switches: Set<String> = []

    /// Reads the words.
    ///
    /// - Throws: `UsageError` with what is allowed, and what was perhaps meant.
    public init(_ words: [String], for command: CommandSyntax) throws(UsageError) {
        var rest = words[...]
        while let word = rest.popFirst() {
            if word == "--", command.takesCommand {
                commandWords = Array(rest)
                break
            }
            if word.hasPrefix("-"), word != "-" {
                try read(word, before: &rest, of: command)
            } else {
                arguments.append(word)
            }
        }
        argument = arguments.first ?? ""
        try checkArguments(of: command)
    }

    /// Reads a flag, and its value from the words behind it.
    private mutating func read(
        _ word: String, before rest: inout ArraySlice<String>, of command: CommandSyntax
    ) throws(UsageError) {
        let parts = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            .map(String.init)
        guard let flag = command.flags.first(where: { $0.isCalled(parts[0]) }) else {
            throw UsageError(unknownFlag: parts[0], of: command)
        }
        guard let form = flag.value else {
            guard parts.count == 1 else {
                throw UsageError("\(flag.name) takes no value, and has \"\(parts[1])\"")
            }
            guard switches.insert(flag.name).inserted else {
                throw UsageError("\(flag.name) is given twice")
            }
            return
        }
        let wanted = "\(flag.name) wants a value: \(flag.name) \(form)"
        guard let value = parts.count > 1 ? parts[1] : rest.popFirst() else {
            throw UsageError(wanted)
        }
        if parts.count == 1, command.flags.contains(where: { $0.isCalled(value) }) {
            throw UsageError("\(wanted); \(value) is a flag")
        }
        guard !value.isEmpty else { throw UsageError(wanted) }
        guard flag.isRepeatable || values[flag.name] == nil else {
            throw UsageError("\(flag.name) is given twice")
        }
        values[flag.name, default: []].append(value)
    }

    /// As many as the command takes.
    private func checkArguments(of command: CommandSyntax) throws(UsageError) {
        let maximum = command.maximumArguments
        if let name = command.argument {
            guard !arguments.isEmpty else {
                let article = "AEIOU".contains(name.prefix(1)) ? "an" : "a"
                throw UsageError(
                    "\(command.subject) wants \(article) \(name), as in: \(command.examples[0])")
            }
            guard arguments.count <= maximum else {
                let number = maximum == 1 ? "one" : "\(maximum)"
                throw UsageError(
                    "\(command.subject) takes \(number) \(name); "
                        + "\"\(arguments[maximum])\" is one more")
            }
        } else if let first = arguments.first {
            throw UsageError("\(command.subject) takes no argument; \"\(first)\" is one")
        }
        if command.takesCommand, commandWords.isEmpty {
            throw UsageError(
                "\(command.subject) wants a command after --, as in: \(command.examples[0])")
        }
    }

    /// Whether a switch is given.
    public func has(_ flag: String) -> Bool { switches.contains(flag) }

    /// The value of a flag, the first of one that is repeated; `nil` if it is not given.
    public func value(_ flag: String) -> String? { values[flag]?.first }

    /// Every value of a flag, in their order.
    public func all(_ flag: String) -> [String] { values[flag] ?? [] }
}
