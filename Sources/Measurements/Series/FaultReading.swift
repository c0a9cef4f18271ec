/// What became of a fault that was to strike the target: part of an event.
public struct FaultReading: Sendable, Codable, Equatable {
    /// How far it came.
    public enum Step: String, Sendable, Codable {
        /// It was made.
        case struck
        /// It was taken back.
        case undone
        /// It could not be made or taken back.
        case failed
        /// The run ended before its time.
        case missed
    }

    /// What a probe found of it that shares no code with what made it.
    public enum Proof: String, Sendable, Codable {
        /// It is so.
        case proven = "yes"
        /// It is not so.
        case refuted = "no"
        /// Nothing decides it.
        case unknown
    }

    /// Which of the profile's faults it is, from 0.
    public var fault: Int
    /// Which of that fault's strikes, from 0.
    public var trial: Int
    /// The kind's name.
    public var kind: String
    /// How far it came.
    public var step: Step
    /// What the probe found; `nil` if it was not looked at.
    public var proof: Proof?
    /// When it was about to be made or taken back, in seconds from the start of the load.
    public var beganSeconds: Double?
    /// When the probe found that; at least `beganSeconds`.
    public var seenSeconds: Double?
    /// By what it was made; empty if it was not.
    public var mechanism = ""

    /// True if nothing was changed, so that whatever goes wrong then does so by chance; `nil` if
    /// it is a fault.
    public var sham: Bool?

    /// Whether nothing was changed.
    public var isSham: Bool { sham ?? false }

    /// A reading from its parts.
    public init(fault: Int, trial: Int, kind: String, step: Step) {
        self.fault = fault
        self.trial = trial
        self.kind = kind
        self.step = step
    }

    enum CodingKeys: String, CodingKey {
        case fault, trial, kind, step, proof, mechanism, sham
        case beganSeconds = "began_s"
        case seenSeconds = "seen_s"
    }
}
