/// A limit on a time that each fault of a run is measured by: until it shows, or until it is over.
public protocol TrialClaim: Claim {
    /// The limit in nanoseconds, above 0.
    var limitNanoseconds: UInt64 { get }
    /// Which share of such faults is to keep it; `nil` if each fault of the run is.
    var share: TrialShare? { get }
}

/// A share of faults, and the trials that are to prove it: `p(95)` and `over 59 trials`.
public struct TrialShare: Sendable, Equatable {
    /// The share in parts per million; 1 to 999999.
    public var partsPerMillion: Int
    /// How many trials are to be judged; 1 to 1000.
    public var trials: Int

    static let maximumTrials = 1000

    /// A share from its parts.
    public init(partsPerMillion: Int, trials: Int) {
        self.partsPerMillion = partsPerMillion
        self.trials = trials
    }

    /// The share of faults that may miss the limit, above 0 and below 1.
    public var allowedShare: Double { Double(1_000_000 - partsPerMillion) / 1e6 }
}
