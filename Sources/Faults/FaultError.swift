/// Why a fault could not be made, with what to do about it.
public struct FaultError: Error, Sendable, Equatable, CustomStringConvertible {
    /// What happened, with values.
    public let message: String
    /// What to do about it.
    public let hint: String

    /// An error from its parts.
    public init(_ message: String, hint: String) {
        self.message = message
        self.hint = hint
    }

    /// The message, then the hint.
    public var description: String { "\(message); \(hint)" }
}
