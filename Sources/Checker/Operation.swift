/// One request to a store and what came of it, in 32 bytes.
///
/// Registers are put, got and deleted; events are added to a log and listed. A list has one record
/// for each event that it returned, in their order.
public struct Operation: Sendable, Equatable {
    /// What was asked.
    public enum Kind: UInt8, Sendable, CaseIterable {
        /// Write a value to a register.
        case put
        /// Read a register.
        case get
        /// Delete a register.
        case delete
        /// Append an event to a log.
        case add
        /// One event that a list of a log returned, or that the list reached the log's end.
        case list
    }

    /// What the client knows of its effect.
    public enum Outcome: UInt8, Sendable, CaseIterable {
        /// It happened, and the answer is right.
        case ok
        /// It was refused, and must never happen.
        case failed
        /// It happened, will happen or never happens: a timeout, a reset, an answer of a proxy.
        case maybe
    }

    /// The value of a get that found nothing, of a delete, and of a list at the log's end.
    public static let none: UInt64 = 0

    /// The register or log, numbered from 0.
    public var key: UInt32
    /// Who asked.
    ///
    /// The records of a list, over all its pages, have a number that no other list of this log has.
    public var client: UInt16
    /// What was asked.
    public var kind: Kind
    /// What the client knows of its effect.
    public var outcome: Outcome
    /// The value that was written or read, unique among the writes of its key; or `none`.
    public var value: UInt64
    /// When it was sent, in nanoseconds of the monotonic clock: before its first byte.
    public var invoked: UInt64
    /// When its answer was read, in nanoseconds of the same clock; not before `invoked`.
    public var completed: UInt64

    /// An operation from its parts.
    public init(
        _ kind: Kind, key: UInt32, value: UInt64 = none, outcome: Outcome = .ok,
        client: UInt16 = 0, at time: ClosedRange<UInt64>
    ) {
        self.key = key
        self.client = client
        self.kind = kind
        self.outcome = outcome
        self.value = value
        invoked = time.lowerBound
        completed = time.upperBound
    }

    /// Whether it was over before another one began.
    func precedes(_ other: Operation) -> Bool { completed < other.invoked }
}
