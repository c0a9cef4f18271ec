import EventLoops
public import Histograms
public import Measurements

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
    func giveUp(_ reason: String) { end(reason) }

    /// Whether `stop` was called.
    public var isStopRequested: Bool { state.withLock { $0 } }

    /// Ends the run within a second; what was measured is kept and judged.
    public func stop() { state.withLock { $0 = true } }
}

/// How a run is going, once a second.
public struct RunProgress: Sendable {
    /// The second's row of the evidence.
    public var row: SeriesRow
    /// The second's samples, by key.
    public var histograms: [HistogramKey: Histogram] = [:]
    /// How long the load goes on, in seconds.
    public var totalSeconds: Double
    /// Failed requests of the run so far.
    public var failures: Int
    /// Requests of the run so far.
    public var requests: Int
}
