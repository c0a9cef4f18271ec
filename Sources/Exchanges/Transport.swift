public import Measurements

/// A lane to the target; confined to one loop.
public protocol Transport: AnyObject {
    /// Sends the exchange's request and sees to it that `finish` is called once, by its deadline.
    func start(_ exchange: Exchange)

    /// Ends exchanges that have passed their deadline; called as often as that is to be seen.
    func sweep(now: UInt64)

    /// Ends every exchange in flight with this outcome, and closes all connections.
    func endAll(_ outcome: Outcome, detail: String)

    /// Closes what belongs to the user of an exchange, which sends no more.
    func release(_ exchange: Exchange)

    /// What the lane did since the last call.
    func takeStatistics() -> TransportStatistics
}

extension Transport {
    /// Nothing, of a lane whose users have nothing of their own.
    public func release(_ exchange: Exchange) {}

    /// Nothing, of a lane that counts nothing.
    public func takeStatistics() -> TransportStatistics { TransportStatistics() }
}

/// What a lane did in an interval.
public struct TransportStatistics: Sendable {
    /// Requests whose first byte was written.
    public var sent = 0
    /// Connections that were opened, or tried.
    public var opened = 0
    /// Requests sent again on a new connection, because the peer had closed an idle one and nothing
    /// was sent.
    public var reconnects = 0
    /// Open connections at the end.
    public var openConnections = 0
    /// The most bytes that one read found waiting: how far the loop was behind the target.
    public var maximumReadBytes = 0

    /// All zero.
    public init() {}

    /// Adds another lane's.
    public mutating func add(_ other: TransportStatistics) {
        sent += other.sent
        opened += other.opened
        reconnects += other.reconnects
        openConnections += other.openConnections
        maximumReadBytes = max(maximumReadBytes, other.maximumReadBytes)
    }
}
