/// Why the node cannot start or go on.
public struct NodeError: Error, Sendable, CustomStringConvertible {
    /// What happened, with values.
    public let message: String
    /// What to do about it.
    public let hint: String

    /// An error from what happened and what to do.
    public init(_ message: String, hint: String) {
        self.message = message
        self.hint = hint
    }

    /// What happened and what to do.
    public var description: String { "\(message); \(hint)" }
}
