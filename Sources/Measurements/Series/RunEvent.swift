/// Something that happened in a run: a line of events.ndjson.
public struct RunEvent: Sendable, Codable, Equatable {
    /// From the start of the load; below zero for what came before it.
    public var timeSeconds: Double
    /// What it is.
    public var kind: Kind
    /// The phase's name, or what happened, in words.
    public var detail: String
    /// The fault that it is about; `nil` if it is about none.
    public var fault: FaultReading?

    /// What events there are.
    public enum Kind: String, Sendable, Codable, CaseIterable {
        /// The load begins.
        case started
        /// A phase begins.
        case phase
        /// A person stopped the run.
        case interrupted
        /// An objective that could not be kept any more stopped the run.
        case aborted
        /// A thread of the run did not come round.
        case stuck
        /// The run came to its end.
        case ended
        /// The target was never there.
        case target
        /// A fault was made or taken back.
        case fault
        /// The target said something of itself.
        case system
        /// Something that whoever reads the run should know.
        case warning
    }

    /// An event from its parts.
    public init(timeSeconds: Double, kind: Kind, detail: String) {
        self.timeSeconds = timeSeconds
        self.kind = kind
        self.detail = detail
    }

    /// A thread of the run did not come round, which voids it.
    ///
    /// - Parameter reason: which, for how long, and what was done, in words.
    public static func stuck(_ reason: String, timeSeconds: Double = 0) -> RunEvent {
        RunEvent(timeSeconds: timeSeconds, kind: .stuck, detail: reason)
    }

    enum CodingKeys: String, CodingKey {
        case timeSeconds = "time_s"
        case kind
        case detail
        case fault
    }
}
