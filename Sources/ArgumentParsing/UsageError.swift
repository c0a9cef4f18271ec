import Suggestions

/// Words on the command line that cannot be followed; exit code 64.
public struct UsageError: Error, CustomStringConvertible {
    /// What is wrong with them, and what is allowed.
    public let description: String

    /// An error with its message.
    public init(_ description: String) { self.description = description }

    init(unknownFlag name: String, of command: CommandSyntax) {
        let names = command.flags.map(\.name)
        if let near = Suggestion.closest(to: name, among: names) {
            self.init("\(command.subject) has no flag \(name); did you mean \(near)?")
        } else {
            let known =
                names.isEmpty ? "it takes none" : "it takes \(names.joined(separator: ", "))"
            self.init("\(command.subject) has no flag \(name); \(known)")
        }
    }
}
