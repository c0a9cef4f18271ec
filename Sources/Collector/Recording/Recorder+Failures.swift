public import Measurements

extension Recorder {
    /// How what is recorded becomes evidence.
    public struct EvidenceRules: Sendable {
        /// The start of the load, monotonic nanoseconds.
        public var startNanoseconds: UInt64
        /// Keeps secrets out of words, requests and answers.
        public var mask: SecretMask
        /// Which of the generator's threads it is, from 0.
        public var thread: Int
        /// Fixes which requests are kept of those that are drawn.
        public var seed: UInt64

        /// Rules from their parts.
        public init(
            startNanoseconds: UInt64 = 0, mask: SecretMask = SecretMask(), thread: Int = 0,
            seed: UInt64 = 0
        ) {
            self.startNanoseconds = startNanoseconds
            self.mask = mask
            self.thread = thread
            self.seed = seed
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

    /// Takes a request that has failed, by the indices of its phase and operation, and keeps it
    /// whole where it is one of those that are.
    public func recordFailure(
        _ request: EndedRequest, phase: Int, operation: Int, _ failure: Failure
    ) {
        let kind = recordFailure(request.stamps, phase: phase, operation: operation, failure)
        failed.offer(kind: kind) {
            KeptRequest(
                request, phase: phases[phase], operation: operations[operation], failure, evidence)
        }
    }

    /// Whether a right answer took as long as the tightest threshold of its operation, or longer.
    @inline(__always)
    public func isOverLimit(_ stamps: Stamps, operation: Int) -> Bool {
        stamps.done &- stamps.due >= tightest[operation]
    }

    /// Keeps a right answer that is over its limit whole, where it is one of those that are.
    public func keepOverLimit(
        _ request: @autoclosure () -> EndedRequest, phase: Int, operation: Int
    ) {
        slow.offer(kind: phase * operations.count + operation) {
            var request = request()
            let latency = request.stamps.done &- request.stamps.due
            request.detail =
                "\(latency) ns, an objective wants less than \(tightest[operation]) ns"
            return KeptRequest(
                request, phase: phases[phase], operation: operations[operation], Failure(.ok),
                evidence)
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
