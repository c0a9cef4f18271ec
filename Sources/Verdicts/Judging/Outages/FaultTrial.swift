public import Profiles

/// What one strike of a fault did to the requests of a run.
///
/// - Source: statistics.md section 9.
public struct FaultTrial: Sendable, Equatable {
    /// Between which bounds a time is known, in seconds.
    public struct Length: Sendable, Equatable {
        /// It is at least this long; 0 or above.
        public var lower: Double
        /// It is at most this long; `nil` if it was not over when the trial ended.
        public var upper: Double?

        /// A length from its bounds.
        public init(lower: Double, upper: Double?) {
            self.lower = lower
            self.upper = upper
        }
    }

    /// Which of the profile's faults it is, from 0.
    public let fault: Int
    /// Which of that fault's strikes, from 0.
    public let trial: Int
    /// The kind's name.
    public let kind: String
    /// Whether nothing was changed, so that what was found is chance.
    public let isSham: Bool
    /// When a probe saw that it struck, in seconds from the start of the load.
    public let struckSeconds: Double
    /// From the strike to the first due time of a request that failed or was late by the fault;
    /// `nil` if none was.
    public let detection: Length?
    /// From the strike to the first thing that the target said of itself; `nil` if it said nothing.
    public let systemDetection: Length?
    /// From the first such request to the first that was served again; `nil` if there was none.
    public let degraded: Length?
    /// The share of requests in that time that failed or were late, 0 to 1.
    public let share: Double
    /// How many requests failed in it.
    public let failed: Int
    /// Seconds of load that what went wrong is worth, without what goes wrong at any time.
    public let excessSeconds: Double
    /// From the strike to the first request of the time in which all is as before.
    public let recoveryFromStart: Length
    /// The same from the end of a fault that was held; `nil` for others.
    public let recoveryFromEnd: Length?
    /// How long it was looked at, from the strike to the next one, in seconds.
    public let windowSeconds: Double
    /// What `recovery` is judged by: from the end of a fault that was held, else from the strike.
    let recovered: Outage

    /// What `recovery` is judged by: from the end of a fault that was held, else from the strike.
    public var recovery: Length { recoveryFromEnd ?? recoveryFromStart }
}

extension FaultTrial.Length {
    init(_ outage: Outage) { self.init(lower: outage.shortest, upper: outage.longest) }
}

extension FaultTrial {
    /// Whether it was not seen to keep the limit of an objective; false of one that is about
    /// something else.
    public func misses(_ objective: Objective) -> Bool {
        guard let claim = objective.claim as? any TrialClaim else { return false }
        let length = claim is DetectionClaim ? detection : recovery
        return length?.upper.map { $0 > Double(claim.limitNanoseconds) / 1e9 } ?? true
    }
}
