import Measurements

/// Counts the failed requests of one loop by their kind.
///
/// Kinds are bounded: of each phase, operation and outcome some are told apart, and the rest share
/// one.
struct FailureTally {
    /// A kind, by the index of its phase and operation.
    struct Kind: Hashable {
        var cell: Int
        var outcome: Outcome
        /// The answer's status, or 0.
        var status: Int
        /// What was wrong; may be empty.
        var error: String
    }

    /// What was counted since the last `take`.
    struct Count {
        var count = 0
        /// When the first was due, monotonic nanoseconds.
        var firstDue = UInt64.max
        /// When the last was due.
        var lastDue = UInt64.min
    }

    /// The most kinds that are told apart of each phase, operation and outcome.
    static let maximumKinds = 32

    private var kinds: [Kind] = []
    private var counts: [Count] = []
    private var indices: [Kind: Int] = [:]
    /// How many kinds there are of a phase, operation and outcome, by a kind without the rest.
    private var toldApart: [Kind: Int] = [:]
    /// The index of the kind that came last: failures often come in rows of one kind.
    private var present = 0

    /// Counts a failure, and gives the index of its kind, which it keeps.
    mutating func add(_ kind: Kind, due: UInt64) -> Int {
        if present >= kinds.count || kinds[present] != kind { present = index(of: kind) }
        counts[present].count += 1
        counts[present].firstDue = min(counts[present].firstDue, due)
        counts[present].lastDue = max(counts[present].lastDue, due)
        return present
    }

    private mutating func index(of kind: Kind) -> Int {
        if let index = indices[kind] { return index }
        var new = kind
        let group = Kind(cell: kind.cell, outcome: kind.outcome, status: 0, error: "")
        if toldApart[group, default: 0] < Self.maximumKinds {
            toldApart[group, default: 0] += 1
        } else {
            (new.status, new.error) = (0, FailureKind.other)
            if let index = indices[new] { return index }
        }
        indices[new] = kinds.count
        kinds.append(new)
        counts.append(Count())
        return kinds.count - 1
    }

    /// Everything since the last call, by kind.
    mutating func take() -> [(kind: Kind, count: Count)] {
        var taken: [(kind: Kind, count: Count)] = []
        for index in kinds.indices where counts[index].count > 0 {
            taken.append((kinds[index], counts[index]))
            counts[index] = Count()
        }
        return taken
    }
}
