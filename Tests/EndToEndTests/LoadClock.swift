import Foundation

/// The clock that a run's load goes by, in seconds.
enum LoadClock {
    /// The monotonic time.
    static var now: Double {
        var now = timespec()
        clock_gettime(CLOCK_MONOTONIC, &now)
        return Double(now.tv_sec) + Double(now.tv_nsec) / 1e9
    }

    /// The monotonic time at which the load of the one run in a folder began, from the event that
    /// says so; waits for it for as long as loadgen runs.
    static func start(of run: Process, in results: String) throws -> Double {
        while run.isRunning {
            let names = (try? FileManager.default.contentsOfDirectory(atPath: results)) ?? []
            if let name = names.first,
                let text = try? String(
                    contentsOfFile: "\(results)/\(name)/events.ndjson", encoding: .utf8),
                let line = text.split(separator: "\n").first(where: { $0.contains("started") }),
                let clock = line.firstRange(of: "monotonic "),
                let time = Double(line[clock.upperBound...].prefix { $0.isNumber || $0 == "." })
            {
                return time
            }
            usleep(10_000)
        }
        throw CocoaError(.fileReadUnknown)
    }

    /// Sleeps until a monotonic time.
    static func sleep(until time: Double) {
        let left = time - now
        if left > 0 { usleep(UInt32(left * 1e6)) }
    }
}
