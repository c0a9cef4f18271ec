/// A request that failed, or was answered right over its limit, whole: a line of failures.ndjson
/// or slow.ndjson.
///
/// Stamps are from the start of the load.
public struct FailureRecord: Sendable, Codable, Equatable {
    /// The phase that it was due in.
    public var phase: String
    /// The scenario.
    public var scenario: String
    /// The operation's id.
    public var operation: String
    /// How it ended.
    public var outcome: Outcome
    /// What was wrong, in words.
    public var detail: String
    /// What was wrong, in the few words that all of its kind share; `nil` if the status says it
    /// all, and in evidence of earlier versions.
    public var error: String?
    /// When it was due.
    public var dueNanoseconds: Int64
    /// When the generator had it ready; `nil` if it never was.
    public var readyNanoseconds: Int64?
    /// When its first byte was written; `nil` if none was.
    public var sentNanoseconds: Int64?
    /// When it ended.
    public var doneNanoseconds: Int64
    /// The answer's status; `nil` if there was none.
    public var status: Int?
    /// The request, head and body, cut at 2 KiB, secrets masked.
    public var request: String
    /// The answer's body, cut at 2 KiB.
    public var answer: String
    /// A name that a later line may have, too, which then replaces this one.
    ///
    /// As evidence is only added to, that is how a sample of a whole run is written while it runs.
    /// `nil` for one that stays.
    public var slot: String?

    /// A record from its parts.
    public init(
        phase: String, scenario: String, operation: String, outcome: Outcome, detail: String,
        dueNanoseconds: Int64, readyNanoseconds: Int64?, sentNanoseconds: Int64?,
        doneNanoseconds: Int64, status: Int?,
        request: String, answer: String
    ) {
        self.phase = phase
        self.scenario = scenario
        self.operation = operation
        self.outcome = outcome
        self.detail = detail
        self.dueNanoseconds = dueNanoseconds
        self.readyNanoseconds = readyNanoseconds
        self.sentNanoseconds = sentNanoseconds
        self.doneNanoseconds = doneNanoseconds
        self.status = status
        self.request = request
        self.answer = answer
    }

    /// What kind of failure it is one of.
    public var kind: FailureKind {
        FailureKind(
            operation: operation, outcome: outcome, status: outcome.wasAnswered ? status : nil,
            error: error)
    }

    enum CodingKeys: String, CodingKey {
        case phase
        case scenario
        case operation
        case outcome
        case detail
        case error
        case dueNanoseconds = "due_ns"
        case readyNanoseconds = "ready_ns"
        case sentNanoseconds = "sent_ns"
        case doneNanoseconds = "done_ns"
        case status
        case request
        case answer
        case slot
    }

    /// The records that no later one has replaced, in order.
    public static func latest(_ records: [FailureRecord]) -> [FailureRecord] {
        var taken: Set<String> = []
        let kept = records.reversed().filter { record in
            record.slot.map { taken.insert($0).inserted } ?? true
        }
        return kept.reversed()
    }
}
