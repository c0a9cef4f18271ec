/// Why a profile could not be made ready to fire.
public struct GeneratorError: Error, Sendable, CustomStringConvertible {
    /// What is wrong, with the value.
    public let message: String
    /// What to do about it.
    public let hint: String

    /// An error from its parts.
    public init(message: String, hint: String) {
        self.message = message
        self.hint = hint
    }

    /// The message, then the hint.
    public var description: String { "\(message); \(hint)" }
}
