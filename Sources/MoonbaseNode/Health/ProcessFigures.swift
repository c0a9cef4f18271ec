import CJemalloc
import CLinux
import EventLoops
import FoundationEssentials
import Glibc

/// Figures of the allocator and of the process, read when asked for.
enum ProcessFigures {
    struct Figure {
        let name: String
        let value: Double
        var type = "gauge"
    }

    /// RUSAGE_SELF, which Swift imports as another type than getrusage takes.
    private static let ownProcess: Int32 = 0

    static var all: [Figure] { allocator + process }

    /// jemalloc's figures, in bytes.
    static var allocator: [Figure] {
        // What this thread's cache holds is free, but counts as allocated until it is given back.
        _ = mallctl("thread.tcache.flush", nil, nil, nil, 0)
        var epoch: UInt64 = 1
        guard mallctl("epoch", nil, nil, &epoch, MemoryLayout<UInt64>.size) == 0 else { return [] }
        return ["allocated", "active", "resident", "mapped", "retained"].compactMap { name in
            var value = 0
            var size = MemoryLayout<Int>.size
            guard mallctl("stats.\(name)", &value, &size, nil, 0) == 0 else { return nil }
            return Figure(name: "jemalloc_stats_\(name)_bytes", value: Double(value))
        }
    }

    /// What the program has from the allocator, in bytes; 0 where that is not jemalloc.
    static var allocatedBytes: Double { allocator.first?.value ?? 0 }

    private static var process: [Figure] {
        var usage = rusage()
        getrusage(ownProcess, &usage)
        func seconds(_ time: timeval) -> Double { Double(time.tv_sec) + Double(time.tv_usec) / 1e6 }
        var figures = [
            Figure(
                name: "process_cpu_seconds_total",
                value: seconds(usage.ru_utime) + seconds(usage.ru_stime), type: "counter")
        ]
        // As in proc(5): threads is the 20th field, start time the 22nd, rss the 24th.
        let fields = statFields
        if fields.count > 21 {
            figures.append(Figure(name: "process_threads", value: fields[17]))
            figures.append(Figure(name: "process_resident_memory_bytes", value: residentBytes))
            let start = fields[19] / Double(sysconf(Int32(_SC_CLK_TCK)))
            figures.append(Figure(name: "process_start_time_seconds", value: bootSeconds + start))
        }
        if let files = Descriptors.count(openIn: "self") {
            figures.append(Figure(name: "process_open_fds", value: Double(files)))
        }
        return figures
    }

    /// Memory of the process that is in RAM, in bytes.
    static var residentBytes: Double {
        let fields = statFields
        return fields.count > 21 ? fields[21] * Double(getpagesize()) : 0
    }

    /// The fields of /proc/self/stat from the third on.
    private static var statFields: [Double] {
        guard let text = try? String(contentsOfFile: "/proc/self/stat", encoding: .utf8),
            let end = text.lastIndex(of: ")")
        else { return [] }
        return text[text.index(after: end)...].split(separator: " ").map { Double($0) ?? 0 }
    }

    private static var bootSeconds: Double {
        var now = timespec()
        var sinceBoot = timespec()
        clock_gettime(CLOCK_REALTIME, &now)
        clock_gettime(CLOCK_BOOTTIME, &sinceBoot)
        return Double(now.tv_sec - sinceBoot.tv_sec)
    }
}
