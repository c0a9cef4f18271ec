/// Why a text is no objective.
public struct ObjectiveError: Error, Sendable, Equatable, CustomStringConvertible {
    /// The text.
    public let text: String
    /// What is wrong with it, what is allowed, and what was perhaps meant.
    public let reason: String

    /// The text and what is wrong with it.
    public var description: String { "\"\(text)\" is not an objective: \(reason)" }
}
