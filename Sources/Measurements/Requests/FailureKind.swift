/// What tells one kind of failure from another.
public struct FailureKind: Sendable, Hashable {
    /// The operation's id.
    public var operation: String
    /// How the requests ended.
    public var outcome: Outcome
    /// The answer's status; `nil` if there was no whole answer, or if it was not kept.
    public var status: Int?
    /// What was wrong, in a few words that all of the kind share; `nil` if the status says it all.
    public var error: String?

    /// What is called so is any further kind, once there are too many to tell apart.
    public static let other = "other"

    /// A kind from its parts.
    public init(operation: String, outcome: Outcome, status: Int? = nil, error: String? = nil) {
        self.operation = operation
        self.outcome = outcome
        self.status = status
        self.error = error
    }
}

/// How many requests of one phase failed in one way in one second.
public struct FailureCount: Sendable, Codable, Equatable {
    /// The phase that the requests were due in.
    public var phase: String
    /// The operation's id.
    public var operation: String
    /// How they ended; never `ok`.
    public var outcome: Outcome
    /// The answer's status; `nil` if there was no whole answer.
    public var status: Int?
    /// What was wrong, in a few words that all of the kind share; `nil` if the status says it all.
    public var error: String?
    /// How many there were, from 1.
    public var count: Int
    /// When the first of them was due, in nanoseconds from the start of the load.
    public var firstDueNanoseconds: Int64
    /// When the last of them was due, likewise.
    public var lastDueNanoseconds: Int64

    /// A count from its parts.
    public init(
        phase: String, kind: FailureKind, count: Int, firstDueNanoseconds: Int64,
        lastDueNanoseconds: Int64
    ) {
        self.phase = phase
        operation = kind.operation
        outcome = kind.outcome
        status = kind.status
        error = kind.error
        self.count = count
        self.firstDueNanoseconds = firstDueNanoseconds
        self.lastDueNanoseconds = lastDueNanoseconds
    }

    /// What it is a count of.
    public var kind: FailureKind {
        FailureKind(operation: operation, outcome: outcome, status: status, error: error)
    }

    /// Adds counts, so that there is one of each phase and kind, in the order of their first.
    public static func merged(_ counts: [FailureCount]) -> [FailureCount] {
        struct Key: Hashable {
            var phase: String
            var kind: FailureKind
        }
        var indices: [Key: Int] = [:]
        var merged: [FailureCount] = []
        for count in counts {
            let key = Key(phase: count.phase, kind: count.kind)
            guard let index = indices[key] else {
                indices[key] = merged.count
                merged.append(count)
                continue
            }
            merged[index].count += count.count
            merged[index].firstDueNanoseconds = min(
                merged[index].firstDueNanoseconds, count.firstDueNanoseconds)
            merged[index].lastDueNanoseconds = max(
                merged[index].lastDueNanoseconds, count.lastDueNanoseconds)
        }
        return merged
    }

    enum CodingKeys: String, CodingKey {
        case phase
        case operation
        case outcome
        case status
        case error
        case count
        case firstDueNanoseconds = "first_due_ns"
        case lastDueNanoseconds = "last_due_ns"
    }
}
