import CLinux
import Glibc

/// CLOCK_MONOTONIC, the one clock of every stamp; in a test, a clock that is turned by hand.
///
/// What runs on a loop asks the loop for the time; what has no loop is given a clock.
public struct MonotonicClock: Sendable {
    /// The system's.
    public static let system = MonotonicClock(manual: nil)

    /// The clock that is turned by hand; `nil` for the system's.
    @usableFromInline
    let manual: ManualClock?

    /// Now, in nanoseconds since an arbitrary start; callable on any thread.
    @inlinable @inline(__always)
    public var nowNanoseconds: UInt64 {
        if let manual { return manual.nowNanoseconds }
        return Self.systemNanoseconds()
    }

    // On the path of a request it is known to release no object, so that none is retained for it.
    @usableFromInline @inline(never) @_effects(releasenone)
    static func systemNanoseconds() -> UInt64 {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return UInt64(time.tv_sec) &* 1_000_000_000 &+ UInt64(time.tv_nsec)
    }
}
