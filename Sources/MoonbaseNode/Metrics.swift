import CJemalloc
import FoundationEssentials
import Glibc

/// What `/metrics` shows: requests, latencies, the allocator and the process.
final class Metrics: Sendable {
    private struct Series: Sendable {
        var statuses: [Int: Int] = [:]
        var buckets = [Int](repeating: 0, count: Metrics.boundsSeconds.count)
        var sumSeconds = 0.0
        var count = 0
    }

    private let series = Locked<[String: Series]>([:])
    /// RUSAGE_SELF, which Swift imports as another type than getrusage takes.
    private static let ownProcess: Int32 = 0
    fileprivate static let boundsSeconds = [
        0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 7,
    ]

    func record(_ operation: String, status: Int, seconds: Double) {
        series.withLock { all in
            all[operation, default: Series()].statuses[status, default: 0] += 1
            all[operation, default: Series()].sumSeconds += seconds
            all[operation, default: Series()].count += 1
            if let bucket = Self.boundsSeconds.firstIndex(where: { seconds <= $0 }) {
                all[operation, default: Series()].buckets[bucket] += 1
            }
        }
    }

    /// Prometheus text, format 0.0.4.
    func text(waitingWrites: Int) -> String {
        var text = "# TYPE moonbase_requests_total counter\n"
        let all = series.withLock { $0 }.sorted { $0.key < $1.key }
        for (operation, series) in all {
            for (status, count) in series.statuses.sorted(by: { $0.key < $1.key }) {
                text +=
                    "moonbase_requests_total{operation=\"\(operation)\",status=\"\(status)\"} "
                    + "\(count)\n"
            }
        }
        text += "# TYPE moonbase_request_duration_seconds histogram\n"
        for (operation, series) in all {
            var sum = 0
            let name = "moonbase_request_duration_seconds"
            for (bound, count) in zip(Self.boundsSeconds, series.buckets) {
                sum += count
                text += "\(name)_bucket{operation=\"\(operation)\",le=\"\(bound)\"} \(sum)\n"
            }
            text += "\(name)_bucket{operation=\"\(operation)\",le=\"+Inf\"} \(series.count)\n"
            text += "\(name)_sum{operation=\"\(operation)\"} \(series.sumSeconds)\n"
            text += "\(name)_count{operation=\"\(operation)\"} \(series.count)\n"
        }
        func gauge(_ name: String, _ value: Double, type: String = "gauge") {
            text += "# TYPE \(name) \(type)\n\(name) \(value)\n"
        }
        gauge("moonbase_waiting_writes", Double(waitingWrites))
        for (name, value) in allocator() { gauge("jemalloc_stats_\(name)_bytes", value) }
        for (name, value, type) in process() { gauge(name, value, type: type) }
        return text
    }

    private func allocator() -> [(String, Double)] {
        var epoch: UInt64 = 1
        guard mallctl("epoch", nil, nil, &epoch, MemoryLayout<UInt64>.size) == 0 else { return [] }
        return ["allocated", "active", "resident", "mapped", "retained"].compactMap { name in
            var value = 0
            var size = MemoryLayout<Int>.size
            guard mallctl("stats.\(name)", &value, &size, nil, 0) == 0 else { return nil }
            return (name, Double(value))
        }
    }

    private func process() -> [(String, Double, String)] {
        var usage = rusage()
        getrusage(Self.ownProcess, &usage)
        func seconds(_ time: timeval) -> Double { Double(time.tv_sec) + Double(time.tv_usec) / 1e6 }
        var result = [
            (
                "process_cpu_seconds_total", seconds(usage.ru_utime) + seconds(usage.ru_stime),
                "counter"
            )
        ]
        if let text = try? String(contentsOfFile: "/proc/self/stat", encoding: .utf8),
            let end = text.lastIndex(of: ")")
        {
            // As in proc(5): threads is the 20th field, start time the 22nd, rss the 24th.
            let fields = text[text.index(after: end)...].split(separator: " ").map {
                Double($0) ?? 0
            }
            if fields.count > 21 {
                result.append(("process_threads", fields[17], "gauge"))
                result.append(
                    ("process_resident_memory_bytes", fields[21] * Double(getpagesize()), "gauge"))
                let start = fields[19] / Double(sysconf(Int32(_SC_CLK_TCK)))
                result.append(("process_start_time_seconds", bootSeconds() + start, "gauge"))
            }
        }
        if let files = try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd") {
            result.append(("process_open_fds", Double(files.count), "gauge"))
        }
        return result
    }

    private func bootSeconds() -> Double {
        var now = timespec()
        var sinceBoot = timespec()
        clock_gettime(CLOCK_REALTIME, &now)
        clock_gettime(CLOCK_BOOTTIME, &sinceBoot)
        return Double(now.tv_sec - sinceBoot.tv_sec)
    }
}
