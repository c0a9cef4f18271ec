/// A stretch of the load with one model.
public struct Phase: Sendable, Equatable {
    /// The name as written; unique in the profile.
    public var name: String
    /// Who decides when the next request is due.
    public var model: any LoadModel
    /// How long arrivals go on, or users begin new iterations; above zero.
    public var duration: Duration
    /// False for a warm-up: its samples are kept as evidence and never judged.
    ///
    /// Written `judged: false`; a phase named `warm up`, `warm-up` or `warmup` is not judged
    /// unless it says `judged: true`.
    public var isJudged: Bool
    /// When it begins.
    public var start = Start.afterPrevious
    /// How long after that; 0 or above.
    public var delay = Duration.zero
    /// The scenarios that it draws from, by name; empty for all of the profile.
    public var scenarios: [String] = []
    /// How long its iterations may go on after its end; `nil` for the profile's limit at the end
    /// of the run, and no bound before.
    public var gracefulStop: Duration?
    /// Rounds of load with an idle moment after each; `nil` for load all through the phase.
    public var rounds: Rounds?

    /// A phase from its parts.
    public init(name: String, model: any LoadModel, duration: Duration, isJudged: Bool = true) {
        self.name = name
        self.model = model
        self.duration = duration
        self.isJudged = isJudged
    }

    /// Whether all their parts are the same.
    public static func == (one: Phase, other: Phase) -> Bool {
        one.name == other.name && one.model.isEqual(to: other.model)
            && one.duration == other.duration && one.isJudged == other.isJudged
            && one.start == other.start && one.delay == other.delay
            && one.scenarios == other.scenarios && one.gracefulStop == other.gracefulStop
            && one.rounds == other.rounds
    }

    /// When a phase begins.
    public enum Start: Sendable, Equatable {
        /// When the one before it in the list ends; the first at once.
        case afterPrevious
        /// `after: NAME`, when that earlier phase ends.
        case after(String)
        /// `with: NAME`, when that earlier phase begins.
        case with(String)
    }
}

/// Load that comes in rounds, so that the target can be looked at while it has nothing to do.
public struct Rounds: Sendable, Equatable {
    /// How long arrivals go on in each round.
    public var load: Duration
    /// How long none come after that: the drain, and the trough where memory is read.
    public var idle: Duration

    /// Rounds from their parts; both above zero.
    public init(load: Duration, idle: Duration) {
        self.load = load
        self.idle = idle
    }

    /// From the start of a round to that of the next, in nanoseconds.
    public var lengthNanoseconds: UInt64 { load.nanoseconds + idle.nanoseconds }

    /// How many whole rounds a phase of this length has; what is left of it stays idle.
    public func count(in duration: Duration) -> Int {
        Int(duration.nanoseconds / lengthNanoseconds)
    }
}

/// When a phase goes on, in nanoseconds from the start of the load.
public struct PhaseSpan: Sendable, Equatable {
    /// When it begins.
    public var start: UInt64
    /// When its last arrival may be due, exclusive.
    public var end: UInt64

    /// A span from its ends.
    public init(start: UInt64, end: UInt64) {
        self.start = start
        self.end = end
    }
}

extension Profile {
    /// The phases that objectives look at, in order; the others are warm-ups.
    public var judgedPhases: [Phase] { load.filter(\.isJudged) }

    /// The names of the judged phases.
    public var judgedPhaseNames: Set<String> { Set(judgedPhases.map(\.name)) }

    /// When each phase of the load goes on, in the order of the list.
    public var spans: [PhaseSpan] {
        var spans: [PhaseSpan] = []
        for phase in load {
            func span(of name: String) -> PhaseSpan? {
                load.firstIndex { $0.name == name }.flatMap { $0 < spans.count ? spans[$0] : nil }
            }
            let anchor: UInt64 =
                switch phase.start {
                case .afterPrevious: spans.last?.end ?? 0
                case .after(let name): span(of: name)?.end ?? 0
                case .with(let name): span(of: name)?.start ?? 0
                }
            let start = anchor + phase.delay.nanoseconds
            spans.append(PhaseSpan(start: start, end: start + phase.duration.nanoseconds))
        }
        return spans
    }
}
