public import JSON

/// How hard a fault strikes; each kind takes some of these, and has its own default.
public struct FaultSettings: Sendable, Equatable {
    /// Which way of a connection is struck.
    public enum Direction: String, Sendable, CaseIterable {
        /// Both ways.
        case both
        /// Requests only.
        case toTarget = "to target"
        /// Answers only.
        case fromTarget = "from target"
    }

    /// Files, processes or bytes that are allowed; above 0.
    public var limit: Int?
    /// A share above 0 and below 1: of a core, of the packets that are lost, or of the pieces that
    /// are changed.
    public var share: Double?
    /// How long each piece is held back.
    public var delay: Duration?
    /// How much more than that, at most, drawn evenly.
    public var jitter: Duration?
    /// Bytes a second, above 0.
    public var bytesPerSecond: Int?
    /// Which way is struck.
    public var direction = Direction.both
    /// A folder or a database file.
    public var path: String?

    /// What the package's node does wrong, as one fault of its `--inject`: an object whose one
    /// member is named after the kind.
    public var plan: JSONValue?

    /// Nothing but defaults.
    public init() {}
}
