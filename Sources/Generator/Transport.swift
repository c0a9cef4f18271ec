public import Evidence

/// A lane to the target; confined to one loop.
public protocol Transport: AnyObject {
    /// Sends the exchange's request and sees to it that `finish` is called once, by its deadline.
    func start(_ exchange: Exchange)

    /// Ends exchanges that have passed their deadline; called every few milliseconds.
    func sweep(now: UInt64)

    /// Ends every exchange in flight with this outcome, and closes all connections.
    func endAll(_ outcome: Outcome, detail: String)
}
