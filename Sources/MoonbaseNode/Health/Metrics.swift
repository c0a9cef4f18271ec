/// Requests and latencies by operation: a recorder for each event loop, merged when asked for.
final class Metrics: Sendable {
    /// Where requests count that are none of an operation.
    static let otherRoute = 0
    /// Paths beside the API, whose routes follow those of the operations.
    static let outsidePaths = ["/healthz", "/readyz", "/metrics"]

    /// The names of the routes, by their place.
    let names: [String]
    private let recorders = Locked<[Int: MetricsRecorder]>([:])

    init(operations: [String]) {
        names = ["other"] + operations + Self.outsidePaths.map { String($0.dropFirst()) }
    }

    /// The place of a path beside the API.
    func outsideRoute(_ index: Int) -> Int { names.count - Self.outsidePaths.count + index }

    /// The recorder of an event loop.
    func recorder(ofLoop index: Int) -> MetricsRecorder {
        recorders.withLock { recorders in
            if let recorder = recorders[index] { return recorder }
            let recorder = MetricsRecorder(routes: names.count)
            recorders[index] = recorder
            return recorder
        }
    }

    /// The sum over all loops, and the connections that are open.
    var total: (series: [MetricsRecorder.Series], connections: Int) {
        var sum = [MetricsRecorder.Series](repeating: .init(), count: names.count)
        var connections = 0
        for recorder in recorders.withLock({ Array($0.values) }) {
            let (series, open) = recorder.snapshot
            connections += open
            for (index, one) in series.enumerated() { sum[index].add(one) }
        }
        return (sum, connections)
    }

    /// Requests and latencies as Prometheus text.
    var text: String {
        var text = "# TYPE moonbase_requests_total counter\n"
        let (all, connections) = total
        let used = zip(names, all).filter { $0.1.count > 0 }
        for (operation, series) in used {
            for (status, count) in zip(MetricsRecorder.statuses, series.statuses) where count > 0 {
                text +=
                    "moonbase_requests_total{operation=\"\(operation)\",status=\"\(status)\"} "
                    + "\(count)\n"
            }
        }
        let name = "moonbase_request_duration_seconds"
        text += "# TYPE \(name) histogram\n"
        for (operation, series) in used {
            var sum = 0
            for (bound, count) in zip(MetricsRecorder.boundsMicroseconds, series.buckets) {
                sum += count
                text +=
                    "\(name)_bucket{operation=\"\(operation)\",le=\"\(Double(bound) / 1e6)\"} "
                    + "\(sum)\n"
            }
            text += "\(name)_bucket{operation=\"\(operation)\",le=\"+Inf\"} \(series.count)\n"
            text += "\(name)_sum{operation=\"\(operation)\"} \(Double(series.nanoseconds) / 1e9)\n"
            text += "\(name)_count{operation=\"\(operation)\"} \(series.count)\n"
        }
        return text + "# TYPE moonbase_connections gauge\nmoonbase_connections \(connections)\n"
    }
}

/// What one event loop counts; written by it alone, read by whoever asks.
final class MetricsRecorder: Sendable {
    struct Series: Sendable {
        var statuses = [Int](repeating: 0, count: MetricsRecorder.statuses.count)
        var buckets = [Int](repeating: 0, count: MetricsRecorder.boundsMicroseconds.count)
        var nanoseconds: UInt64 = 0
        var count = 0

        mutating func add(_ other: Series) {
            for index in statuses.indices { statuses[index] += other.statuses[index] }
            for index in buckets.indices { buckets[index] += other.buckets[index] }
            nanoseconds += other.nanoseconds
            count += other.count
        }
    }

    private struct State: Sendable {
        var series: [Series]
        var connections = 0
    }

    static let statuses = [
        200, 400, 404, 405, 408, 409, 413, 415, 417, 431, 500, 502, 503, 504, 0,
    ]
    static let boundsMicroseconds: [UInt64] = [
        100, 250, 500, 1000, 2500, 5000, 10_000, 25_000, 50_000, 100_000, 250_000, 500_000,
        1_000_000, 2_500_000, 7_000_000,
    ]

    private let state: Locked<State>

    init(routes: Int) { state = Locked(State(series: Array(repeating: Series(), count: routes))) }

    func record(_ route: Int, status: Int, nanoseconds: UInt64) {
        let place = Self.statuses.firstIndex(of: status) ?? Self.statuses.count - 1
        let bucket = Self.boundsMicroseconds.firstIndex { nanoseconds <= $0 * 1000 }
        state.withLock { state in
            state.series[route].statuses[place] += 1
            state.series[route].nanoseconds += nanoseconds
            state.series[route].count += 1
            if let bucket { state.series[route].buckets[bucket] += 1 }
        }
    }

    func connections(_ open: Int) { state.withLock { $0.connections = open } }

    var snapshot: ([Series], connections: Int) {
        state.withLock { ($0.series, $0.connections) }
    }
}
