import CJemalloc
import EventLoops
import FoundationEssentials
import Glibc
public import Measurements

/// Readings of a process's memory and CPU: from /proc, from its metrics, or from our own allocator.
public enum ProcessReader {
    /// This process: jemalloc's figures and /proc/self.
    public static func readOwn() -> ProcessReading {
        var reading = readProcess("self")
        reading.source = .own
        var epoch: UInt64 = 1
        _ = mallctl("epoch", nil, nil, &epoch, MemoryLayout<UInt64>.size)
        reading.allocatedBytes = statistic("stats.allocated")
        reading.activeBytes = statistic("stats.active")
        reading.jemallocResidentBytes = statistic("stats.resident")
        reading.mappedBytes = statistic("stats.mapped")
        reading.retainedBytes = statistic("stats.retained")
        reading.metadataBytes = statistic("stats.metadata")
        return reading
    }

    /// Gives back what the calling thread's cache of the allocator holds: it is free, but counts as
    /// allocated until then.
    public static func flushThreadCache() { _ = mallctl("thread.tcache.flush", nil, nil, nil, 0) }

    private static func statistic(_ name: String) -> UInt64? {
        var value = 0
        var size = MemoryLayout<Int>.size
        return mallctl(name, &value, &size, nil, 0) == 0 ? UInt64(value) : nil
    }

    /// A process by its id, or `self`; fields that /proc does not give are `nil`.
    ///
    /// - Parameter isThorough: sockets, and memory page by page, which takes milliseconds of a
    ///   large process; for a moment when the target is idle.
    public static func readProcess(_ id: String, isThorough: Bool = false) -> ProcessReading {
        var reading = ProcessReading()
        let ticks = Double(sysconf(Int32(_SC_CLK_TCK)))
        let fields = statFields(id)
        if fields.count > 21, let user = Double(fields[11]), let system = Double(fields[12]) {
            reading.cpuSeconds = (user + system) / ticks
            reading.threads = Int(fields[17])
            reading.startSeconds = Double(fields[19]).map { $0 / ticks }
            reading.residentBytes = UInt64(fields[21]).flatMap {
                Self.product($0, UInt64(getpagesize()))
            }
        }
        reading.anonymousBytes = kibibytes("RssAnon:", in: contents("/proc/\(id)/status"))
        if let text = contents("/proc/\(id)/io") {
            let moved = ["rchar:", "wchar:"].compactMap { number($0, in: text) }
            if moved.count == 2 { reading.ioBytes = moved[0] &+ moved[1] }
        }
        reading.openFiles = Descriptors.count(openIn: id)
        reading.dropImpossible()
        guard isThorough, let files = openFileNames(of: id) else { return reading }
        reading.sockets = files.count { link(at: $0).hasPrefix("socket:") }
        if let text = contents("/proc/\(id)/smaps_rollup") {
            reading.proportionalBytes = kibibytes("Pss:", in: text)
            // Exact, where the counter of /proc/PID/status is a few pages for each thread behind.
            reading.anonymousBytes = kibibytes("Anonymous:", in: text) ?? reading.anonymousBytes
        }
        reading.dropImpossible()
        return reading
    }

    /// The paths under /proc of a process's open files; `nil` if they cannot be read.
    public static func openFileNames(of id: String) -> [String]? {
        let folder = "/proc/\(id)/fd"
        let names = try? FileManager.default.contentsOfDirectory(atPath: folder)
        return names?.map { "\(folder)/\($0)" }
    }

    /// The fields of /proc/PID/stat from the third on, as in proc(5): utime is the 14th, the start
    /// the 22nd, rss the 24th.
    static func statFields(_ id: String) -> [Substring] {
        guard let text = contents("/proc/\(id)/stat"), let end = text.lastIndex(of: ")") else {
            return []
        }
        return text[text.index(after: end)...].split(separator: " ")
    }

    private static func kibibytes(_ name: String, in text: String?) -> UInt64? {
        text.flatMap { number(name, in: $0) }.flatMap { product($0, 1024) }
    }

    private static func product(_ one: UInt64, _ other: UInt64) -> UInt64? {
        let (product, isOver) = one.multipliedReportingOverflow(by: other)
        return isOver ? nil : product
    }

    /// The number of the line that begins with this name.
    private static func number(_ name: String, in text: String) -> UInt64? {
        text.split(separator: "\n").first { $0.hasPrefix(name) }
            .flatMap { $0.dropFirst(name.count).split(separator: " ").first }
            .flatMap { UInt64($0.filter { $0 != "\t" }) }
    }

    /// What a symbolic link points at; empty where it cannot be read.
    public static func link(at path: String) -> String {
        var bytes = [CChar](repeating: 0, count: 512)
        let count = readlink(path, &bytes, bytes.count)
        return String(
            decoding: bytes.prefix(max(0, count)).map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    /// The machine's CPU time since it started, in clock ticks: what was stolen, and all of it.
    public static func readSteal() -> (stolen: Double, total: Double)? {
        guard let line = contents("/proc/stat")?.split(separator: "\n").first else { return nil }
        let ticks = line.split(separator: " ").dropFirst().compactMap { Double($0) }
        guard ticks.count >= 8 else { return nil }
        return (ticks[7], ticks.prefix(8).reduce(0, +))
    }

    /// A whole file of /proc; `nil` if it cannot be read.
    ///
    /// Reads up to the file's end: a read of /proc gives a page or less at a time.
    public static func contents(_ path: String) -> String? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 65536)
        while bytes.count < maximumFileBytes {
            let count = Glibc.read(descriptor, &chunk, chunk.count)
            guard count >= 0 else { return nil }
            if count == 0 { break }
            bytes += chunk.prefix(count)
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// More connections than a machine has ports in /proc/net/tcp.
    private static let maximumFileBytes = 64 << 20
}
