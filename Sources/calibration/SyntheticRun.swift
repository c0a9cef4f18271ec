import Evidence
import Histograms
import Measurements
import Profiles
import Statistics

/// A run whose truth is known: its requests, and the evidence that a run of them leaves.
struct SyntheticRun {
    /// A request that ended, right or not.
    struct Request {
        /// When it was due, in seconds from the start.
        var due: Double
        /// From due to done, in nanoseconds.
        var latency: Double
        /// How it ended.
        var outcome = Outcome.ok
    }

    /// The requests in the order of their due times.
    var requests: [Request]
    /// How long the load lasts, in whole seconds.
    var seconds: Int
    /// How late the generator was with each request, in nanoseconds.
    var lag = 0.0

    /// The profile of one steady phase with these objectives.
    static func profile(
        seconds: Int, rate: Double, objectives: [String], bursts: Duration? = nil
    ) -> Profile {
        var profile = Profile(
            name: "synthetic", target: .url("http://127.0.0.1:1"),
            load: [
                Phase(
                    name: "steady",
                    model: ConstantArrivalRate(Rate(perSecond: rate), .constant),
                    duration: .seconds(seconds))
            ],
            scenarios: [Scenario(name: "health", steps: [Step(operation: "ping")])],
            objectives: objectives.map { text in
                guard let objective = Objective(parsing: text) else {
                    preconditionFailure("\(text) is no objective")
                }
                return objective
            }, limits: Limits(inFlight: 1_000_000))
        profile.bursts = bursts
        return profile
    }

    /// What a run of the profile with these requests writes, as it is read back.
    func evidence(_ profile: Profile) -> RunEvidence {
        let thresholds = Set(profile.objectives.compactMap(\.thresholdNanoseconds)).sorted()
        var collected = Collected(seconds: seconds, thresholds: thresholds)
        for request in requests { collected.add(request) }
        var histograms = collected.histograms
        if lag > 0 {
            var late = Histogram()
            late.record(UInt64(lag), count: UInt64(requests.count))
            histograms[Self.key(.lag)] = late
        }
        var evidence = RunEvidence(
            description: RunDescription(
                id: "synthetic", profile: profile, target: "http://127.0.0.1:1",
                targetProcess: nil, command: [], threads: 1), rows: collected.rows,
            events: [
                RunEvent(timeSeconds: 0, kind: .started, detail: ""),
                RunEvent(timeSeconds: Double(seconds), kind: .ended, detail: ""),
            ], failures: collected.failures, histograms: histograms,
            due: collected.due)
        evidence.latencyTraces = [Self.key(.latency): collected.trace]
        return evidence
    }

    /// Evidence of these rows alone, with as many samples as they have right answers.
    func evidence(_ profile: Profile, rows: [SeriesRow]) -> RunEvidence {
        var histograms: [HistogramKey: Histogram] = [:]
        for count in rows.flatMap(\.counts) {
            let key = HistogramKey(phase: "steady", operation: count.operation, clock: .latency)
            histograms[key, default: Histogram()].record(
                1_000_000, count: UInt64(count.outcomes[.ok] ?? 0))
        }
        return RunEvidence(
            description: RunDescription(
                id: "synthetic", profile: profile, target: "http://127.0.0.1:1",
                targetProcess: nil, command: [], threads: 1), rows: rows,
            events: [RunEvent(timeSeconds: Double(seconds), kind: .ended, detail: "")],
            histograms: histograms)
    }

    static func key(_ clock: Clock) -> HistogramKey {
        HistogramKey(phase: "steady", operation: "ping", clock: clock)
    }
}

/// Requests by the second that they were due in and by the second that they ended in.
private struct Collected {
    private struct Bin {
        var outcomes: [Outcome: Int] = [:]
        var over: [Int]
        var histogram = Histogram()
    }

    private let seconds: Int
    private let thresholds: [UInt64]
    private var ended: [Bin] = []
    private var dueBins: [(total: Int, failed: Int, over: [Int], slots: [Int: DueSlot])]
    private(set) var failures: [FailureRecord] = []
    /// As many failed requests are kept whole.
    private static let maximumFailures = 1_000

    init(seconds: Int, thresholds: [UInt64]) {
        self.seconds = seconds
        self.thresholds = thresholds
        dueBins = (0..<seconds).map { _ in
            (0, 0, [Int](repeating: 0, count: thresholds.count), [:])
        }
    }

    mutating func add(_ request: SyntheticRun.Request) {
        let second = min(seconds - 1, Int(request.due))
        let end = Int(request.due + request.latency / 1e9)
        while ended.count <= end {
            ended.append(Bin(over: [Int](repeating: 0, count: thresholds.count)))
        }
        let latency = UInt64(max(1, request.latency))
        ended[end].outcomes[request.outcome, default: 0] += 1
        dueBins[second].total += 1
        let isFailed = request.outcome.isFailure
        if isFailed {
            dueBins[second].failed += 1
            keep(request)
        } else {
            ended[end].histogram.record(latency)
            for (index, threshold) in thresholds.enumerated() where latency >= threshold {
                ended[end].over[index] += 1
                dueBins[second].over[index] += 1
            }
        }
        let tenth = min(9, Int((request.due - Double(second)) * 10))
        dueBins[second].slots[tenth, default: DueSlot(tenth: tenth)].count(
            dueNanoseconds: UInt64(request.due * 1e9), isFailed: isFailed,
            isSlow: thresholds.first.map { latency >= $0 } ?? false)
    }

    private mutating func keep(_ request: SyntheticRun.Request) {
        guard failures.count < Self.maximumFailures else { return }
        let due = Int64(request.due * 1e9)
        var record = FailureRecord(
            phase: "steady", scenario: "health", operation: "ping", outcome: request.outcome,
            dueNanoseconds: due, doneNanoseconds: due + Int64(request.latency))
        (record.readyNanoseconds, record.sentNanoseconds) = (due, due)
        failures.append(record)
    }

    var rows: [SeriesRow] {
        (0..<max(seconds, ended.count)).map { second in
            var row = SeriesRow(timeSeconds: Double(second + 1), phases: ["steady"])
            if second < seconds {
                row.planned = dueBins[second].total
                row.started = row.planned
            }
            if second < ended.count, !ended[second].outcomes.isEmpty {
                row.sent = ended[second].outcomes.values.reduce(0, +)
                row.counts = [
                    OperationCounts(
                        phase: "steady", operation: "ping", outcomes: ended[second].outcomes,
                        over: named(ended[second].over))
                ]
            }
            return row
        }
    }

    var due: [DueSecond] {
        dueBins.enumerated().filter { $0.element.total > 0 }.map { second, bin in
            let bad = bin.slots.values.filter { $0.bad > 0 }.sorted { $0.tenth < $1.tenth }
            var due = DueSecond(
                second: second, phase: "steady", operation: "ping", total: bin.total,
                failed: bin.failed, over: named(bin.over))
            due.slots = bad.isEmpty ? nil : bad
            return due
        }
    }

    var histograms: [HistogramKey: Histogram] {
        var all = Histogram()
        for bin in ended { all.add(bin.histogram) }
        return all.isEmpty ? [:] : [SyntheticRun.key(.latency): all]
    }

    var trace: LatencyTrace {
        var trace = LatencyTrace()
        for (second, bin) in ended.enumerated() where !bin.histogram.isEmpty {
            trace.add(
                bin.histogram, startSeconds: Double(second), lengthSeconds: 1)
        }
        return trace
    }

    private func named(_ over: [Int]) -> [String: Int] {
        Dictionary(uniqueKeysWithValues: zip(thresholds.map { String($0) }, over))
    }
}
