/// What a probe has found of a change, which shares no code with what made the change.
public enum Proof: Sendable, Equatable {
    /// It is as it should be; what was seen.
    case proven(String)
    /// It is not; what was seen instead.
    case refuted(String)
    /// Nothing decides it; why.
    case unknown(String)

    /// `yes`, `no` or `unknown`.
    public var word: String {
        switch self {
        case .proven: "yes"
        case .refuted: "no"
        case .unknown: "unknown"
        }
    }

    /// What was seen.
    public var text: String {
        switch self {
        case .proven(let text), .refuted(let text), .unknown(let text): text
        }
    }
}
