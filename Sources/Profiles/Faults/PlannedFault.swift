/// A fault that a profile asks for, on the load's timeline.
public struct PlannedFault: Sendable, Equatable {
    /// What it strikes.
    public enum Victim: Sendable, Equatable {
        /// The process that loadgen has started, or whose memory the profile has watched.
        case target
        /// What that process has started, and not itself.
        case workers
        /// A process of this machine.
        case process(Int32)
        /// Whoever listens on a TCP port of this machine.
        case listener(port: Int)
        /// Connections through a proxy of loadgen's.
        case proxy
        /// A folder or a file, which `settings.path` names.
        case path
    }

    /// The kind's name, one of `FaultNotations`.
    public var kind: String
    /// What it strikes.
    public var victim: Victim
    /// How hard.
    public var settings = FaultSettings()
    /// The phase after whose end `start` counts; `nil` if it counts from the load's start.
    public var phase: String?
    /// When it strikes first; 0 or above.
    public var start = Duration.zero
    /// How long it is held; `nil` if the kind is not held.
    public var length: Duration?
    /// From one strike to the next; `nil` if it strikes once.
    public var period: Duration?
    /// How often it strikes; `nil` for as often as the load has time for.
    public var trials: Int?
    /// Strikes among these that change nothing, which show what is found by chance.
    public var shams = 0
    /// How much later than that each strike is at most, drawn by the seed.
    public var spread = Duration.zero

    /// A fault that strikes when the load begins.
    public init(kind: String, victim: Victim) {
        self.kind = kind
        self.victim = victim
    }
}
