/// The idle moment at the end of a round, read on demand: a line of troughs.ndjson.
public struct Trough: Sendable, Codable, Equatable {
    /// When it was read, from the start of the load.
    public var timeSeconds: Double
    /// The phase of the round.
    public var phase: String
    /// The round within the phase, from 1.
    public var round: Int
    /// Requests that had ended by then, from the start of the load.
    public var requests: Int
    /// Requests in flight then; above 0 where the target did not drain.
    public var inFlight: Int
    /// Connections that the generator held open to the target.
    public var connections: Int
    /// The target; `nil` if nothing of it could be read.
    public var target: ProcessReading?
    /// loadgen itself.
    public var generator: ProcessReading?

    /// A trough from its parts.
    public init(
        timeSeconds: Double, phase: String, round: Int, requests: Int, inFlight: Int = 0,
        connections: Int = 0
    ) {
        self.timeSeconds = timeSeconds
        self.phase = phase
        self.round = round
        self.requests = requests
        self.inFlight = inFlight
        self.connections = connections
    }

    enum CodingKeys: String, CodingKey {
        case timeSeconds = "time_s"
        case phase
        case round
        case requests
        case inFlight = "in_flight"
        case connections
        case target
        case generator
    }
}
