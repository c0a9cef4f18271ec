import Measurements

/// What was due in each second on one loop, and what became of it; confined to its loop.
///
/// A ring of seconds that reaches back as far as requests may wait. What falls out of it, because
/// the loop was held up or its seconds are not taken, is kept beside it until the next `close`.
struct DueLedger {
    /// A tenth of a second; due times are offsets into it.
    private struct Slot {
        var total: UInt32 = 0
        var failed: UInt32 = 0
        var slow: UInt32 = 0
        var firstBad = UInt32.max
        var lastBad: UInt32 = 0
        var firstGood = UInt32.max
        var lastGood: UInt32 = 0

        @inline(__always)
        mutating func count(_ offset: UInt32, isFailed: Bool, isSlow: Bool) {
            total &+= 1
            if isFailed || isSlow {
                if isFailed { failed &+= 1 } else { slow &+= 1 }
                firstBad = min(firstBad, offset)
                lastBad = max(lastBad, offset)
            } else {
                firstGood = min(firstGood, offset)
                lastGood = max(lastGood, offset)
            }
        }
    }

    private struct Key: Hashable {
        let second: UInt64
        let cell: Int
    }

    /// The latency thresholds of each cell, ascending.
    private let bounds: [[UInt64]]
    private let boundCount: Int
    private let cellCount: Int
    /// The block of each cell in each second of the ring; -1 if nothing was due.
    private var blocks: ContiguousArray<Int32>
    /// The first second of the ring.
    private var base: UInt64 = 0
    private let span: UInt64
    /// What is outside the ring.
    private var strays: [Key: Int32] = [:]
    /// Ten for each block.
    private var slots = ContiguousArray<Slot>()
    /// One for each threshold for each block.
    private var over = ContiguousArray<UInt32>()
    private var free: [Int32] = []

    private static let tenthNanoseconds: UInt64 = 100_000_000
    private static let maximumSpan: UInt64 = 64
    private static let blocksReserved = 64

    /// A ledger of so many cells, for requests that wait for at most `timeoutSeconds`.
    init(bounds: [[UInt64]], timeoutSeconds: UInt64) {
        self.bounds = bounds
        cellCount = bounds.count
        boundCount = bounds.map(\.count).max() ?? 0
        // A power of two, so that no division is made for each request.
        var span: UInt64 = 8
        while span < min(timeoutSeconds + 4, Self.maximumSpan) { span *= 2 }
        self.span = span
        blocks = ContiguousArray(repeating: -1, count: Int(span) * cellCount)
        slots.reserveCapacity(10 * Self.blocksReserved)
        over.reserveCapacity(boundCount * Self.blocksReserved)
    }

    /// Counts a right answer below every threshold of its cell, by when it was due: nanoseconds
    /// from the start of the load.
    @inline(__always)
    mutating func right(_ due: UInt64, cell: Int) {
        _ = count(due, cell: cell, isFailed: false, isSlow: false)
    }

    /// Counts a right answer that took as long as a threshold of its cell.
    mutating func slow(_ due: UInt64, cell: Int, latency: UInt64) {
        let block = count(due, cell: cell, isFailed: false, isSlow: true)
        for (index, bound) in bounds[cell].enumerated() where latency >= bound {
            over[block &* boundCount &+ index] &+= 1
        }
    }

    /// Counts a failed request by when it was due.
    mutating func failed(_ due: UInt64, cell: Int) {
        _ = count(due, cell: cell, isFailed: true, isSlow: false)
    }

    /// Counts a request, and gives its block.
    @inline(__always)
    private mutating func count(_ due: UInt64, cell: Int, isFailed: Bool, isSlow: Bool) -> Int {
        let tenth = due / Self.tenthNanoseconds
        let second = tenth / 10
        let block = block(second, cell)
        slots[block &* 10 &+ Int(tenth &- second &* 10)].count(
            UInt32(truncatingIfNeeded: due &- tenth &* Self.tenthNanoseconds), isFailed: isFailed,
            isSlow: isSlow)
        return block
    }

    @inline(__always)
    private mutating func block(_ second: UInt64, _ cell: Int) -> Int {
        guard second &- base < span else { return stray(second, cell) }
        let place = Int(second & (span &- 1)) &* cellCount &+ cell
        let block = blocks[place]
        if block >= 0 { return Int(block) }
        let fresh = freshBlock()
        blocks[place] = fresh
        return Int(fresh)
    }

    @inline(never)
    private mutating func stray(_ second: UInt64, _ cell: Int) -> Int {
        let key = Key(second: second, cell: cell)
        if let block = strays[key] { return Int(block) }
        let fresh = freshBlock()
        strays[key] = fresh
        return Int(fresh)
    }

    @inline(never)
    private mutating func freshBlock() -> Int32 {
        if let block = free.popLast() { return block }
        let block = Int32(slots.count / 10)
        slots.append(contentsOf: repeatElement(Slot(), count: 10))
        over.append(contentsOf: repeatElement(0, count: boundCount))
        return block
    }

    // MARK: What is known of a second

    /// Takes out every second before `limit`, with all tenths in which something was due; `name`
    /// has the phase and the operation of a cell.
    mutating func close(
        before limit: UInt64, name: (Int) -> (phase: String, operation: String)
    ) -> [DueSecond] {
        var closed: [DueSecond] = []
        let end = min(limit, base + span)
        while base < end {
            let row = Int(base & (span - 1)) * cellCount
            for cell in bounds.indices where blocks[row + cell] >= 0 {
                closed.append(take(blocks[row + cell], Key(second: base, cell: cell), name(cell)))
                blocks[row + cell] = -1
            }
            base += 1
        }
        if limit < .max { base = max(base, limit) }
        let others = strays.sorted { ($0.key.second, $0.key.cell) < ($1.key.second, $1.key.cell) }
        for (key, block) in others { closed.append(take(block, key, name(key.cell))) }
        strays.removeAll(keepingCapacity: true)
        return closed
    }

    private mutating func take(
        _ block: Int32, _ key: Key, _ name: (phase: String, operation: String)
    ) -> DueSecond {
        var second = DueSecond(
            second: Int(key.second), phase: name.phase, operation: name.operation)
        second.slots = []
        for tenth in 0..<10 {
            let slot = slots[Int(block) * 10 + tenth]
            guard slot.total > 0 else { continue }
            let begin = (key.second * 10 + UInt64(tenth)) * Self.tenthNanoseconds
            var known = DueSlot(tenth: tenth)
            known.total = Int(slot.total)
            known.failed = Int(slot.failed)
            known.slow = Int(slot.slow)
            if known.bad > 0 {
                known.firstBadNanoseconds = begin + UInt64(slot.firstBad)
                known.lastBadNanoseconds = begin + UInt64(slot.lastBad)
            }
            if known.bad < known.total {
                known.firstGoodNanoseconds = begin + UInt64(slot.firstGood)
                known.lastGoodNanoseconds = begin + UInt64(slot.lastGood)
            }
            second.total += known.total
            second.failed += known.failed
            second.slots?.append(known)
            slots[Int(block) * 10 + tenth] = Slot()
        }
        for (index, bound) in bounds[key.cell].enumerated() {
            let place = Int(block) * boundCount + index
            second.over[String(bound)] = Int(over[place])
            over[place] = 0
        }
        free.append(block)
        return second
    }
}
