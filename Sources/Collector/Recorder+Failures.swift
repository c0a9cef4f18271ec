public import Evidence

extension Recorder {
    /// How what is recorded becomes evidence.
    public struct EvidenceRules: Sendable {
        /// The start of the load, monotonic nanoseconds.
        public var startNanoseconds: UInt64
        /// Keeps secrets out of words, requests and answers.
        public var mask: SecretMask

        /// Rules from their parts.
        public init(startNanoseconds: UInt64 = 0, mask: SecretMask = SecretMask()) {
            self.startNanoseconds = startNanoseconds
            self.mask = mask
        }
    }

    /// How a request failed.
    public struct Failure: Sendable {
        /// Never `ok`.
        public var outcome: Outcome
        /// The answer's status, or 0.
        public var status: Int
        /// What was wrong, in a few words that all of the kind share; may be empty.
        public var error: String

        /// A failure from its parts.
        public init(_ outcome: Outcome, status: Int = 0, error: String = "") {
            self.outcome = outcome
            self.status = status
            self.error = error
        }
    }

    func takeFailureCounts() -> [FailureCount] {
        func fromStart(_ time: UInt64) -> Int64 {
            Int64(bitPattern: time &- evidence.startNanoseconds)
        }
        return tally.take().map { kind, count in
            FailureCount(
                phase: phases[kind.cell / operations.count],
                kind: FailureKind(
                    operation: operations[kind.cell % operations.count], outcome: kind.outcome,
                    status: kind.status > 0 ? kind.status : nil,
                    error: kind.error.isEmpty ? nil : evidence.mask.masked(kind.error)),
                count: count.count, firstDueNanoseconds: fromStart(count.firstDue),
                lastDueNanoseconds: fromStart(count.lastDue))
        }
    }
}
