public import Measurements

/// A request that has ended, as the evidence may want it.
public struct EndedRequest: Sendable {
    /// The scenario that it was sent by.
    public var scenario: String
    /// Its stamps, monotonic.
    public var stamps: Stamps
    /// The answer's status, or 0.
    public var status: Int
    /// What is to be said of it, secrets included.
    public var detail: String
    /// The request, head and body, secrets included.
    public var request: [UInt8]
    /// The answer's body.
    public var answer: [UInt8]

    /// A request from its parts.
    public init(
        scenario: String, stamps: Stamps, status: Int, detail: String, request: [UInt8],
        answer: [UInt8]
    ) {
        self.scenario = scenario
        self.stamps = stamps
        self.status = status
        self.detail = detail
        self.request = request
        self.answer = answer
    }
}

/// A request that is kept whole; its texts are made by who writes it down, not by the loop.
public struct KeptRequest: Sendable {
    private let ended: EndedRequest
    private let phase: String
    private let operation: String
    private let outcome: Outcome
    private let error: String
    private let rules: Recorder.EvidenceRules
    var slot: String?

    /// Copies what is kept of a request; the loop uses its buffers again.
    init(
        _ ended: EndedRequest, phase: String, operation: String, _ failure: Recorder.Failure,
        _ rules: Recorder.EvidenceRules
    ) {
        self.ended = EndedRequest(
            scenario: ended.scenario, stamps: ended.stamps, status: ended.status,
            detail: ended.detail, request: Array(ended.request.prefix(rules.mask.maximumBytes)),
            answer: Array(ended.answer.prefix(rules.mask.maximumBytes)))
        self.phase = phase
        self.operation = operation
        outcome = failure.outcome
        error = failure.error
        self.rules = rules
    }

    /// It as a line of the evidence, secrets masked.
    public var record: FailureRecord {
        let stamps = ended.stamps
        func fromStart(_ stamp: UInt64) -> Int64 {
            Int64(bitPattern: stamp &- rules.startNanoseconds)
        }
        var record = FailureRecord(
            phase: phase, scenario: ended.scenario, operation: operation, outcome: outcome,
            dueNanoseconds: fromStart(stamps.due), doneNanoseconds: fromStart(stamps.done))
        record.detail = rules.mask.masked(ended.detail)
        record.readyNanoseconds = stamps.ready > 0 ? fromStart(stamps.ready) : nil
        record.sentNanoseconds = stamps.sent > 0 ? fromStart(stamps.sent) : nil
        record.status = ended.status > 0 ? ended.status : nil
        record.request = rules.mask.masked(ended.request)
        record.answer = rules.mask.masked(ended.answer)
        record.error = error.isEmpty ? nil : rules.mask.masked(error)
        record.slot = slot
        return record
    }
}
