import EventLoops

/// When each event loop last came round, for the watchdog.
public final class Heartbeats: Sendable {
    private let times: Locked<[UInt64]> = Locked([])

    private let clock: MonotonicClock

    /// No loop yet.
    init(clock: MonotonicClock) { self.clock = clock }

    func expect(loops: Int) {
        let now = clock.nowNanoseconds
        times.withLock { $0 = Array(repeating: now, count: loops) }
    }

    func beat(_ loop: Int) {
        let now = clock.nowNanoseconds
        times.withLock { $0[loop] = now }
    }

    /// How long ago the loop that is furthest behind came round, in nanoseconds.
    public var ageNanoseconds: UInt64 {
        let now = clock.nowNanoseconds
        return times.withLock { times in times.map { now - min(now, $0) }.max() ?? 0 }
    }
}
