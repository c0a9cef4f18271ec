/// Time in which a generator thread did not look for answers, although requests were due or in
/// flight: it was stopped, starved or busy.
public struct BlindStretch: Sendable, Codable, Equatable {
    /// When it had last looked, in nanoseconds from the start of the load.
    public var fromNanoseconds: UInt64
    /// When it looked again.
    public var toNanoseconds: UInt64

    /// A stretch from its ends.
    public init(fromNanoseconds: UInt64, toNanoseconds: UInt64) {
        self.fromNanoseconds = fromNanoseconds
        self.toNanoseconds = toNanoseconds
    }

    /// Its length in nanoseconds.
    public var nanoseconds: UInt64 {
        toNanoseconds > fromNanoseconds ? toNanoseconds - fromNanoseconds : 0
    }

    enum CodingKeys: String, CodingKey {
        case fromNanoseconds = "from_ns"
        case toNanoseconds = "to_ns"
    }
}
