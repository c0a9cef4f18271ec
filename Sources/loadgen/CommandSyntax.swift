/// What a command takes: its name, argument and flags, and the words of its help.
struct CommandSyntax: Sendable {
    let name: String
    /// The name of its argument in the help; `nil` if it takes none.
    var argument: String?
    let summary: String
    var flags: [Flag] = []
    let examples: [String]
    /// How many arguments it takes, where it takes any.
    var maximumArguments = 1
    /// Whether a command of another program follows after `--`.
    var takesCommand = false

    /// The text of `loadgen COMMAND --help`.
    var help: String {
        var text = "\(summary)\n\nusage: loadgen \(name)"
        if let argument { text += " \(argument)" }
        if !flags.isEmpty { text += " [FLAG]..." }
        if takesCommand { text += " -- COMMAND [WORD]..." }
        text += "\n"
        if !flags.isEmpty {
            let titles = flags.map { flag in flag.value.map { "\(flag.name) \($0)" } ?? flag.name }
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
