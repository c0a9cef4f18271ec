import Exchanges
import Glibc
import Requests

/// For each row of the statistics, the answer that was last found right: one that is the same to
/// the byte is right again, and need not be parsed and checked.
///
/// One shard's, confined to its loop. Only for steps whose check looks at nothing but the answer.
final class RightAnswers {
    private struct Entry {
        var step: ObjectIdentifier?
        var status = 0
        var contentType = ""
        var body: [UInt8] = []
        var reserved = 0
    }

    private let memory: MemoryBudget
    private let entries: UnsafeMutableBufferPointer<Entry>
    /// The longest body that is kept, in bytes.
    private static let maximumBytes = 64 << 10

    init(rows: Int, memory: MemoryBudget) {
        self.memory = memory
        entries = .allocate(capacity: rows)
        entries.initialize(repeating: Entry())
    }

    deinit {
        entries.deinitialize()
        entries.deallocate()
    }

    /// Whether the step has had this answer, and it was right.
    @inline(__always)
    func hold(_ exchange: Exchange, of step: CompiledStep) -> Bool {
        let row = step.operationIndex
        guard entries[row].step == ObjectIdentifier(step),
            entries[row].status == exchange.status,
            entries[row].body.count == exchange.body.count,
            entries[row].contentType == exchange.contentType
        else { return false }
        return entries[row].body.withUnsafeBytes { known in
            exchange.body.withUnsafeBytes { body in
                guard let known = known.baseAddress, let body = body.baseAddress else {
                    return true
                }
                return memcmp(known, body, exchange.body.count) == 0
            }
        }
    }

    /// Keeps an answer that was found right.
    func keep(_ exchange: Exchange, of step: CompiledStep) {
        guard exchange.body.count <= Self.maximumBytes else { return }
        let row = step.operationIndex
        entries[row].step = nil
        entries[row].body.removeAll(keepingCapacity: true)
        let count = exchange.body.count
        guard memory.grow(&entries[row].body, by: count, reserved: &entries[row].reserved) else {
            return
        }
        entries[row].step = ObjectIdentifier(step)
        entries[row].status = exchange.status
        entries[row].contentType = exchange.contentType
        entries[row].body.append(contentsOf: exchange.body)
    }
}
