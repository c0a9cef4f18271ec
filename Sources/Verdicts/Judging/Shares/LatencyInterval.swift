import Histograms
import Profiles
import Statistics

/// A quantile of latency with the interval that the run's dependence leaves it.
public struct LatencyInterval: Sendable {
    /// Where an end lies.
    public enum End: Sendable, Equatable {
        /// At a latency, in nanoseconds.
        case at(UInt64)
        /// Among the failures, which count as infinitely slow.
        case failed
        /// The run does not bound it.
        case unbounded
    }

    /// The quantile; its ends are `nil` if the sample does not bound them, or if the run is too
    /// short for its own correlation.
    public let quantile: RunVerdict.OfObjective.Quantile?
    /// Whether this run can bound the quantile of another one.
    public let isKnown: Bool
    /// The lower end; `unbounded` if it is not known.
    public let lower: End
    /// The upper end; `unbounded` if it is not known.
    public let upper: End

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
            (quantile, isKnown, lower, upper) = (nil, false, .unbounded, .unbounded)
            return
        }
        let share = Double(1_000_000 - partsPerMillion) / 1e6
        let effect: Double
        if let dependence = sample.dependence {
            effect = dependence.designEffect(at: share)
            // A single second shows nothing of how requests hang together.
            isKnown =
                effect < Dependence.smallEffect
                || dependence.isLongEnough && sample.seconds.count > 1
        } else {
            effect = test?.designEffect ?? 1
            isKnown = test?.isLongEnough ?? false
        }
        let point = QuantileRanks.point(trials: total, partsPerMillion: partsPerMillion)
        let ranks = QuantileInterval(
            trials: total, partsPerMillion: partsPerMillion, confidence: confidence,
            designEffect: effect)
        lower = Self.end(isKnown ? ranks.lower : nil) {
            histogram.bucket(atRank: $0)?.lowerBound
        }
        upper = Self.end(isKnown ? ranks.upper : nil) { histogram.value(atRank: $0) }
        quantile = RunVerdict.OfObjective.Quantile(
            partsPerMillion: partsPerMillion,
            nanoseconds: histogram.value(atRank: UInt64(point)),
            lowerNanoseconds: lower.nanoseconds, upperNanoseconds: upper.nanoseconds)
    }

    private static func end(_ rank: Int?, _ value: (UInt64) -> UInt64?) -> End {
        guard let rank else { return .unbounded }
        return value(UInt64(rank)).map { .at($0) } ?? .failed
    }
}

extension LatencyInterval.End {
    /// The latency in nanoseconds; `nil` if there is none.
    public var nanoseconds: UInt64? {
        if case .at(let nanoseconds) = self { nanoseconds } else { nil }
    }
}
