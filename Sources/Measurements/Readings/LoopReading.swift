/// What one generator thread did in one second.
public struct LoopReading: Sendable, Codable, Equatable {
    /// The share of the second that its thread was on a CPU, 0 to 1.
    public var cpu: Double
    /// The share of the second outside waiting for events, 0 to 1; above `cpu` where the thread was
    /// held up by others.
    public var busy: Double
    /// Context switches that it made by waiting.
    public var voluntarySwitches: Int
    /// Context switches that it was made to.
    public var involuntarySwitches: Int
    /// Bytes that it took from the allocator.
    public var allocatedBytes: UInt64
    /// Turns of the loop.
    public var turns: Int
    /// Descriptors that were ready, in all turns.
    public var events: Int
    /// How much later than asked a timer ended a wait, on average; `nil` if none did.
    public var overshootNanoseconds: UInt64?
    /// The most of that.
    public var maximumOvershootNanoseconds: UInt64?
    /// Requests whose first byte was written; `nil` in evidence from before it was kept.
    public var sent: Int?
    /// Open connections.
    public var connections: Int
    /// Connections opened, or tried.
    public var opened: Int
    /// Requests sent again because the peer had closed an idle connection.
    public var reconnects: Int
    /// The most bytes that one read found waiting.
    public var maximumReadBytes: Int

    /// When it did not look for answers for more than 100 ms, although requests were due or in
    /// flight; `nil` if that did not happen, and in evidence of earlier versions.
    public var blind: [BlindStretch]?

    /// A reading with nothing in it.
    public init() {
        cpu = 0
        busy = 0
        voluntarySwitches = 0
        involuntarySwitches = 0
        allocatedBytes = 0
        turns = 0
        events = 0
        connections = 0
        opened = 0
        reconnects = 0
        maximumReadBytes = 0
    }

    enum CodingKeys: String, CodingKey {
        case cpu
        case busy
        case voluntarySwitches = "voluntary_switches"
        case involuntarySwitches = "involuntary_switches"
        case allocatedBytes = "allocated_bytes"
        case turns
        case events
        case overshootNanoseconds = "overshoot_ns"
        case maximumOvershootNanoseconds = "overshoot_max_ns"
        case sent
        case connections
        case opened
        case reconnects
        case maximumReadBytes = "read_max_bytes"
        case blind
    }
}
