/// Something that happened in a run: a line of events.ndjson.
public struct RunEvent: Sendable, Codable, Equatable {
    /// From the start of the load; below zero for what came before it.
    public var timeSeconds: Double
    /// `started`, `phase`, `interrupted`, `aborted`, `ended`, `target`, `warning`.
    public var kind: String
    /// The phase's name, or what happened, in words.
    public var detail: String

    /// An event from its parts.
    public init(timeSeconds: Double, kind: String, detail: String) {
        self.timeSeconds = timeSeconds
        self.kind = kind
        self.detail = detail
    }

    enum CodingKeys: String, CodingKey {
        case timeSeconds = "time_s"
        case kind
        case detail
    }
}
