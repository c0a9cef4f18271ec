/// Why bytes are not an acceptable JSON text.
public struct JSONError: Error, Sendable, CustomStringConvertible {
    /// What is wrong.
    public let message: String
    /// Where, counted from 1; 0 where the place is not known.
    public let line: Int
    /// Where in the line, counted from 1; 0 where the place is not known.
    public let column: Int

    /// An error from its parts.
    public init(message: String, line: Int = 0, column: Int = 0) {
        self.message = message
        self.line = line
        self.column = column
    }

    /// The place and the message.
    public var description: String {
        line > 0 ? "line \(line), column \(column): \(message)" : message
    }
}
