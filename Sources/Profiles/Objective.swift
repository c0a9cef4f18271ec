/// A statement about the target that a run is to prove or to refute.
public struct Objective: Sendable, Equatable {
    /// What is measured, and what it is compared with.
    public var claim: Claim
    /// The operation it is limited to (`on OPERATION`); absent for all of them.
    public var operation: String?
    /// Whether a run ends when this is broken for sure (`abort`).
    public var aborts = false

    /// An objective from its parts.
    public init(claim: Claim, operation: String? = nil) {
        self.claim = claim
        self.operation = operation
    }

    /// The measured quantity with its bound.
    public enum Claim: Sendable, Equatable {
        /// `p(95) < 10ms`: at least this share of requests, in parts per million, is answered right
        /// in less than the threshold in nanoseconds. A failed request counts as infinitely slow.
        case latencyQuantile(partsPerMillion: Int, thresholdNanoseconds: UInt64)
        /// `error rate < 0.001%`: the share of requests that fail is below `ratio`, in (0, 1).
        case errorRate(ratio: Double)
    }
}
