import Collector
import Glibc
import Testing

@Suite struct ClockReaderTests {
    private static func read(_ clock: clockid_t) -> Int64 {
        var time = timespec()
        clock_gettime(clock, &time)
        return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
    }

    /// Each clock is read before and after, so that the offset is between two that are known,
    /// however long the machine took for the reading.
    @Test func `offsets are those of the machine's clocks, and stay`() {
        let start = Self.read(CLOCK_MONOTONIC)
        let (real, boot) = (Self.read(CLOCK_REALTIME), Self.read(CLOCK_BOOTTIME))
        let readers = (0..<100).map { _ in ClockReader() }
        let (realEnd, bootEnd) = (Self.read(CLOCK_REALTIME), Self.read(CLOCK_BOOTTIME))
        let end = Self.read(CLOCK_MONOTONIC)
        for reader in readers {
            #expect((real - end...realEnd - start).contains(reader.realtimeOffsetNanoseconds))
            #expect((boot - end...bootEnd - start).contains(reader.bootOffsetNanoseconds))
        }
    }
}
