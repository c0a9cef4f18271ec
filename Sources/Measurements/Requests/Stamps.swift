/// The times of one request, monotonic nanoseconds; a stamp that never came about is 0.
public struct Stamps: Sendable {
    /// When it was due.
    public var due: UInt64
    /// When the generator had it ready.
    public var ready: UInt64 = 0
    /// When its first byte was written.
    public var sent: UInt64 = 0
    /// When the first byte of its answer was read.
    public var firstByte: UInt64 = 0
    /// When it ended.
    public var done: UInt64 = 0
    /// What its own new connection took, and the sending; all zero where a connection was reused.
    public var setup = Setup()

    /// The stamps of a request that is due at `due`.
    public init(due: UInt64) { self.due = due }

    /// Durations in nanoseconds of what not every request has; 0 where it did not happen.
    public struct Setup: Sendable {
        /// Looking the host up; 0 where the address was known.
        public var resolve: UInt64 = 0
        /// From the start of the connection attempt to its success.
        public var connect: UInt64 = 0
        /// The TLS handshake.
        public var tls: UInt64 = 0
        /// From the first byte written to the last; 0 where one call took them all.
        public var send: UInt64 = 0

        /// All zero.
        public init() {}

        /// Whether any of them happened.
        @inline(__always)
        public var isAny: Bool { resolve | connect | tls | send != 0 }
    }
}
