public import Evidence
import Measurements
public import Profiles
import Statistics

/// The faults of a run as trials, from its evidence alone.
public struct FaultTrials: Sendable {
    /// Each strike of a fault, in order of time.
    public let trials: [FaultTrial]
    /// Each strike that changed nothing.
    public let shams: [FaultTrial]

    /// Where no objective asks for less, a target that is silent for less than half of this, in
    /// seconds, is not looked at.
    private static let usualLimit = 1.0

    /// The trials of a run; none if it struck nothing, or has no evidence of each request.
    public init(_ evidence: RunEvidence, profile: Profile) {
        guard evidence.hasWholeDue, evidence.events.contains(where: { $0.fault?.step == .struck })
        else {
            (trials, shams) = ([], [])
            return
        }
        let limits = profile.objectives.compactMap { ($0.claim as? any TrialClaim) }
            .map { Double($0.limitNanoseconds) / 1e9 }
        let limit = min(Self.usualLimit, limits.min() ?? Self.usualLimit)
        let all = OutageFinder(
            Objective(claim: DetectionClaim(limitNanoseconds: UInt64(limit * 1e9))),
            limit: limit, evidence, profile
        ).faultTrials()
        trials = all.filter { !$0.isSham }
        shams = all.filter(\.isSham)
    }

    /// How many strikes that changed nothing were taken for a fault.
    public var detectedShams: Int { shams.count { $0.detection != nil } }

    /// The share of such strikes that would be, at most; `nil` without one.
    public func maximumShamShare(confidence: Double) -> Double? {
        Proportion(detectedShams, of: shams.count).upperBound(confidence: confidence)
    }
}
