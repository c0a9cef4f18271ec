public import Evidence
import Histograms
import Measurements
public import Profiles

/// What a report needs to bound figures of all judged requests of a run.
public struct InferenceContext: Sendable {
    let sample: ObjectiveSample
    let histogram: Histogram
    let confidence: Double

    /// Of all judged requests.
    public init(_ evidence: RunEvidence, profile: Profile, confidence: Double) {
        let judged = profile.judgedPhaseNames
        // Any threshold asks for the level of latency; what lies above it is not looked at.
        let everything = Objective(
            claim: QuantileClaim(partsPerMillion: 500_000, thresholdNanoseconds: 1))
        sample = ObjectiveSample(everything, evidence, profile, countsSlow: false)
        histogram = evidence.histogram(.latency) { phase, _ in judged.contains(phase) }
        self.confidence = confidence
    }
}
