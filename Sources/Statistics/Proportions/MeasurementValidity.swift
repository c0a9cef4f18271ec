/// Whether the generator did what was planned, and so which verdicts a run can carry.
public struct MeasurementValidity: Sendable, Equatable {
    /// What the generator did.
    public struct Figures: Sendable, Equatable {
        /// Requests of the schedule.
        public var planned: Int
        /// Requests that were sent.
        public var sent: Int
        /// The 99th percentile of the scheduler's lag, in microseconds.
        public var lagP99Microseconds: Double
        /// The tightest latency target, in microseconds; 0 without one.
        public var latencyTargetMicroseconds: Double
        /// How busy the busiest generator thread was, 0 to 1.
        public var busiestThread: Double
        /// The share of CPU time that the host took away.
        public var steal: Double

        /// Figures; no steal unless it was read.
        public init(
            planned: Int, sent: Int, lagP99Microseconds: Double,
            latencyTargetMicroseconds: Double, busiestThread: Double
        ) {
            self.planned = planned
            self.sent = sent
            self.lagP99Microseconds = lagP99Microseconds
            self.latencyTargetMicroseconds = latencyTargetMicroseconds
            self.busiestThread = busiestThread
            steal = 0
        }
    }

    /// A limit that was passed.
    public enum Reason: String, Sendable, Codable {
        /// Fewer than 99 % of the planned requests were sent.
        case rate
        /// They were late: p(99) above 1 ms and above a tenth of the target.
        case lag
        /// A thread was busy more than 85 % of the time.
        case cpu
        /// The host took more than 1 % away.
        case steal
    }

    /// The limits that were passed.
    public let reasons: [Reason]

    /// Holds figures against the limits.
    public init(_ figures: Figures) {
        var reasons: [Reason] = []
        // In whole numbers: 0.99 has no exact double.
        if 100 * figures.sent < 99 * figures.planned { reasons.append(.rate) }
        let allowed = max(1_000, figures.latencyTargetMicroseconds / 10)
        if figures.lagP99Microseconds > allowed { reasons.append(.lag) }
        if figures.busiestThread > 0.85 { reasons.append(.cpu) }
        if figures.steal > 0.01 { reasons.append(.steal) }
        self.reasons = reasons
    }

    /// Whether no limit was passed.
    public var isValid: Bool { reasons.isEmpty }

    /// A run that sent less than planned proves nothing.
    public var allowsPass: Bool { !reasons.contains(.rate) }

    /// What only makes latency longer leaves a PASS as it is, but not a FAIL.
    public var allowsFail: Bool { isValid }

    /// What becomes of a verdict.
    public func judged(_ verdict: Verdict) -> Verdict {
        guard allowsPass else { return .invalid }
        return verdict == .fail && !allowsFail ? .invalid : verdict
    }
}
