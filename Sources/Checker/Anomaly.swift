/// What a store may do to an acknowledged write.
public enum Anomaly: String, Sendable, CaseIterable {
    /// An acknowledged write is gone.
    case lost
    /// An event is in the log more often than it was added.
    case duplicated
    /// A key that was deleted has a value again.
    case resurrected
    /// A read returned an older state, and a later one the right state.
    case stale
    /// A read returned what nobody had written yet.
    case invented
    /// A write that was refused had an effect.
    case executedAfterRefusal = "executed_after_refusal"
    /// A log lists an event before one that was acknowledged before the event was sent.
    case outOfOrder = "out_of_order"
}

/// How often an anomaly was found, and the operations that prove one of them.
public struct Finding: Sendable, Equatable {
    /// The number of writes that it happened to; of stale reads, the number of reads.
    public internal(set) var count = 0
    /// One to five operations that no right store answers like this, in the order in which they
    /// were sent: of all that were looked at those of the fewest operations, then of the shortest
    /// time.
    public internal(set) var witness: [Operation] = []

    /// So many candidates are compared; of more, only the number counts.
    static let maximumCandidates = 100

    /// Counts some more, with one more candidate for the witness.
    ///
    /// - Parameter candidate: empty if there are enough already.
    mutating func add(_ more: Int, _ candidate: [Operation]) {
        count += more
        guard !candidate.isEmpty else { return }
        let sorted = candidate.sorted { ($0.invoked, $0.completed) < ($1.invoked, $1.completed) }
        if witness.isEmpty || Self.size(sorted) < Self.size(witness) { witness = sorted }
    }

    private static func size(_ witness: [Operation]) -> (Int, UInt64) {
        let end = witness.map(\.completed).max() ?? 0
        return (witness.count, end - (witness.first?.invoked ?? 0))
    }
}
