/// A flag of a command, with or without a value.
public struct Flag: Sendable {
    /// Its name with the dashes, as in `--rate`.
    public let name: String
    /// Its other name of one letter, as in `-r`; `nil` if it has none.
    public let short: String?
    /// The name of its value in the help; `nil` for a switch.
    public let value: String?
    /// What it does, in one line of at most 100 columns together with the name.
    public let help: String
    /// Whether it may be given more than once.
    public let isRepeatable: Bool

    /// A flag from its parts.
    public init(
        name: String, short: String? = nil, value: String?, help: String,
        isRepeatable: Bool = false
    ) {
        self.name = name
        self.short = short
        self.value = value
        self.help = help
        self.isRepeatable = isRepeatable
    }

    /// Whether a word on the command line names it.
    func isCalled(_ word: String) -> Bool { word == name || word == short }

    /// Its names and its value, as the help has them.
    var title: String {
        (short.map { "\($0), " } ?? "") + name + (value.map { " \($0)" } ?? "")
    }
}
