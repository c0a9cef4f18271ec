/// The four stamps of a request, in nanoseconds of the monotonic clock, and what lies between them.
public struct RequestStamps: Sendable, Equatable {
    /// When the plan wanted it to start.
    public let due: Int64
    /// When the generator had it ready to go.
    public let ready: Int64
    /// When its first byte went out.
    public let sent: Int64
    /// When its answer was complete.
    public let done: Int64

    /// Stamps.
    public init(due: Int64, ready: Int64, sent: Int64, done: Int64) {
        self.due = due
        self.ready = ready
        self.sent = sent
        self.done = done
    }

    /// What users feel, and the only figure that verdicts use.
    public var latency: Int64 { done - due }

    /// The generator's own fault.
    public var lag: Int64 { ready - due }

    /// The wait for a free connection, which is the target's doing.
    public var connectionWait: Int64 { sent - ready }

    /// From the first byte to the answer.
    public var service: Int64 { done - sent }
}
