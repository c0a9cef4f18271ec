/// A flag of a command, with or without a value.
struct Flag: Sendable {
    let name: String
    /// The name of its value in the help; `nil` for a switch.
    let value: String?
    let help: String
    /// Whether it may be given more than once.
    var isRepeatable = false
}
