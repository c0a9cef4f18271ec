import Glibc

/// How far the clocks of the machine are apart, so that a step of one of them shows.
public struct ClockReader: Sendable, Equatable {
    /// CLOCK_REALTIME less CLOCK_MONOTONIC: changes where somebody sets the clock.
    public let realtimeOffsetNanoseconds: Int64
    /// CLOCK_BOOTTIME less CLOCK_MONOTONIC: grows while the machine is suspended.
    public let bootOffsetNanoseconds: Int64

    /// A reading between two others of CLOCK_MONOTONIC that are at most this far apart is taken.
    private static let closeNanoseconds: Int64 = 50_000

    /// Reads the clocks now; of a few tries the one that was interrupted least.
    public init() {
        var best: (width: Int64, real: Int64, boot: Int64)?
        for _ in 0..<5 {
            let before = Self.read(CLOCK_MONOTONIC)
            let (real, boot) = (Self.read(CLOCK_REALTIME), Self.read(CLOCK_BOOTTIME))
            let after = Self.read(CLOCK_MONOTONIC)
            let middle = before + (after - before) / 2
            if after - before < best?.width ?? .max {
                best = (after - before, real - middle, boot - middle)
            }
            if after - before <= Self.closeNanoseconds { break }
        }
        realtimeOffsetNanoseconds = best?.real ?? 0
        bootOffsetNanoseconds = best?.boot ?? 0
    }

    private static func read(_ clock: clockid_t) -> Int64 {
        var time = timespec()
        clock_gettime(clock, &time)
        return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
    }
}
