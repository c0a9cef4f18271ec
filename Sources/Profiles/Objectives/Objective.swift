/// A statement about the target that a run is to prove or to refute.
public struct Objective: Sendable, Equatable {
    /// What is measured, and what it is compared with.
    public var claim: Claim
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
        /// `success >= 99.999%`: the share of requests that are answered right, in (0, 1).
        case success(ratio: Double)
        /// `throughput >= 990/s`: answers a second, above 0, on average over the seconds.
        case throughput(perSecond: Double)
        /// `goodput(10ms) >= 980/s`: answers a second that are right and take less than the
        /// threshold in nanoseconds.
        case goodput(perSecond: Double, thresholdNanoseconds: UInt64)
        /// `leak < 16 B/request`, `leak < 1 MiB/h`: live memory of the target grows by less.
        case leak(Growth)
        /// `recovery < 30s`: after a failure the target works again within so many nanoseconds.
        case recovery(limitNanoseconds: UInt64)
    }

    /// How fast live memory may grow, above 0.
    public enum Growth: Sendable, Equatable {
        /// Bytes for each request that was completed.
        case bytesPerRequest(Double)
        /// Bytes an hour.
        case bytesPerHour(Double)
    }

    /// The latency that it counts requests against, in nanoseconds; `nil` if it has none.
    public var thresholdNanoseconds: UInt64? {
        switch claim {
        case .latencyQuantile(_, let threshold), .goodput(_, let threshold): threshold
        case .errorRate, .success, .throughput, .leak, .recovery: nil
        }
    }

    /// The share of requests that may count against it; `nil` if it is not about a share.
    public var allowedShare: Double? {
        switch claim {
        case .errorRate(let ratio): ratio
        // In the digits that people give: 1 - 0.99999 is not 0.00001.
        case .success(let ratio): (1e11 - (ratio * 1e11).rounded()) / 1e11
        case .latencyQuantile(let partsPerMillion, _): Double(1_000_000 - partsPerMillion) / 1e6
        case .throughput, .goodput, .leak, .recovery: nil
        }
    }
}
