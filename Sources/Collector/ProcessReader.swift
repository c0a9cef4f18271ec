import CJemalloc
public import Evidence
import FoundationEssentials
import Glibc

/// Readings of a process's memory and CPU: from /proc, from its metrics, or from our own allocator.
public enum ProcessReader {
    /// This process: jemalloc's figures and /proc/self.
    public static func readOwn() -> ProcessReading {
        var reading = readProcess("self")
        var epoch: UInt64 = 1
        _ = mallctl("epoch", nil, nil, &epoch, MemoryLayout<UInt64>.size)
        reading.allocatedBytes = statistic("stats.allocated")
        reading.activeBytes = statistic("stats.active")
        reading.jemallocResidentBytes = statistic("stats.resident")
        reading.mappedBytes = statistic("stats.mapped")
        reading.retainedBytes = statistic("stats.retained")
        return reading
    }

    private static func statistic(_ name: String) -> UInt64? {
        var value = 0
        var size = MemoryLayout<Int>.size
        return mallctl(name, &value, &size, nil, 0) == 0 ? UInt64(value) : nil
    }

    /// A process by its id, or `self`; fields that /proc does not give are absent.
    public static func readProcess(_ id: String) -> ProcessReading {
        var reading = ProcessReading()
        if let text = contents("/proc/\(id)/stat"), let end = text.lastIndex(of: ")") {
            // Fields from the third on, as in proc(5): utime is the 14th, rss the 24th.
            let fields = text[text.index(after: end)...].split(separator: " ")
            if fields.count > 21, let user = Double(fields[11]), let system = Double(fields[12]) {
                reading.cpuSeconds = (user + system) / Double(sysconf(Int32(_SC_CLK_TCK)))
                reading.threads = Int(fields[17])
                reading.residentBytes = UInt64(fields[21]).map { $0 * UInt64(getpagesize()) }
            }
        }
        reading.openFiles =
            (try? FileManager.default.contentsOfDirectory(atPath: "/proc/\(id)/fd"))?
            .count
        return reading
    }

    /// A Prometheus text exposition: jemalloc's and the process's own figures by their usual names.
    public static func read(prometheus text: String) -> ProcessReading {
        var values: [Substring: Double] = [:]
        for line in text.split(separator: "\n") where !line.hasPrefix("#") {
            guard let space = line.lastIndex(of: " "), !line.contains("{"),
                let value = Double(line[line.index(after: space)...]), value.isFinite
            else { continue }
            values[line[..<space]] = value
        }
        func bytes(_ name: Substring) -> UInt64? {
            values[name].flatMap { UInt64(exactly: $0.rounded()) }
        }
        var reading = ProcessReading()
        reading.allocatedBytes = bytes("jemalloc_stats_allocated_bytes")
        reading.activeBytes = bytes("jemalloc_stats_active_bytes")
        reading.jemallocResidentBytes = bytes("jemalloc_stats_resident_bytes")
        reading.mappedBytes = bytes("jemalloc_stats_mapped_bytes")
        reading.retainedBytes = bytes("jemalloc_stats_retained_bytes")
        reading.residentBytes = bytes("process_resident_memory_bytes")
        reading.cpuSeconds = values["process_cpu_seconds_total"]
        reading.openFiles = bytes("process_open_fds").map(Int.init)
        reading.threads = bytes("process_threads").map(Int.init)
        return reading
    }

    /// The machine's CPU time since it started, in clock ticks: what was stolen, and all of it.
    public static func readSteal() -> (stolen: Double, total: Double)? {
        guard let line = contents("/proc/stat")?.split(separator: "\n").first else { return nil }
        let ticks = line.split(separator: " ").dropFirst().compactMap { Double($0) }
        guard ticks.count >= 8 else { return nil }
        return (ticks[7], ticks.prefix(8).reduce(0, +))
    }

    private static func contents(_ path: String) -> String? {
        try? String(contentsOfFile: path, encoding: .utf8)
    }
}
