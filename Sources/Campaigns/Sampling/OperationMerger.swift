import Checker
import Generator

/// Puts the operations of all threads together: a key has one number in the run.
struct OperationMerger {
    private var numbers: [[UInt8]: UInt32] = [:]
    /// For each thread, the run's numbers of its keys.
    private var ofThread: [[UInt32]]
    private var keys: [OperationJournal.Key] = []
    private var isWritten: [Bool] = []
    private var count = 0

    /// More do not fit into memory to be judged: those of `OperationLog`, and 2 million keys.
    private static let maximumOperations = 100_000_000
    private static let maximumKeys = 2_000_000

    init(threadCount: Int) { ofThread = Array(repeating: [], count: threadCount) }

    /// Takes what a thread has recorded, and gives it the run's numbers of keys.
    mutating func take(_ part: OperationJournal.Part, thread: Int) -> [Checker.Operation] {
        for key in part.keys {
            let number = numbers[key.text] ?? UInt32(keys.count)
            if number == keys.count {
                numbers[key.text] = number
                keys.append(key)
                isWritten.append(false)
            }
            ofThread[thread].append(number)
        }
        count += part.operations.count
        var operations = part.operations
        for index in operations.indices {
            let number = ofThread[thread][Int(operations[index].key)]
            operations[index].key = number
            switch operations[index].kind {
            case .put, .delete, .add: isWritten[Int(number)] = true
            case .get, .list: break
            }
        }
        return operations
    }

    /// Why the run cannot go on, in words; `nil` if it can.
    var problem: String? {
        if keys.count > Self.maximumKeys {
            return "the checked scenarios have more than \(Self.maximumKeys) keys"
        }
        return count > Self.maximumOperations
            ? "the checked scenarios have more than \(Self.maximumOperations) operations" : nil
    }

    /// The keys that were written, in the order of their numbers.
    var written: [Shard.KeyToRead] {
        keys.indices.filter { isWritten[$0] }.map {
            Shard.KeyToRead(
                text: keys[$0].text, number: UInt32($0), scenario: keys[$0].scenario)
        }
    }
}
