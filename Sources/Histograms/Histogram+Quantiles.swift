extension Histogram {
    /// The non-empty buckets in ascending order: the values that each stands for, and its count.
    public var buckets: some Sequence<(range: ClosedRange<UInt64>, count: UInt64)> {
        let slots = lastSlot >= 0 ? firstSlot..<(lastSlot + 1) : 0..<0
        return slots.lazy.filter { counts[$0] > 0 }.map { slot in
            (range: layout.range(ofSlot: slot), count: counts[slot])
        }
    }

    /// The lower edge of the first bucket; nil where nothing lies in a bucket.
    public var minimum: UInt64? {
        lastSlot >= 0 ? layout.range(ofSlot: firstSlot).lowerBound : nil
    }

    /// The upper edge of the last bucket; nil when empty or when a value overflowed.
    public var maximum: UInt64? { overflow == 0 ? highestInRange : nil }

    /// The upper edge of the last bucket, whatever overflowed; nil where nothing lies in a bucket.
    public var highestInRange: UInt64? {
        lastSlot >= 0 ? layout.range(ofSlot: lastSlot).upperBound : nil
    }

    /// The mean of the buckets' middles; nil when empty or when a value overflowed.
    public var mean: Double? {
        guard overflow == 0, totalCount > 0 else { return nil }
        var sum = 0.0
        for bucket in buckets {
            let width = Double(bucket.range.upperBound - bucket.range.lowerBound)
            sum += (Double(bucket.range.lowerBound) + width / 2) * Double(bucket.count)
        }
        return sum / Double(totalCount)
    }

    /// The upper edge of the bucket that holds the value of a quantile, in parts per million.
    ///
    /// Its rank is max(1, ceil(q n)) in integer arithmetic. Nil when empty or where the rank lies
    /// among
    /// the values that overflowed.
    public func value(atQuantilePartsPerMillion partsPerMillion: Int) -> UInt64? {
        rank(atQuantilePartsPerMillion: partsPerMillion).flatMap { value(atRank: $0) }
    }

    /// The rank of a quantile in parts per million among the values recorded; nil when empty.
    public func rank(atQuantilePartsPerMillion partsPerMillion: Int) -> UInt64? {
        precondition(
            (0...1_000_000).contains(partsPerMillion), "no quantile \(partsPerMillion) ppm")
        guard totalCount > 0 else { return nil }
        let product = totalCount.multipliedFullWidth(by: UInt64(partsPerMillion))
        let (quotient, remainder) = UInt64(1_000_000).dividingFullWidth(product)
        return max(1, quotient + (remainder > 0 ? 1 : 0))
    }

    /// The upper edge of the bucket that holds the value of a rank, counted from 1.
    ///
    /// Nil where the rank is zero, above the count, or among the values that overflowed.
    public func value(atRank rank: UInt64) -> UInt64? {
        bucket(atRank: rank)?.upperBound
    }

    /// The bucket that holds the value of a rank, counted from 1; nil as for `value(atRank:)`.
    public func bucket(atRank rank: UInt64) -> ClosedRange<UInt64>? {
        guard rank >= 1, rank <= totalCount - overflow else { return nil }
        var passed: UInt64 = 0
        for slot in firstSlot...lastSlot {
            passed += counts[slot]
            if passed >= rank { return layout.range(ofSlot: slot) }
        }
        return nil
    }

    /// The values that share a bucket with a value.
    ///
    /// The value may not exceed `highestTrackable`, because larger ones have no bucket.
    public func equivalentRange(of value: UInt64) -> ClosedRange<UInt64> {
        precondition(value <= highestTrackable, "\(value) is above \(highestTrackable)")
        return layout.range(ofSlot: layout.slot(of: value))
    }

    /// How many values are at or above a threshold: at least, and at most.
    ///
    /// The bucket that the threshold divides is counted in `most` alone; what overflowed is in
    /// both.
    public func count(atOrAbove threshold: UInt64) -> (least: UInt64, most: UInt64) {
        var least = overflow
        var most = overflow
        guard lastSlot >= 0 else { return (least, most) }
        for slot in firstSlot...lastSlot where counts[slot] > 0 {
            let range = layout.range(ofSlot: slot)
            if range.lowerBound >= threshold { least += counts[slot] }
            if range.upperBound >= threshold { most += counts[slot] }
        }
        return (least, most)
    }
}
