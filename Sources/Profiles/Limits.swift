/// The bounds of the generator, and what it may do wrong before its run is void.
public struct Limits: Sendable, Equatable {
    /// The most requests in flight at once; an arrival beyond it is dropped and counted; 2000.
    public var inFlight: Int
    /// The most connections at once; `inFlight` if it is `nil`.
    public var connections: Int?
    /// From due to done, after which a request is a timeout; 5 s.
    public var timeout: Duration
    /// The most that lag p(99) may be; `nil` for the larger of 1 ms and 10 % of the tightest
    /// latency objective.
    public var lagP99: Duration?
    /// How long requests in flight may take once the last phase has ended; `timeout` where it is
    /// `nil`.
    public var gracefulStop: Duration?

    /// The most memory that the generator's threads together may hold of what targets send, in
    /// bytes, from 1 MiB to 1 TiB; 512 MiB.
    public var memoryBytes: Int

    /// The memory where the profile does not say: eight of the largest bodies at once.
    public static let defaultMemoryBytes = 512 << 20

    /// Limits with the defaults for what is not given.
    public init(
        inFlight: Int = 2000, connections: Int? = nil, timeout: Duration = .seconds(5),
        lagP99: Duration? = nil, gracefulStop: Duration? = nil,
        memoryBytes: Int = defaultMemoryBytes
    ) {
        self.inFlight = inFlight
        self.connections = connections
        self.timeout = timeout
        self.lagP99 = lagP99
        self.gracefulStop = gracefulStop
        self.memoryBytes = memoryBytes
    }
}
