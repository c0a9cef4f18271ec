/// The interval between two stamps of a request.
public enum Clock: String, Sendable, Codable, CaseIterable {
    /// done - due: what a user feels; the verdict's clock.
    case latency
    /// done - sent.
    case service
    /// ready - due: the generator's own fault.
    case lag
    /// sent - ready: waiting for a free connection; the target's, and part of latency.
    case wait
}

/// Which samples a histogram of the evidence holds.
public struct HistogramKey: Sendable, Hashable {
    /// The phase that the request was due in, by name.
    public var phase: String
    /// The operation's id.
    public var operation: String
    /// The interval that was measured.
    public var clock: Clock
    /// True for requests whose outcome is a failure (latency and service only).
    public var isFailed: Bool

    /// A key from its parts.
    public init(phase: String, operation: String, clock: Clock, isFailed: Bool = false) {
        self.phase = phase
        self.operation = operation
        self.clock = clock
        self.isFailed = isFailed
    }
}
