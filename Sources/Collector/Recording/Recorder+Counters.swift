extension Recorder {
    /// The counts of a second that belong to no operation.
    public struct Counters: Sendable {
        /// Arrivals of the open model that were started.
        public var started = 0
        /// Iterations of closed users.
        public var iterations = 0
        /// Arrivals dropped at the cap.
        public var dropped = 0
        /// Steps left out because an earlier one failed.
        public var skipped = 0
        /// Iterations that were not started, because a feed had no row left for them.
        public var unfed = 0

        /// All zero.
        public init() {}
    }

    /// When the load starts, and how long its requests may take.
    public struct Span: Sendable {
        /// The start, monotonic nanoseconds.
        public var startNanoseconds: UInt64
        /// From due to done at most, in nanoseconds.
        public var timeoutNanoseconds: UInt64

        /// A span from its parts.
        public init(startNanoseconds: UInt64 = 0, timeoutNanoseconds: UInt64 = 5_000_000_000) {
            self.startNanoseconds = startNanoseconds
            self.timeoutNanoseconds = timeoutNanoseconds
        }
    }
}
