/// Sees when a loop did not look at its descriptors for longer than it should.
///
/// It was stopped, starved or busy then. Confined to its loop.
struct Lookout {
    /// When it last looked, monotonic nanoseconds; 0 before the first time.
    private var looked: UInt64 = 0

    /// Longer than this without a look is a hold-up.
    static let longestNanoseconds: UInt64 = 100_000_000

    /// A turn's work is done, and the loop looks again.
    ///
    /// - Returns: when it had last looked, where that was too long ago.
    @inline(__always)
    mutating func endTurn(at now: UInt64) -> UInt64? {
        let last = looked
        looked = now
        return last > 0 && now > last && now - last > Self.longestNanoseconds ? last : nil
    }

    /// A wait that began with the last look has ended, which its earliest timer should have ended.
    ///
    /// - Returns: when it began, where that timer was due too long ago: the thread may have been
    ///   held up from then on.
    @inline(__always)
    mutating func endWait(at now: UInt64, earliest: UInt64?) -> UInt64? {
        let last = looked
        looked = now
        guard let earliest, last > 0, now > earliest else { return nil }
        return now - max(earliest, last) > Self.longestNanoseconds ? last : nil
    }
}
