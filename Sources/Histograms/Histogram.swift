/// An HDR histogram: counts of whole numbers, here nanoseconds, with a bounded relative error.
///
/// Memory is bounded by the layout (192 KiB for the default one) and grows on demand. What lies
/// above
/// the highest trackable value is counted apart, as +infinity, never clamped.
public struct Histogram: Sendable, Equatable {
    let layout: HistogramLayout
    /// Counts by slot; shorter than the layout's slots until those are needed.
    private(set) var counts: [UInt64] = []
    /// The first slot that holds a count; `Int.max` when none does.
    private(set) var firstSlot = Int.max
    /// The last slot that holds a count; -1 when none does.
    private(set) var lastSlot = -1
    private var trackedCount: UInt64 = 0
    /// How many values lay above `highestTrackable`.
    public private(set) var overflow: UInt64 = 0

    /// An empty histogram; the defaults are 3 digits from 1 us to 1 h in nanoseconds.
    public init(
        lowestDiscernible: UInt64 = 1_000, highestTrackable: UInt64 = 3_600_000_000_000,
        significantDigits: Int = 3
    ) {
        let layout = HistogramLayout(
            lowestDiscernible: lowestDiscernible, highestTrackable: highestTrackable,
            significantDigits: significantDigits)
        guard let layout else {
            preconditionFailure(
                "no histogram from \(lowestDiscernible) to \(highestTrackable)"
                    + " with \(significantDigits) digits")
        }
        self.init(layout: layout)
    }

    init(layout: HistogramLayout) {
        self.layout = layout
    }

    /// Counts one value; O(1), without allocation once its octave has been seen.
    public mutating func record(_ value: UInt64) {
        record(value, count: 1)
    }

    /// Counts a value several times.
    public mutating func record(_ value: UInt64, count: UInt64) {
        guard value <= layout.highestTrackable else {
            overflow += count
            return
        }
        addToSlot(layout.slot(of: value), count)
    }

    @inline(__always)
    mutating func addToSlot(_ slot: Int, _ count: UInt64) {
        guard count > 0 else { return }
        if slot >= counts.count { grow(toHold: slot) }
        counts[slot] &+= count
        trackedCount &+= count
        if slot < firstSlot { firstSlot = slot }
        if slot > lastSlot { lastSlot = slot }
    }

    @inline(never)
    private mutating func grow(toHold slot: Int) {
        let size = min(layout.slotCount, max(slot + 1, 2 * counts.count, 1 << layout.halfMagnitude))
        counts.append(contentsOf: repeatElement(0, count: size - counts.count))
    }

    /// Adds the counts of another histogram; O(slots that the other one touched).
    ///
    /// Where the layouts differ, the other one's values are taken at the upper edge of their
    /// bucket.
    public mutating func add(_ other: Histogram) {
        overflow += other.overflow
        guard other.lastSlot >= 0 else { return }
        guard layout == other.layout else {
            for bucket in other.buckets { record(bucket.range.upperBound, count: bucket.count) }
            return
        }
        if other.lastSlot >= counts.count { grow(toHold: other.lastSlot) }
        for slot in other.firstSlot...other.lastSlot { counts[slot] &+= other.counts[slot] }
        trackedCount += other.trackedCount
        firstSlot = min(firstSlot, other.firstSlot)
        lastSlot = max(lastSlot, other.lastSlot)
    }

    /// Empties the histogram in place; keeps its memory; O(slots touched).
    public mutating func reset() {
        if lastSlot >= 0 {
            for slot in firstSlot...lastSlot { counts[slot] = 0 }
        }
        firstSlot = Int.max
        lastSlot = -1
        trackedCount = 0
        overflow = 0
    }

    /// Empties the histogram, and gives what it held; O(slots up to the last one touched).
    ///
    /// A plain copy would share the memory, and the first change would copy all of it.
    public mutating func take() -> Histogram {
        var taken = self
        taken.counts = Array(counts.prefix(lastSlot + 1))
        reset()
        return taken
    }

    /// Equal layouts and equal counts, whatever memory they hold.
    public static func == (left: Histogram, right: Histogram) -> Bool {
        guard left.layout == right.layout, left.overflow == right.overflow,
            left.trackedCount == right.trackedCount, left.firstSlot == right.firstSlot,
            left.lastSlot == right.lastSlot
        else { return false }
        guard left.lastSlot >= 0 else { return true }
        let slots = left.firstSlot...left.lastSlot
        return left.counts[slots] == right.counts[slots]
    }
}

extension Histogram {
    /// How many values were recorded, those above `highestTrackable` included.
    public var totalCount: UInt64 { trackedCount + overflow }

    /// Whether its buckets are those of another histogram.
    public func hasLayout(of other: Histogram) -> Bool { layout == other.layout }

    /// True when nothing was recorded.
    public var isEmpty: Bool { totalCount == 0 }

    /// The smallest difference kept apart near zero.
    public var lowestDiscernible: UInt64 { layout.lowestDiscernible }

    /// The largest value that is counted in a bucket.
    public var highestTrackable: UInt64 { layout.highestTrackable }

    /// The decimal digits kept.
    public var significantDigits: Int { layout.significantDigits }
}
