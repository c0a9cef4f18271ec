import Collector
import Foundation
import Testing

@Suite struct ClockReaderTests {
    @Test func `offsets are those of the machine's clocks, and stay`() {
        let first = ClockReader()
        let expected = Date().timeIntervalSince1970 - ProcessInfo.processInfo.systemUptime
        // The uptime is of the monotonic clock.
        #expect(abs(Double(first.realtimeOffsetNanoseconds) / 1e9 - expected) < 0.1)
        #expect(first.bootOffsetNanoseconds > -1_000_000)
        let second = ClockReader()
        #expect(abs(second.realtimeOffsetNanoseconds - first.realtimeOffsetNanoseconds) < 5_000_000)
        #expect(abs(second.bootOffsetNanoseconds - first.bootOffsetNanoseconds) < 5_000_000)
    }
}
