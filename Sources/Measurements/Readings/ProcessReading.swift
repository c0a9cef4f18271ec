/// The memory, CPU and handles of a process at one time; what could not be read is `nil`.
///
/// Of several processes, as a server's workers, the sums.
public struct ProcessReading: Sendable, Codable, Equatable {
    /// Where figures of memory come from.
    public enum Source: String, Sendable, Codable {
        /// The process's own Prometheus metrics.
        case metrics
        /// The probe beside its allocator.
        case probe
        /// /proc.
        case proc
        /// loadgen's own allocator.
        case own
    }

    /// Where the figures of memory come from.
    public var source: Source?
    /// How many processes it sums up; `nil` for one.
    public var processes: Int?
    /// The runtime whose collector frees memory when it sees fit, as `node`; `nil` for none.
    public var collector: String?
    /// When the oldest of them started, in seconds from the system's start or from 1970.
    public var startSeconds: Double?
    /// jemalloc's stats.allocated.
    public var allocatedBytes: UInt64?
    /// jemalloc's stats.active.
    public var activeBytes: UInt64?
    /// jemalloc's stats.resident.
    public var jemallocResidentBytes: UInt64?
    /// jemalloc's stats.mapped.
    public var mappedBytes: UInt64?
    /// jemalloc's stats.retained.
    public var retainedBytes: UInt64?
    /// jemalloc's stats.metadata.
    public var metadataBytes: UInt64?
    /// Resident set size.
    public var residentBytes: UInt64?
    /// Resident memory that is no file's: heaps and stacks.
    public var anonymousBytes: UInt64?
    /// Resident memory, shared pages divided among those that share them; read at troughs alone.
    public var proportionalBytes: UInt64?
    /// User and system CPU time since the process started.
    public var cpuSeconds: Double?
    /// Open file descriptors.
    public var openFiles: Int?
    /// Open sockets among them.
    public var sockets: Int?
    /// Threads.
    public var threads: Int?
    /// Bytes that read and write calls moved since the process started.
    public var ioBytes: UInt64?

    /// A reading with nothing in it.
    public init() {}

    enum CodingKeys: String, CodingKey {
        case source
        case processes
        case collector
        case startSeconds = "start_s"
        case allocatedBytes = "allocated_bytes"
        case activeBytes = "active_bytes"
        case jemallocResidentBytes = "jemalloc_resident_bytes"
        case mappedBytes = "mapped_bytes"
        case retainedBytes = "retained_bytes"
        case metadataBytes = "metadata_bytes"
        case residentBytes = "resident_bytes"
        case anonymousBytes = "anonymous_bytes"
        case proportionalBytes = "proportional_bytes"
        case cpuSeconds = "cpu_s"
        case openFiles = "open_files"
        case sockets
        case threads
        case ioBytes = "io_bytes"
    }
}

extension ProcessReading {
    static var sizes: [WritableKeyPath<ProcessReading, UInt64?>] {
        [
            \.allocatedBytes, \.activeBytes, \.jemallocResidentBytes, \.mappedBytes,
            \.retainedBytes, \.metadataBytes, \.residentBytes, \.anonymousBytes,
            \.proportionalBytes, \.ioBytes,
        ]
    }
    static var counts: [WritableKeyPath<ProcessReading, Int?>] {
        [\.openFiles, \.sockets, \.threads]
    }

    func check(_ numbers: inout NumberCheck) {
        numbers.count("processes", processes)
        for (name, value) in [
            ("allocated_bytes", allocatedBytes), ("active_bytes", activeBytes),
            ("jemalloc_resident_bytes", jemallocResidentBytes), ("mapped_bytes", mappedBytes),
            ("retained_bytes", retainedBytes), ("metadata_bytes", metadataBytes),
            ("resident_bytes", residentBytes), ("anonymous_bytes", anonymousBytes),
            ("proportional_bytes", proportionalBytes), ("io_bytes", ioBytes),
        ] { numbers.bytes(name, value) }
        for (name, value) in [
            ("open_files", openFiles), ("sockets", sockets), ("threads", threads),
        ] { numbers.count(name, value) }
        numbers.seconds("start_s", startSeconds)
        numbers.seconds("cpu_s", cpuSeconds)
    }

    /// Takes from another reading of the same process what this one does not have.
    public mutating func fill(from other: ProcessReading) {
        for path in Self.sizes where self[keyPath: path] == nil {
            self[keyPath: path] = other[keyPath: path]
        }
        for path in Self.counts where self[keyPath: path] == nil {
            self[keyPath: path] = other[keyPath: path]
        }
        source = source ?? other.source
        processes = processes ?? other.processes
        collector = collector ?? other.collector
        startSeconds = startSeconds ?? other.startSeconds
        cpuSeconds = cpuSeconds ?? other.cpuSeconds
    }

    /// Takes the figures of an allocator from another reading of the same processes.
    public mutating func takeAllocator(from other: ProcessReading) {
        let figures: [WritableKeyPath<ProcessReading, UInt64?>] = [
            \.allocatedBytes, \.activeBytes, \.jemallocResidentBytes, \.mappedBytes,
            \.retainedBytes, \.metadataBytes,
        ]
        for path in figures { self[keyPath: path] = other[keyPath: path] }
        source = other.source
    }

    /// The sum over processes, less what one of them lacks; `nil` for none.
    public init?(sum readings: [ProcessReading]) {
        guard var sum = readings.first else { return nil }
        for reading in readings.dropFirst() {
            for path in Self.sizes {
                sum[keyPath: path] = Self.added(sum[keyPath: path], reading[keyPath: path])
            }
            for path in Self.counts {
                sum[keyPath: path] = Self.added(sum[keyPath: path], reading[keyPath: path])
            }
            sum.collector = sum.collector ?? reading.collector
            if let one = sum.cpuSeconds, let other = reading.cpuSeconds {
                sum.cpuSeconds = one + other
            } else {
                sum.cpuSeconds = nil
            }
            if let start = reading.startSeconds {
                sum.startSeconds = min(sum.startSeconds ?? start, start)
            }
        }
        if readings.count > 1 { sum.processes = readings.count }
        self = sum
        dropImpossible()
    }

    private static func added<Value: FixedWidthInteger>(_ one: Value?, _ other: Value?) -> Value? {
        guard let one, let other else { return nil }
        let (sum, isOver) = one.addingReportingOverflow(other)
        return isOver ? nil : sum
    }
}
