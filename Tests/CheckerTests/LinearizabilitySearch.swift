import Checker

/// Says whether one register's history is linearizable, by trying every order.
///
/// It shares nothing with the check by zones but the records.
struct LinearizabilitySearch {
    private let operations: [Operation]
    private var tried: Set<State> = []

    private struct State: Hashable {
        var done: UInt32
        var value: UInt64
    }

    /// At most 32 puts, gets and deletes of one key.
    init(_ history: [Operation]) {
        // A get that was not answered says nothing, and what was refused never happens.
        operations = history.filter {
            $0.kind == .get ? $0.outcome == .ok : $0.outcome != .failed
        }
        precondition(operations.count <= 32)
    }

    /// Whether there is an order; exponential in the operations.
    mutating func isLinearizable() -> Bool {
        search(from: State(done: 0, value: Operation.none))
    }

    private mutating func search(from state: State) -> Bool {
        let open = operations.indices.filter { state.done & 1 << $0 == 0 }
        if open.allSatisfy({ operations[$0].outcome == .maybe }) { return true }
        guard tried.insert(state).inserted else { return false }
        for index in open {
            let operation = operations[index]
            // What was over before this one began must have happened before it.
            let isFree = open.allSatisfy { other in
                let earlier = operations[other]
                return earlier.outcome == .maybe || earlier.completed >= operation.invoked
            }
            guard isFree else { continue }
            var next = state
            next.done |= 1 << index
            switch operation.kind {
            case .get where operation.value != state.value: continue
            case .put, .delete: next.value = operation.value
            default: break
            }
            if search(from: next) { return true }
        }
        return false
    }
}
