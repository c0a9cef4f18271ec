/// Why evidence could not be written or read.
public struct EvidenceError: Error, Sendable, CustomStringConvertible {
    /// The file or folder, with the line where there is one.
    public let place: String
    /// What happened.
    public let message: String
    /// What to do about it.
    public let hint: String

    /// An error from its parts.
    public init(place: String, message: String, hint: String) {
        self.place = place
        self.message = message
        self.hint = hint
    }

    /// The place, what happened, and what to do.
    public var description: String { "\(place): \(message); \(hint)" }
}
