import JSON

/// A container of a pod, as jobs are queued for it.
struct ContainerKey: Hashable, Sendable {
    let pod: String
    let container: String
}

/// What a job is to do.
struct Order: Sendable {
    /// How it is done.
    enum Step: Sendable {
        /// At once, in memory.
        case memory(@Sendable () throws(Refusal) -> Answer)
        /// By a reader of storage.
        case read(@Sendable (Database) throws(Refusal) -> Answer)
        /// By the writer of storage; on disk when it has succeeded.
        case write(@Sendable (Database) throws(Refusal) -> Change)
    }

    /// The command, as the job's log shows it.
    let command: String
    let key: ContainerKey
    /// The containers that are called, from the one that is asked down to the lowest.
    var calls: [ContainerKey]
    /// Whether it may be tried again after trouble of the node's own.
    let isIdempotent: Bool
    /// Where it came from, so that a dead letter can be tried again.
    let call: Call
    let step: Step
    /// Called where the job does not succeed in the end.
    var undo: (@Sendable () -> Void)?

    /// Whether nothing is changed by it.
    var changesNothing: Bool { if case .write = step { false } else { true } }
}

/// A change of storage: its answer, and what follows in memory once it is on disk.
struct Change: Sendable {
    let answer: Answer
    var effect: (@Sendable () -> Void)?
}
