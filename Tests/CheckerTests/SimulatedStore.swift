import Checker
import Statistics

/// Clients that put, get and delete at once in a store that may lie; times in nanoseconds.
struct SimulatedStore {
    /// What the store does wrong.
    enum Lie: CaseIterable {
        case none, dropsWrites, staleCache, revivesDeleted, executesRefused, inventsValues

        /// What that is to be called.
        var anomaly: Anomaly? {
            switch self {
            case .none: nil
            case .dropsWrites: .lost
            case .staleCache: .stale
            case .revivesDeleted: .resurrected
            case .executesRefused: .executedAfterRefusal
            case .inventsValues: .invented
            }
        }
    }

    private struct Register {
        var value = Operation.none
        /// What a stale cache answers, and until when.
        var cached: (value: UInt64, until: UInt64) = (0, 0)
        var lastValue = Operation.none
        var isDeleted = false
    }

    private static let millisecond: UInt64 = 1_000_000
    let lie: Lie
    private var random: SeededRandom
    private var registers: [Register]
    private var nextValue: UInt64 = 1

    init(_ lie: Lie, seed: UInt64, keys: Int) {
        self.lie = lie
        random = SeededRandom(seed: seed)
        registers = [Register](repeating: Register(), count: keys)
    }

    /// The operations of some clients, and of one that reads every key back, twice.
    mutating func history(clients: Int, operationsEach: Int) -> [Operation] {
        var planned: [(point: UInt64, operation: Operation)] = []
        var end: UInt64 = 0
        for client in 0..<clients {
            var now = UInt64.random(in: 0..<Self.millisecond, using: &random)
            for _ in 0..<operationsEach {
                let operation = operation(of: UInt16(client), at: now)
                // What nobody knows of may happen long after its client gave up.
                let latest =
                    operation.completed
                    + (operation.outcome == .maybe ? 20 * Self.millisecond : 0)
                let point = UInt64.random(in: operation.invoked...latest, using: &random)
                planned.append((point, operation))
                now = operation.completed + UInt64.random(in: 1...Self.millisecond, using: &random)
            }
            end = max(end, now)
        }
        end += 2_000 * Self.millisecond
        for key in [registers.indices, registers.indices].joined() {
            end += Self.millisecond
            planned.append(
                (end + 1, Operation(.get, key: UInt32(key), at: end...end + 2)))
        }
        planned.sort { $0.point < $1.point }
        var history: [Operation] = []
        for (point, operation) in planned {
            if let done = execute(operation, at: point) { history.append(done) }
        }
        return history.shuffled(using: &random)
    }

    private mutating func operation(of client: UInt16, at now: UInt64) -> Operation {
        let time = now...now + UInt64.random(in: 100...2 * Self.millisecond, using: &random)
        let key = UInt32.random(in: 0..<UInt32(registers.count), using: &random)
        let chance = Int.random(in: 0..<1_000, using: &random)
        let kind: Operation.Kind = chance < 5 ? .delete : chance < 300 ? .put : .get
        let luck = Int.random(in: 0..<20, using: &random)
        let outcome: Operation.Outcome = luck == 0 ? .maybe : luck == 1 ? .failed : .ok
        if kind == .put { nextValue += 1 }
        return Operation(
            kind, key: key, value: kind == .put ? nextValue : Operation.none, outcome: outcome,
            client: client, at: time)
    }

    /// Executes an operation; `nil` if its key has been deleted, and is no longer written.
    private mutating func execute(_ operation: Operation, at now: UInt64) -> Operation? {
        var operation = operation
        let key = Int(operation.key)
        if operation.kind == .get {
            operation.value = read(key, at: now)
            return operation
        }
        guard !registers[key].isDeleted else { return nil }
        var happens = operation.outcome != .failed
        if operation.outcome == .maybe { happens = Bool.random(using: &random) }
        let isLie = Int.random(in: 0..<25, using: &random) == 0
        if lie == .dropsWrites, isLie, operation.kind == .put { happens = false }
        if lie == .executesRefused, operation.kind == .put, operation.outcome == .failed {
            happens = true
        }
        if operation.kind == .delete, operation.outcome != .failed {
            registers[key].isDeleted = true
        }
        guard happens else { return operation }
        if lie == .staleCache, isLie {
            registers[key].cached = (registers[key].value, now + 50 * Self.millisecond)
        }
        registers[key].lastValue = registers[key].value
        registers[key].value = operation.value
        return operation
    }

    private mutating func read(_ key: Int, at now: UInt64) -> UInt64 {
        let register = registers[key]
        if lie == .staleCache, now < register.cached.until { return register.cached.value }
        let isLie = Int.random(in: 0..<50, using: &random) == 0
        if lie == .inventsValues, isLie { return 1 << 40 }
        if lie == .revivesDeleted, isLie, register.isDeleted, register.value == Operation.none {
            registers[key].value = register.lastValue
        }
        return registers[key].value
    }
}
