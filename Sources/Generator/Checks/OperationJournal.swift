public import Checker

/// What one shard has recorded of checked requests since the sampler took it; confined to its loop.
public struct OperationJournal {
    /// A key that this shard has come upon.
    public struct Key: Sendable {
        /// Its text, which is of this run alone.
        public let text: [UInt8]
        /// The scenario that uses it, by its index in the profile.
        public let scenario: Int

        /// A key from its parts.
        public init(text: [UInt8], scenario: Int) {
            self.text = text
            self.scenario = scenario
        }
    }

    /// What was recorded in a while.
    public struct Part: Sendable {
        /// The keys that are new, in the order of their numbers.
        public var keys: [Key]
        /// The operations, with the shard's own numbers of keys.
        public var operations: [Checker.Operation]

        /// A part from its pieces.
        public init(keys: [Key], operations: [Checker.Operation]) {
            self.keys = keys
            self.operations = operations
        }
    }

    private var numbers: [[UInt8]: UInt32] = [:]
    private var newKeys: [Key] = []
    private var operations: [Checker.Operation] = []
    private var listCount = 0
    private let share: (index: Int, count: Int)
    /// The number of every list; `nil` if they are counted.
    var fixedList: UInt16?

    /// Lists during the load have lower numbers; those from here on read back.
    static let firstReadBackList: UInt16 = 65_000

    init(index: Int, of count: Int) { share = (index, count) }

    /// The number of a key.
    mutating func number(of key: [UInt8], scenario: Int) -> UInt32 {
        if let number = numbers[key] { return number }
        let number = UInt32(numbers.count)
        numbers[key] = number
        newKeys.append(Key(text: key, scenario: scenario))
        return number
    }

    /// A number for a list, which no other list of the run has; `nil` if there is none left, and
    /// the list is not recorded.
    mutating func beginList() -> UInt16? {
        if let fixedList { return fixedList }
        let number = listCount * share.count + share.index
        guard number < Int(Self.firstReadBackList) else { return nil }
        listCount += 1
        return UInt16(number)
    }

    mutating func append(_ operation: Checker.Operation) { operations.append(operation) }

    /// Hands over what was recorded since the last time.
    mutating func take() -> Part {
        let part = Part(keys: newKeys, operations: operations)
        newKeys = []
        operations = []
        // The next second is like this one, and must not have to move what it has.
        operations.reserveCapacity(part.operations.count + part.operations.count / 4)
        return part
    }
}
