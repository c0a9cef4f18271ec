public import Histograms
public import Measurements
public import Profiles

/// A run in progress in Prometheus's text format, version 0.0.4.
///
/// Counts grow over the run; its size is bounded by the operations and phases of the profile.
/// - Source: prometheus.io, Exposition formats.
public struct PrometheusPage: Sendable {
    /// The upper bounds of the histograms' buckets, in nanoseconds.
    static let bounds: [UInt64] = [
        50_000, 100_000, 250_000, 500_000, 1_000_000, 2_500_000, 5_000_000, 10_000_000, 25_000_000,
        50_000_000, 100_000_000, 250_000_000, 500_000_000, 1_000_000_000, 2_500_000_000,
        5_000_000_000, 10_000_000_000, 30_000_000_000, 60_000_000_000,
    ]

    private struct RequestKey: Hashable {
        var phase: String
        var operation: String
        var outcome: Outcome
    }

    private struct Buckets {
        var counts = [UInt64](repeating: 0, count: PrometheusPage.bounds.count + 1)
        var sumSeconds = 0.0

        mutating func add(_ histogram: Histogram) {
            for bucket in histogram.buckets {
                let index = PrometheusPage.bounds.firstIndex { bucket.range.upperBound <= $0 }
                counts[index ?? counts.count - 1] += bucket.count
                let middle =
                    (Double(bucket.range.lowerBound) + Double(bucket.range.upperBound)) / 2
                sumSeconds += middle / 1e9 * Double(bucket.count)
            }
            counts[counts.count - 1] += histogram.overflow
        }
    }

    private let profile: String
    private var last = SeriesRow(timeSeconds: 0, phases: [])
    private var planned = 0
    private var started = 0
    private var dropped = 0
    private var sent = 0
    private var requests: [RequestKey: Int] = [:]
    private var latency: [String: Buckets] = [:]
    private var lag = Buckets()

    /// The page of a run of which nothing is known yet.
    public init(_ profile: Profile) { self.profile = profile.name }

    /// Adds a second: its row, and its samples by key.
    public mutating func add(_ row: SeriesRow, _ histograms: [HistogramKey: Histogram]) {
        last = row
        planned += row.planned
        started += row.started
        dropped += row.dropped
        sent += row.sent
        for count in row.counts {
            for (outcome, number) in count.outcomes {
                let key = RequestKey(
                    phase: count.phase, operation: count.operation, outcome: outcome)
                requests[key, default: 0] += number
            }
        }
        for (key, histogram) in histograms where !key.isFailed {
            if key.clock == .latency { latency[key.operation, default: Buckets()].add(histogram) }
            if key.clock == .lag { lag.add(histogram) }
        }
    }

    /// The page.
    public var text: String {
        var page = ""
        func add(_ name: String, _ type: String, _ help: String, _ samples: [String]) {
            guard !samples.isEmpty else { return }
            page += "# HELP loadgen_\(name) \(help)\n# TYPE loadgen_\(name) \(type)\n"
            page += samples.map { "loadgen_\($0)\n" }.joined()
        }
        func one(_ name: String, _ type: String, _ help: String, _ value: (some Any)?) {
            guard let value else { return }
            add(name, type, help, ["\(name) \(value)"])
        }
        add(
            "run_info", "gauge", "The run in progress.",
            ["run_info{profile=\(Self.quoted(profile)),phase=\(Self.quoted("\(last.phases)"))} 1"])
        one("run_seconds", "gauge", "Time since the start of the load.", last.timeSeconds)
        one("arrivals_planned_total", "counter", "Arrivals that the schedule had due.", planned)
        one("arrivals_started_total", "counter", "Arrivals that were started.", started)
        one("arrivals_dropped_total", "counter", "Arrivals dropped at the in-flight cap.", dropped)
        one("requests_sent_total", "counter", "Requests whose first byte was written.", sent)
        add(
            "requests_total", "counter", "Requests that ended, by phase, operation and outcome.",
            requests.map { key, count in
                "requests_total{phase=\(Self.quoted(key.phase)),"
                    + "operation=\(Self.quoted(key.operation)),"
                    + "outcome=\(Self.quoted(key.outcome.rawValue))} \(count)"
            }.sorted())
        one("in_flight", "gauge", "Requests in flight.", last.inFlight)
        add(
            "latency_seconds", "histogram", "From due to done, of right answers.",
            latency.keys.sorted().flatMap { operation in
                Self.samples(
                    "latency_seconds", "operation=\(Self.quoted(operation))",
                    latency[operation] ?? Buckets())
            })
        add(
            "lag_seconds", "histogram", "From due to ready: the generator's own fault.",
            Self.samples("lag_seconds", nil, lag))
        one("busiest_thread_ratio", "gauge", "The busiest generator thread.", last.busiestLoop)
        one("steal_ratio", "gauge", "CPU time that the host took away.", last.steal)
        one(
            "target_allocated_bytes", "gauge", "What the target holds from its allocator.",
            last.target?.allocatedBytes)
        one(
            "target_resident_bytes", "gauge", "The target's resident set.",
            last.target?.residentBytes)
        one(
            "target_cpu_seconds_total", "counter", "CPU time of the target.",
            last.target?.cpuSeconds)
        return page
    }

    private static func samples(_ name: String, _ label: String?, _ buckets: Buckets) -> [String] {
        var lines: [String] = []
        var sum: UInt64 = 0
        let prefix = label.map { "\($0)," } ?? ""
        for (index, count) in buckets.counts.enumerated() {
            sum += count
            let bound = index < bounds.count ? "\(Double(bounds[index]) / 1e9)" : "+Inf"
            lines.append("\(name)_bucket{\(prefix)le=\"\(bound)\"} \(sum)")
        }
        let own = label.map { "{\($0)}" } ?? ""
        return lines + ["\(name)_sum\(own) \(buckets.sumSeconds)", "\(name)_count\(own) \(sum)"]
    }

    private static func quoted(_ text: String) -> String {
        let plain = text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"")
        return "\"\(plain.replacing("\n", with: "\\n"))\""
    }
}
