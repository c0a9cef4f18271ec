import CLinux
import Glibc

/// CLOCK_MONOTONIC, the one clock of every stamp.
public enum MonotonicClock {
    /// Now, in nanoseconds since an arbitrary start; callable on any thread.
    public static var nowNanoseconds: UInt64 {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return UInt64(time.tv_sec) &* 1_000_000_000 &+ UInt64(time.tv_nsec)
    }
}
