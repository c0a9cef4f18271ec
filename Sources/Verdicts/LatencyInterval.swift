import Evidence
import Histograms
import Profiles
import Statistics

/// A quantile of latency with the interval that the run's dependence leaves it.
public struct LatencyInterval: Sendable {
    /// The quantile; its ends are `nil` if the sample does not bound them, or if the run is too
    /// short for its own correlation.
    public let quantile: RunVerdict.OfObjective.Quantile?
    /// Whether this run can bound the quantile of another one.
    public let isKnown: Bool

    /// Of all judged requests of a run.
    ///
    /// - Parameters:
    ///   - context: the run as `InferenceContext` has it, which is made once for all quantiles.
    ///   - partsPerMillion: which quantile.
    public init(_ context: InferenceContext, partsPerMillion: Int) {
        self.init(
            context.sample, context.histogram, partsPerMillion: partsPerMillion,
            confidence: context.confidence, otherwise: nil)
    }

    /// - Parameter otherwise: the test whose design effect counts if the level of latency is not
    ///   known.
    init(
        _ sample: ObjectiveSample, _ histogram: Histogram, partsPerMillion: Int,
        confidence: Double, otherwise test: ShareTest?
    ) {
        let total = sample.total
        // If lines of the evidence are lost, what lies where among right answers is not known.
        guard total > 0, histogram.totalCount >= UInt64(max(0, total - sample.failures)) else {
            (quantile, isKnown) = (nil, false)
            return
        }
        let share = Double(1_000_000 - partsPerMillion) / 1e6
        let effect: Double
        if let dependence = sample.dependence {
            effect = dependence.designEffect(at: share)
            isKnown = dependence.isLongEnough
        } else {
            effect = test?.designEffect ?? 1
            isKnown = test?.isLongEnough ?? true
        }
        let point = QuantileRanks.point(trials: total, partsPerMillion: partsPerMillion)
        let ranks = QuantileInterval(
            trials: total, partsPerMillion: partsPerMillion, confidence: confidence,
            designEffect: effect)
        quantile = RunVerdict.OfObjective.Quantile(
            partsPerMillion: partsPerMillion,
            nanoseconds: histogram.value(atRank: UInt64(point)),
            lowerNanoseconds: isKnown
                ? ranks.lower.flatMap { histogram.bucket(atRank: UInt64($0))?.lowerBound } : nil,
            upperNanoseconds: isKnown
                ? ranks.upper.flatMap { histogram.value(atRank: UInt64($0)) } : nil)
    }
}
