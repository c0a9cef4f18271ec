import CProbePage
import FoundationEssentials
import Glibc
public import Measurements

/// What one process under the probe publishes, over memory that both share.
///
/// Used by one task at a time.
public final class ProbePage {
    /// The process.
    public let process: Int32
    /// The folder of its page, where its heap dumps can go, too.
    public let folder: String
    /// Whether its allocator profiles the heap.
    public let isProfiling: Bool
    private let page: UnsafeMutablePointer<probe_page>
    /// The number of the last reading that was asked for.
    private var asked: UInt32?

    /// Objects of one size, and how many of them live.
    public struct SizeClass: Sendable, Equatable {
        /// Bytes of one object.
        public let sizeBytes: UInt64
        /// How many live.
        public let objects: UInt64
    }

    /// The page of a process; `nil` if it is not under the probe, or belongs to another user.
    public convenience init?(of process: Int32) {
        // The probe maps its page, so the kernel knows where the file is.
        let maps = ProcessReader.contents("/proc/\(process)/maps") ?? ""
        let name = "/\(process).page"
        guard
            let line = maps.split(separator: "\n").first(where: { $0.hasSuffix(name) }),
            let start = line.firstIndex(of: "/")
        else { return nil }
        self.init(file: String(line[start...]), of: process)
    }

    /// The page in a file; `nil` if it is none of this process and this version.
    init?(file: String, of process: Int32) {
        let descriptor = open(file, O_RDWR | O_CLOEXEC | O_NOFOLLOW)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var status = stat()
        let size = MemoryLayout<probe_page>.size
        guard fstat(descriptor, &status) == 0, status.st_size >= size,
            let memory = mmap(nil, size, PROT_READ | PROT_WRITE, MAP_SHARED, descriptor, 0),
            memory != MAP_FAILED
        else { return nil }
        page = memory.assumingMemoryBound(to: probe_page.self)
        self.process = process
        folder = String(file[..<(file.lastIndex(of: "/") ?? file.startIndex)])
        isProfiling = page.pointee.is_profiling != 0
        // All stored properties are set, so that deinit unmaps it.
        guard copy()?.process == process else { return nil }
    }

    deinit { munmap(page, MemoryLayout<probe_page>.size) }

    private func copy() -> probe_page? {
        var copy = probe_page()
        return probe_page_copy(page, &copy) != 0 ? copy : nil
    }

    /// The last reading, which is at most a second old; `nil` while it is being written.
    public var reading: ProcessReading? {
        guard let figures = copy()?.figures, figures.readings > 0 else { return nil }
        var reading = ProcessReading()
        reading.source = .probe
        reading.allocatedBytes = figures.allocated
        reading.activeBytes = figures.active
        reading.jemallocResidentBytes = figures.resident
        reading.mappedBytes = figures.mapped
        reading.retainedBytes = figures.retained
        reading.metadataBytes = figures.metadata
        // The page is the target's to write.
        reading.dropImpossible()
        return reading
    }

    /// CPU time of the probe's thread, and the readings that it went into.
    public var cost: (cpuNanoseconds: UInt64, readings: UInt64) {
        guard let figures = copy()?.figures else { return (0, 0) }
        return (figures.probe_cpu_ns, figures.readings)
    }

    /// Asks for a reading now, with the table of size classes, and for a heap dump where a path is
    /// given; `hasAnswered` says when it is there.
    public func ask(dumpPath: String? = nil) {
        let wants = UInt32(PROBE_WANTS_CLASSES) | (dumpPath == nil ? 0 : UInt32(PROBE_WANTS_DUMP))
        asked = probe_page_ask(page, wants, dumpPath)
    }

    /// Whether the reading that was asked for is there.
    public var hasAnswered: Bool { asked.map { probe_page_has_answered(page, $0) != 0 } ?? true }

    /// Why the last dump was not written, as an errno; 0 where it was.
    public var dumpProblem: Int32 { page.pointee.dump_problem }

    /// Live objects by size, as of the last reading that was asked for.
    public var sizeClasses: [SizeClass] {
        guard var copy = copy() else { return [] }
        let count = min(Int(copy.class_count), Int(PROBE_MOST_CLASSES))
        return withUnsafePointer(to: &copy) { copy in
            UnsafeBufferPointer(start: probe_page_classes(copy), count: count).map {
                SizeClass(sizeBytes: $0.size, objects: $0.objects)
            }
        }
    }

    /// Live bytes of each arena, as of the last reading that was asked for.
    public var arenas: [UInt64] {
        guard var copy = copy() else { return [] }
        let count = min(Int(copy.arena_count), Int(PROBE_MOST_ARENAS))
        return withUnsafePointer(to: &copy) { copy in
            Array(UnsafeBufferPointer(start: probe_page_arenas(copy), count: count))
        }
    }
}
