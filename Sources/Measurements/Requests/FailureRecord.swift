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
    public var detail = ""
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
    public var request = ""
    /// The answer's body, cut at 2 KiB.
    public var answer = ""
    /// A name that a later line may have, too, which then replaces this one.
    ///
    /// As evidence is only added to, that is how a sample of a whole run is written while it runs.
    /// `nil` for one that stays.
    public var slot: String?

    /// A record of a request of which nothing more is known.
    public init(
        phase: String, scenario: String, operation: String, outcome: Outcome,
        dueNanoseconds: Int64, doneNanoseconds: Int64
    ) {
        self.phase = phase
        self.scenario = scenario
        self.operation = operation
        self.outcome = outcome
        self.dueNanoseconds = dueNanoseconds
        self.doneNanoseconds = doneNanoseconds
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
