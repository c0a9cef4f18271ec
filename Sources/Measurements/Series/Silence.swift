/// A stretch of at least 100 ms in which a generator thread had no right answer of an operation: a
/// line of silences.ndjson.
///
/// Times are in nanoseconds from the start of the load. A stretch in which nothing waited is among
/// them only where it coincides with one of another thread in which something did.
public struct Silence: Sendable, Codable, Equatable {
    /// The index of the generator thread.
    public var loop: Int
    /// The operation's id.
    public var operation: String
    /// When the last right answer before it was done; 0 if there was none.
    public var fromNanoseconds: UInt64
    /// The earliest due time since then of a request that waited until the end; `nil` if none did
    /// for 100 ms.
    public var dueNanoseconds: UInt64?
    /// When the right answer was done that ended it; `nil` if the load ended first.
    public var toNanoseconds: UInt64?
    /// The last time at which a request is known to have waited; `nil` if an answer ended it.
    public var lastNanoseconds: UInt64?

    /// The shortest that is kept, in nanoseconds.
    public static let shortestNanoseconds: UInt64 = 100_000_000

    /// A silence from its parts.
    public init(
        loop: Int, operation: String, fromNanoseconds: UInt64, dueNanoseconds: UInt64?,
        toNanoseconds: UInt64?, lastNanoseconds: UInt64? = nil
    ) {
        self.loop = loop
        self.operation = operation
        self.fromNanoseconds = fromNanoseconds
        self.dueNanoseconds = dueNanoseconds
        self.toNanoseconds = toNanoseconds
        self.lastNanoseconds = lastNanoseconds
    }

    /// Whether a request waited in it.
    public var isWaiting: Bool { dueNanoseconds != nil }

    /// Whether a moment belongs to both.
    public func overlaps(_ other: Silence) -> Bool {
        max(fromNanoseconds, other.fromNanoseconds)
            < min(toNanoseconds ?? .max, other.toNanoseconds ?? .max)
    }

    /// What it has in common with another thread's; `nil` if that is nothing.
    public func intersection(_ other: Silence) -> Silence? {
        guard overlaps(other) else { return nil }
        func least(_ one: UInt64?, _ other: UInt64?) -> UInt64? {
            [one, other].compactMap(\.self).min()
        }
        var both = self
        both.fromNanoseconds = max(fromNanoseconds, other.fromNanoseconds)
        // What waited since before another thread's last answer, waited from then on.
        both.dueNanoseconds = least(dueNanoseconds, other.dueNanoseconds)
            .map { max($0, both.fromNanoseconds) }
        both.toNanoseconds = least(toNanoseconds, other.toNanoseconds)
        both.lastNanoseconds =
            both.toNanoseconds == nil
            ? [lastNanoseconds, other.lastNanoseconds].compactMap(\.self).max() : nil
        return both
    }

    enum CodingKeys: String, CodingKey {
        case loop
        case operation
        case fromNanoseconds = "from_ns"
        case dueNanoseconds = "due_ns"
        case toNanoseconds = "to_ns"
        case lastNanoseconds = "last_ns"
    }
}
