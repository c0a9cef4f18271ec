/// Exchanges that wait for a connection, first come first served; O(1) in and out.
public struct WaitingLine {
    private var exchanges = ContiguousArray<Exchange?>()
    private var first = 0

    /// An empty line.
    public init() {}

    /// How many wait.
    public var count: Int { exchanges.count - first }

    /// Puts one at the end.
    public mutating func append(_ exchange: Exchange) { exchanges.append(exchange) }

    /// Takes out the one that has waited longest; `nil` if none waits.
    public mutating func popFirst() -> Exchange? {
        guard first < exchanges.count else { return nil }
        defer {
            exchanges[first] = nil
            first += 1
            // Half of it is spent: close the gap, at a cost that the pops before have earned.
            if first * 2 >= exchanges.count {
                exchanges.removeFirst(first)
                first = 0
            }
        }
        return exchanges[first]
    }

    /// Takes out whoever is too late; O(count), since deadlines come in any order.
    public mutating func takeExpired(at now: UInt64) -> [Exchange] {
        var expired: [Exchange] = []
        for exchange in exchanges[first...] {
            if let exchange, exchange.deadline <= now { expired.append(exchange) }
        }
        guard !expired.isEmpty else { return [] }
        exchanges.removeAll { $0.map { $0.deadline <= now } ?? true }
        first = 0
        return expired
    }
}
