/// What a command takes: its name, argument and flags, and the words of its help.
public struct CommandSyntax: Sendable {
    /// What it is called by behind the program's name; empty if the program is this one command.
    public let name: String
    /// The name of its argument in the help; `nil` if it takes none.
    public let argument: String?
    /// What it does, in one line.
    public let summary: String
    /// Its flags, in the order of the help.
    public let flags: [Flag]
    /// Whole command lines; a message on what is missing shows the first, so there is one at least.
    public let examples: [String]
    /// How many arguments it takes, where it takes any.
    public private(set) var maximumArguments = 1
    /// Whether a command of another program follows after `--`.
    public let takesCommand: Bool

    /// A syntax from its parts.
    public init(
        name: String, argument: String? = nil, summary: String, flags: [Flag] = [],
        examples: [String], takesCommand: Bool = false
    ) {
        precondition(!examples.isEmpty, "\(name) has no example")
        self.name = name
        self.argument = argument
        self.summary = summary
        self.flags = flags
        self.examples = examples
        self.takesCommand = takesCommand
    }

    /// The same command with up to so many arguments, 1 at least.
    public func taking(upTo maximumArguments: Int) -> Self {
        precondition(maximumArguments >= 1, "\(maximumArguments)")
        var syntax = self
        syntax.maximumArguments = maximumArguments
        return syntax
    }

    /// What messages begin with.
    var subject: String { name.isEmpty ? "it" : name }

    /// Whether the words after the command ask for its help; those of another program do not.
    public func isHelp(_ words: [String]) -> Bool {
        let own = takesCommand ? words.prefix { $0 != "--" } : words[...]
        return own.contains("--help") || own.contains("-h")
    }

    /// The text of `--help`.
    ///
    /// - Parameter program: the program whose command it is.
    public func help(of program: String) -> String {
        let path = [program, name, argument ?? ""].filter { !$0.isEmpty }.joined(separator: " ")
        var text = "\(summary)\n\nusage: \(path)"
        if !flags.isEmpty { text += " [FLAG]..." }
        if takesCommand { text += " -- COMMAND [WORD]..." }
        text += "\n"
        if !flags.isEmpty {
            let titles = flags.map(\.title)
            let width = (titles.map(\.count).max() ?? 0) + 2
            text += "\nflags:\n"
            for (title, flag) in zip(titles, flags) {
                let space = String(repeating: " ", count: width - title.count)
                text += "  \(title)\(space)\(flag.help)\n"
            }
        }
        text += "\nexamples:\n" + examples.map { "  \($0)\n" }.joined()
        return text
    }
}
