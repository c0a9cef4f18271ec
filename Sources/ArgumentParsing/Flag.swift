/// A flag of a command, with or without a value.
public struct Flag: Sendable {
    /// Its name with the dashes, as in `--rate`.
    public let name: String
    /// The name of its value in the help; `nil` for a switch.
    public let value: String?
    /// What it does, in one line of at most 100 columns together with the name.
    public let help: String
    /// Whether it may be given more than once.
    public let isRepeatable: Bool

    /// A flag from its parts.
    public init(name: String, value: String?, help: String, isRepeatable: Bool = false) {
        self.name = name
        self.value = value
        self.help = help
        self.isRepeatable = isRepeatable
    }
}
