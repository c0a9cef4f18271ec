import Glibc

/// What lived on the heap of a process at one time, by the stack that allocated it.
///
/// - Source: jemalloc's text of a heap profile, `heap_v2`, as its `jeprof` reads it.
public struct HeapDump: Sendable, Equatable {
    /// Objects and bytes.
    public struct Amount: Sendable, Equatable {
        /// How many objects live.
        public var objects: Double
        /// Their bytes.
        public var bytes: Double
    }

    /// A stack is recorded once in so many bytes of allocations, on average.
    public let sampleBytes: Double
    /// By return addresses, the innermost first; estimates for all objects, not for the sampled.
    public let stacks: [[UInt64]: Amount]
    /// The files that the addresses are in, as /proc/PID/maps has them.
    public let maps: String

    /// 8 PiB, and as many objects: the file is the target's to write.
    private static let maximum = 0x1p53

    /// Reads the text of a dump.
    ///
    /// - Throws: `HeapDumpError` with the line.
    public init(parsing text: String) throws(HeapDumpError) {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        let head = "heap_v2/"
        guard let first = lines.first, first.hasPrefix(head),
            let period = Double(first.dropFirst(head.count)), period >= 1, period <= Self.maximum
        else {
            throw HeapDumpError(line: 1, message: "a heap profile of jemalloc begins with heap_v2/")
        }
        var stacks: [[UInt64]: Amount] = [:]
        var stack: [UInt64]?
        var rest = lines.indices.dropFirst()
        while let index = rest.popFirst() {
            let line = lines[index]
            if line == "MAPPED_LIBRARIES:" { break }
            if line.hasPrefix("@") {
                stack = try Self.addresses(line, index + 1)
            } else if line.hasPrefix("  t*:"), let addresses = stack {
                let amount = try Self.amount(line, index + 1, period)
                let before = stacks[addresses] ?? Amount(objects: 0, bytes: 0)
                stacks[addresses] = Amount(
                    objects: before.objects + amount.objects, bytes: before.bytes + amount.bytes)
                stack = nil
            }
        }
        sampleBytes = period
        self.stacks = stacks
        maps = rest.map { lines[$0] }.joined(separator: "\n")
    }

    private static func addresses(
        _ line: Substring, _ number: Int
    ) throws(HeapDumpError) -> [UInt64] {
        let words = line.dropFirst().split(separator: " ")
        let addresses = words.compactMap { word in
            word.hasPrefix("0x") ? UInt64(word.dropFirst(2), radix: 16) : nil
        }
        guard addresses.count == words.count, !addresses.isEmpty else {
            throw HeapDumpError(line: number, message: "not a stack of addresses: \(line)")
        }
        return addresses
    }

    /// `  t*: OBJECTS: BYTES [...]`, of the sampled objects; each stands for all that were as
    /// likely not to be sampled.
    private static func amount(
        _ line: Substring, _ number: Int, _ period: Double
    ) throws(HeapDumpError) -> Amount {
        let words = line.split { $0 == " " || $0 == ":" }
        guard words.count >= 3, let objects = Double(words[1]), let bytes = Double(words[2]),
            (0...maximum).contains(objects), (0...maximum).contains(bytes)
        else { throw HeapDumpError(line: number, message: "not objects and bytes: \(line)") }
        guard objects > 0, bytes > 0 else { return Amount(objects: 0, bytes: 0) }
        let share = 1 - exp(-bytes / objects / period)
        guard max(objects, bytes) / share <= maximum else {
            throw HeapDumpError(line: number, message: "more than a process can hold: \(line)")
        }
        return Amount(objects: objects / share, bytes: bytes / share)
    }
}

/// A heap profile that cannot be read.
public struct HeapDumpError: Error, Sendable, Equatable, CustomStringConvertible {
    /// The line, from 1.
    public let line: Int
    /// What is wrong.
    public let message: String

    /// The line, then what is wrong.
    public var description: String { "line \(line): \(message)" }
}
