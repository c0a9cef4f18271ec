/// The words after the command, checked against what the command takes.
public struct Arguments: Sendable {
    /// The first argument that is no flag; empty where the command takes none.
    public let argument: String
    /// Every argument that is no flag.
    public let arguments: [String]
    /// The words of another program's command, after `--`; empty where the command takes none.
    public let commandWords: [String]
    private let values: [String: [String]]
    private let switches: Set<String>

    /// Reads the words.
    ///
    /// - Throws: `UsageError` with what is allowed, and what was perhaps meant.
    public init(_ words: [String], for command: CommandSyntax) throws(UsageError) {
        var arguments: [String] = []
        var values: [String: [String]] = [:]
        var switches: Set<String> = []
        var rest = words[...]
        var commandWords: [String] = []
        while let word = rest.popFirst() {
            if word == "--", command.takesCommand {
                commandWords = Array(rest)
                break
            }
            guard word.hasPrefix("-"), word != "-" else {
                arguments.append(word)
                continue
            }
            let parts = word.split(
                separator: "=", maxSplits: 1, omittingEmptySubsequences: false
            ).map(String.init)
            guard let flag = command.flags.first(where: { $0.name == parts[0] }) else {
                throw UsageError(unknownFlag: parts[0], of: command)
            }
            if flag.value == nil {
                guard parts.count == 1 else {
                    throw UsageError("\(flag.name) takes no value, and has \"\(parts[1])\"")
                }
                guard switches.insert(flag.name).inserted else {
                    throw UsageError("\(flag.name) stands there twice")
                }
                continue
            }
            let wanted = "\(flag.name) wants a value: \(flag.name) \(flag.value ?? "")"
            guard let value = parts.count > 1 ? parts[1] : rest.popFirst() else {
                throw UsageError(wanted)
            }
            if parts.count == 1, command.flags.contains(where: { $0.name == value }) {
                throw UsageError("\(wanted); \(value) is a flag")
            }
            guard !value.isEmpty else { throw UsageError(wanted) }
            guard flag.isRepeatable || values[flag.name] == nil else {
                throw UsageError("\(flag.name) stands there twice")
            }
            values[flag.name, default: []].append(value)
        }
        if let name = command.argument {
            guard let first = arguments.first else {
                throw UsageError(
                    "\(command.name) wants a \(name), as in: \(command.examples[0])")
            }
            guard arguments.count <= command.maximumArguments else {
                let number = command.maximumArguments == 1 ? "one" : "\(command.maximumArguments)"
                throw UsageError(
                    "\(command.name) takes \(number) \(name); "
                        + "\"\(arguments[command.maximumArguments])\" is one more")
            }
            argument = first
        } else {
            guard arguments.isEmpty else {
                throw UsageError("\(command.name) takes no argument; \"\(arguments[0])\" is one")
            }
            argument = ""
        }
        if command.takesCommand, commandWords.isEmpty {
            throw UsageError(
                "\(command.name) wants a command after --, as in: \(command.examples[0])")
        }
        self.commandWords = commandWords
        self.arguments = arguments
        self.values = values
        self.switches = switches
    }

    /// Whether a switch is given.
    public func has(_ flag: String) -> Bool { switches.contains(flag) }

    /// The value of a flag, the first of one that is repeated; `nil` if it is not given.
    public func value(_ flag: String) -> String? { values[flag]?.first }

    /// Every value of a flag, in their order.
    public func all(_ flag: String) -> [String] { values[flag] ?? [] }
}
