/// Something that happened in a run: a line of events.ndjson.
public struct RunEvent: Sendable, Codable, Equatable {
    /// From the start of the load; below zero for what came before it.
    public var timeSeconds: Double
    /// `started`, `phase`, `interrupted`, `aborted`, `stuck`, `ended`, `target`,
    /// `warning`.
    public var kind: String
    /// The phase's name, or what happened, in words.
    public var detail: String

    /// An event from its parts.
    public init(timeSeconds: Double, kind: String, detail: String) {
        self.timeSeconds = timeSeconds
        self.kind = kind
        self.detail = detail
    }

    /// A thread of the run did not come round, which voids it.
    ///
    /// - Parameter reason: which, for how long, and what was done, in words.
    public static func stuck(_ reason: String, timeSeconds: Double = 0) -> RunEvent {
        RunEvent(timeSeconds: timeSeconds, kind: "stuck", detail: reason)
    }

    enum CodingKeys: String, CodingKey {
        case timeSeconds = "time_s"
        case kind
        case detail
    }
}
