/// Why an OpenAPI document cannot be used.
public struct ContractError: Error, Sendable, CustomStringConvertible {
    /// The document: a file, or the name of a built-in one.
    public let file: String
    /// Where in it, as a JSON pointer or as line and column; may be empty.
    public let place: String
    /// What is wrong.
    public let message: String

    /// An error from its parts.
    public init(file: String, place: String, message: String) {
        self.file = file
        self.place = place
        self.message = message
    }

    /// The document, the place and the message.
    public var description: String {
        place.isEmpty ? "\(file): \(message)" : "\(file): \(place): \(message)"
    }
}
