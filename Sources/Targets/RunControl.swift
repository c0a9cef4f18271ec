import EventLoops

/// The way to end a run early from another thread.
public final class RunControl: Sendable {
    private let state = Locked(false)
    private let end: @Sendable (String) -> Void

    /// A control that has not been used.
    ///
    /// - Parameter giveUp: ends the process, with the reason in words; called on another thread
    ///   where a thread of the run hangs, so that the run cannot end by itself.
    public init(giveUp: @escaping @Sendable (String) -> Void = { _ in }) { end = giveUp }

    /// Ends the process, for this reason.
    public func giveUp(_ reason: String) { end(reason) }

    /// Whether `stop` was called.
    public var isStopRequested: Bool { state.withLock { $0 } }

    /// Ends the run within a second; what was measured is kept and judged.
    public func stop() { state.withLock { $0 = true } }
}
