/// Sorts operations by key and value, in place.
///
/// A radix sort from the highest digit on: the records are too many for a second copy.
struct OperationGrouping {
    /// Bytes of key and value together.
    private static let digits = 12
    /// Fewer are sorted by insertion.
    private static let few = 32

    /// Sorts all of them; O(operations * bytes in which they differ).
    static func group(_ operations: inout [Operation]) {
        group(&operations, 0..<operations.count, digit: 0)
    }

    private static func group(
        _ operations: inout [Operation], _ range: Range<Int>, digit first: Int
    ) {
        var digit = first
        while range.count > few, digit < digits {
            var ends = [Int](repeating: 0, count: 256)
            for index in range { ends[byte(operations[index], digit)] += 1 }
            guard !ends.contains(range.count) else {
                digit += 1
                continue
            }
            var next = ends
            var sum = range.lowerBound
            for bucket in 0..<256 {
                next[bucket] = sum
                sum += ends[bucket]
                ends[bucket] = sum
            }
            let starts = next
            permute(&operations, &next, ends, digit)
            for bucket in 0..<256 where ends[bucket] - starts[bucket] > 1 {
                group(&operations, starts[bucket]..<ends[bucket], digit: digit + 1)
            }
            return
        }
        if digit < digits { insert(&operations, range) }
    }

    /// Moves every operation into its bucket; `next` are the first free places.
    private static func permute(
        _ operations: inout [Operation], _ next: inout [Int], _ ends: [Int], _ digit: Int
    ) {
        for bucket in 0..<256 {
            while next[bucket] < ends[bucket] {
                var moving = operations[next[bucket]]
                var target = byte(moving, digit)
                while target != bucket {
                    let place = next[target]
                    next[target] += 1
                    swap(&moving, &operations[place])
                    target = byte(moving, digit)
                }
                operations[next[bucket]] = moving
                next[bucket] += 1
            }
        }
    }

    private static func insert(_ operations: inout [Operation], _ range: Range<Int>) {
        for index in range.dropFirst() {
            let moving = operations[index]
            var place = index
            while place > range.lowerBound, isOrdered(moving, operations[place - 1]) {
                operations[place] = operations[place - 1]
                place -= 1
            }
            operations[place] = moving
        }
    }

    private static func isOrdered(_ one: Operation, _ other: Operation) -> Bool {
        one.key == other.key ? one.value < other.value : one.key < other.key
    }

    @inline(__always)
    private static func byte(_ operation: Operation, _ digit: Int) -> Int {
        digit < 4
            ? Int(truncatingIfNeeded: operation.key >> UInt32(24 - 8 * digit)) & 255
            : Int(truncatingIfNeeded: operation.value >> UInt64(88 - 8 * digit)) & 255
    }
}
