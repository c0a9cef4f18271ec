public import Measurements

/// The difference of two heap profiles of a process, by the names of functions.
public struct HeapComparison: Sendable {
    /// What has grown, by its frames, the innermost first.
    public private(set) var grown: [[String]: HeapDump.Amount] = [:]
    /// The processes that were compared.
    public private(set) var processes = 0
    /// A stack was recorded once in so many bytes.
    public private(set) var sampleBytes = 0.0

    /// More stacks than a person reads.
    private static let maximumStacks = 20

    /// Nothing yet.
    public init() {}

    /// Adds what a process holds more at the second dump than at the first; addresses of both are
    /// of the same process.
    ///
    /// - Parameter frames: the names of a stack's addresses, the innermost first.
    public mutating func add(
        first: HeapDump, last: HeapDump, frames: ([UInt64]) -> [String]
    ) {
        processes += 1
        sampleBytes = last.sampleBytes
        for (stack, amount) in last.stacks {
            let before = first.stacks[stack] ?? HeapDump.Amount(objects: 0, bytes: 0)
            add(amount, less: before, at: frames(stack))
        }
        for (stack, amount) in first.stacks where last.stacks[stack] == nil {
            add(HeapDump.Amount(objects: 0, bytes: 0), less: amount, at: frames(stack))
        }
    }

    /// Stacks that end in the same names are one: they differ by their place in a function alone.
    private mutating func add(
        _ amount: HeapDump.Amount, less before: HeapDump.Amount, at frames: [String]
    ) {
        var sum = grown[frames] ?? HeapDump.Amount(objects: 0, bytes: 0)
        sum.objects += amount.objects - before.objects
        sum.bytes += amount.bytes - before.bytes
        grown[frames] = sum
    }

    /// The stacks that grew, the most first, each with its share of all growth.
    public var stacks: [HeapGrowth.Stack] {
        let growing = grown.filter { $0.value.bytes > 0 }
        let all = growing.reduce(0) { $0 + $1.value.bytes }
        guard all > 0 else { return [] }
        let sorted = growing.sorted {
            ($1.value.bytes, $0.key.joined()) < ($0.value.bytes, $1.key.joined())
        }
        return sorted.prefix(Self.maximumStacks).map { frames, amount in
            HeapGrowth.Stack(
                bytes: amount.bytes.rounded(), objects: amount.objects.rounded(),
                share: amount.bytes / all, frames: frames)
        }
    }
}
