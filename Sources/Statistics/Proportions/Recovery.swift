/// How long a target took to recover from a fault, from requests by the time they were due.
public struct Recovery: Sendable, Equatable {
    /// A request.
    public struct Request: Sendable, Equatable {
        /// When it was due, in seconds.
        public let due: Double
        /// Whether it got a right answer.
        public let isGood: Bool

        /// A request.
        public init(due: Double, isGood: Bool) {
            self.due = due
            self.isGood = isGood
        }
    }

    /// When the fault took effect, and what counts as recovered, in seconds.
    public struct Fault: Sendable, Equatable {
        /// When the injector confirmed the effect.
        public let injected: Double
        /// How long no request may fail.
        public let hold: Double
        /// When the observation ends.
        public let end: Double

        /// A fault; recovered is who answers for 10 s without a failure.
        public init(injected: Double, hold: Double = 10, end: Double) {
            precondition(hold >= 0 && end >= injected, "\(injected), \(hold), \(end)")
            self.injected = injected
            self.hold = hold
            self.end = end
        }
    }

    /// How it went.
    public enum State: String, Sendable, Codable {
        /// No request failed after the fault.
        case noFailure = "no_failure"
        /// The target works again.
        case recovered
        /// It did not within the observation.
        case notRecovered = "not_recovered"
    }

    /// How it went.
    public let state: State
    /// When the first failed request was due; `nil` without one.
    public let firstFailure: Double?
    /// When the first request of the good time was due; `nil` if there is none.
    public let recoveredAt: Double?
    /// The recovery took at least this long: up to the last failure.
    public let lower: Double
    /// It took at most this long; `nil` if it has not ended.
    public let upper: Double?
    /// The requests that failed from the first failure until the recovery.
    public let failedRequests: Int
    /// The outage's shortest length, from the first failure to the last.
    public let shortestOutage: Double
    /// Its longest, from the last good request before to the first one after; `nil` with `upper`.
    public let longestOutage: Double?
    /// Whether requests failed again after the recovery: a second episode.
    public let hasRelapse: Bool

    /// Finds the recovery.
    ///
    /// O(n).
    ///
    /// - Parameter requests: ascending by the time they were due.
    public init(_ requests: [Request], after fault: Fault) {
        guard
            let first = requests.firstIndex(where: { $0.due >= fault.injected && !$0.isGood })
        else {
            (state, firstFailure, recoveredAt) = (.noFailure, nil, nil)
            (lower, upper, failedRequests) = (0, 0, 0)
            (shortestOutage, longestOutage, hasRelapse) = (0, 0, false)
            return
        }
        let good = Self.recovery(requests, from: first, fault)
        let outage = requests[first..<(good ?? requests.count)]
        let failures = outage.filter { !$0.isGood }
        let start = requests[first].due
        let last = failures.last?.due ?? start
        let recovered = good.map { requests[$0].due }
        state = recovered == nil ? .notRecovered : .recovered
        firstFailure = start
        recoveredAt = recovered
        lower = last - fault.injected
        upper = recovered.map { $0 - fault.injected }
        failedRequests = failures.count
        shortestOutage = last - start
        let before = requests[..<first].last { $0.isGood }?.due ?? fault.injected
        longestOutage = recovered.map { $0 - before }
        hasRelapse = good.map { requests[$0...].contains { !$0.isGood } } ?? false
    }

    /// The first good request that no failure follows for the time to hold.
    private static func recovery(_ requests: [Request], from first: Int, _ fault: Fault) -> Int? {
        var found: Int?
        var nextFailure = Double.infinity
        for index in requests.indices[first...].reversed() {
            let due = requests[index].due
            if !requests[index].isGood {
                nextFailure = due
            } else if due + fault.hold <= min(nextFailure, fault.end) {
                found = index
            }
        }
        return found
    }

    /// Judges the claim that the target recovers within `limit` seconds.
    ///
    /// - Parameter isEffectProven: whether the injector proved that the fault took effect, so that
    ///   no failure is no outage.
    public func verdict(limit: Double, isEffectProven: Bool = false) -> Verdict {
        if state == .noFailure { return isEffectProven ? .pass : .inconclusive }
        if let upper, upper <= limit { return .pass }
        return lower > limit ? .fail : .inconclusive
    }

    /// What `trials` recoveries, all within the limit, prove: at most this share of such faults
    /// exceeds it.
    public static func maximumExceeding(trials: Int, confidence: Double) -> Double? {
        Proportion(0, of: trials).upperBound(confidence: confidence)
    }
}
