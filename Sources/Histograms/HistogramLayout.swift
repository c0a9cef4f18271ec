/// How values map to slots of the counts array: linear within an octave, octaves by powers of two.
///
/// - Source: HdrHistogram, AbstractHistogram.java (the layout is part of its file format).
struct HistogramLayout: Sendable, Equatable {
    /// The smallest difference that the caller wants kept apart near zero.
    let lowestDiscernible: UInt64
    /// Values above it are not counted in a slot.
    let highestTrackable: UInt64
    /// Decimal digits kept, 1 to 5.
    let significantDigits: Int
    /// log2 of the width of the first slots.
    let unitMagnitude: Int
    /// log2 of half the number of slots of an octave.
    let halfMagnitude: Int
    /// The number of slots that `highestTrackable` needs.
    let slotCount: Int
    /// Set bits of the values that lie in the first octave.
    private let subBucketMask: UInt64

    /// The layout, or nil for parameters that no histogram can have.
    init?(lowestDiscernible: UInt64, highestTrackable: UInt64, significantDigits: Int) {
        guard lowestDiscernible >= 1, (1...5).contains(significantDigits),
            highestTrackable <= UInt64(Int64.max) / 2,
            highestTrackable / 2 >= lowestDiscernible
        else { return nil }
        let resolution = (1...significantDigits).reduce(UInt64(2)) { product, _ in product * 10 }
        let subBucketBits = Self.bitLength(resolution - 1)
        let unit = Self.bitLength(lowestDiscernible) - 1
        guard unit + subBucketBits <= 61 else { return nil }
        let octaves = max(0, Self.bitLength(highestTrackable) - unit - subBucketBits) + 1
        self.lowestDiscernible = lowestDiscernible
        self.highestTrackable = highestTrackable
        self.significantDigits = significantDigits
        unitMagnitude = unit
        halfMagnitude = subBucketBits - 1
        slotCount = (octaves + 1) << halfMagnitude
        subBucketMask = ((1 << UInt64(subBucketBits)) - 1) << UInt64(unit)
    }

    /// The slot of a value.
    @inline(__always)
    func slot(of value: UInt64) -> Int {
        let leadingZeros = (value | subBucketMask).leadingZeroBitCount
        let octave = 63 &- unitMagnitude &- halfMagnitude &- leadingZeros
        let step = Int(truncatingIfNeeded: value &>> UInt64(octave &+ unitMagnitude))
        return (octave &<< halfMagnitude) &+ step
    }

    /// The values that a slot stands for.
    func range(ofSlot slot: Int) -> ClosedRange<UInt64> {
        let octave = max(0, (slot >> halfMagnitude) - 1)
        let step = UInt64(slot - octave << halfMagnitude)
        let shift = UInt64(octave + unitMagnitude)
        let lowest = step << shift
        return lowest...(lowest + (1 << shift) - 1)
    }

    private static func bitLength(_ value: UInt64) -> Int { 64 - value.leadingZeroBitCount }
}
