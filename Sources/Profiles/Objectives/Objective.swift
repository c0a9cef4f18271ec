/// A statement about the target that a run is to prove or to refute.
public struct Objective: Sendable, Equatable {
    /// What is measured, and what it is compared with.
    public var claim: any Claim
    /// The operation, named request or group it is limited to (`on NAME`); `nil` for all requests.
    public var operation: String?
    /// The phase it is limited to (`in PHASE`); `nil` for every judged one.
    public var phase: String?
    /// The length of the windows that each must keep it (`within any 10s`); `nil` for the whole.
    public var window: Duration?
    /// Its own one-sided confidence (`at 99%`), above 0.5 and below 1; `nil` for the profile's.
    public var confidence: Double?
    /// Whether a run ends when this is broken for sure (`abort`).
    public var aborts = false

    /// An objective from its parts.
    public init(claim: any Claim, operation: String? = nil) {
        self.claim = claim
        self.operation = operation
    }

    /// The latency that it counts requests against, in nanoseconds; `nil` if it has none.
    public var thresholdNanoseconds: UInt64? { claim.thresholdNanoseconds }

    /// The share of requests that may count against it; `nil` if it is not about a share.
    public var allowedShare: Double? { claim.allowedShare }

    /// Whether it looks at a phase.
    public func isAbout(_ phase: Phase) -> Bool {
        phase.isJudged && (self.phase == nil || self.phase == phase.name)
    }

    /// Whether all their parts are the same.
    public static func == (one: Objective, other: Objective) -> Bool {
        one.claim.isEqual(to: other.claim) && one.operation == other.operation
            && one.phase == other.phase && one.window == other.window
            && one.confidence == other.confidence && one.aborts == other.aborts
    }
}
