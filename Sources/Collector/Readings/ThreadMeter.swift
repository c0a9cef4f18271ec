import CJemalloc
import Glibc

/// What the calling thread has used since its last reading; confined to that thread.
public struct ThreadMeter {
    /// What a thread used.
    public struct Use: Sendable, Equatable {
        /// Time on a CPU, in nanoseconds.
        public var cpuNanoseconds: UInt64 = 0
        /// Context switches that it made by waiting.
        public var voluntarySwitches = 0
        /// Context switches that it was made to.
        public var involuntarySwitches = 0
        /// Bytes that it took from the allocator, whatever it gave back.
        public var allocatedBytes: UInt64 = 0

        /// Nothing.
        public init() {}
    }

    private var last: Use

    /// A meter of the calling thread, from now on.
    public init() { last = Self.read() }

    /// What was used since the last call, or since the meter was made.
    public mutating func take() -> Use {
        let now = Self.read()
        defer { last = now }
        var use = Use()
        use.cpuNanoseconds = now.cpuNanoseconds &- last.cpuNanoseconds
        use.voluntarySwitches = now.voluntarySwitches - last.voluntarySwitches
        use.involuntarySwitches = now.involuntarySwitches - last.involuntarySwitches
        use.allocatedBytes = now.allocatedBytes &- last.allocatedBytes
        return use
    }

    private static func read() -> Use {
        var use = Use()
        var time = timespec()
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        use.cpuNanoseconds = UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
        var usage = rusage()
        // RUSAGE_THREAD, which the C library declares with _GNU_SOURCE alone.
        getrusage(__rusage_who_t(1), &usage)
        use.voluntarySwitches = usage.ru_nvcsw
        use.involuntarySwitches = usage.ru_nivcsw
        var bytes: UInt64 = 0
        var size = MemoryLayout<UInt64>.size
        if mallctl("thread.allocated", &bytes, &size, nil, 0) == 0 { use.allocatedBytes = bytes }
        return use
    }
}
