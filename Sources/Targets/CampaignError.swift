/// Why a run could not be made, with what to do about it.
public struct CampaignError: Error, Sendable, CustomStringConvertible {
    /// What kind of trouble it is, which decides the exit code.
    public enum Code: Sendable {
        /// The profile, a flag or a path is wrong: exit 64.
        case usage
        /// The tool itself could not go on: exit 1.
        case failure
    }

    /// What kind of trouble it is.
    public let code: Code
    /// What happened, with values.
    public let message: String
    /// What to do about it.
    public let hint: String

    /// An error from its parts.
    public init(_ code: Code, _ message: String, hint: String) {
        self.code = code
        self.message = message
        self.hint = hint
    }

    /// The message, then the hint.
    public var description: String { "\(message); \(hint)" }
}
