public import Evidence
import FoundationEssentials
import Histograms
public import Measurements
public import Profiles

/// A run that never was: its evidence in a temporary folder, for tests of what reads it.
public struct SampleRun: Sendable {
    /// The profile as run.
    public var profile: Profile
    /// The seconds; their counts and the samples below are what verdicts read.
    public var rows: [SeriesRow] = []
    /// The events; an `ended` is among them by default.
    public var events: [RunEvent] = [
        RunEvent(timeSeconds: 0, kind: .started, detail: "sample"),
        RunEvent(timeSeconds: 10, kind: .ended, detail: ""),
    ]
    /// The idle moments of a soak.
    public var troughs: [Trough] = []
    /// What grew on the target's heap.
    public var heap: HeapGrowth?
    /// The failed requests that were kept.
    public var failures: [FailureRecord] = []
    /// The right answers over their limit that were kept.
    public var slow: [FailureRecord] = []
    /// The contract's document; empty for none.
    public var document = ""
    /// What was due in each second; none is evidence of an earlier version.
    public var due: [DueSecond] = []
    /// When generator threads had no right answer.
    public var silences: [Silence] = []
    /// Generator threads, as the description has them.
    public var threads = 1
    /// Samples in nanoseconds, by key.
    public var samples: [HistogramKey: [UInt64]] = [:]

    private var intervals: [(key: HistogramKey, values: [UInt64], end: Double)] = []

    /// A run of one judged phase `steady` at 100/s for 10 s, and nothing in it yet.
    public init(objectives: [String] = [], confidence: Double = 0.95) {
        profile = Profile(
            name: "sample", target: .url("http://127.0.0.1:1"),
            load: [
                Phase(
                    name: "warm up", model: ConstantArrivalRate(Rate(perSecond: 100), .constant),
                    duration: .seconds(1), isJudged: false),
                Phase(
                    name: "steady", model: ConstantArrivalRate(Rate(perSecond: 100), .constant),
                    duration: .seconds(10)),
            ],
            scenarios: [Scenario(name: "health", steps: [Step(operation: "ping")])],
            objectives: objectives.compactMap { Objective(parsing: $0) })
        profile.confidence = confidence
    }

    /// Adds seconds that have these outcomes between them, evenly; right answers take
    /// `latencyNanoseconds` each.
    public mutating func add(
        _ outcomes: [Outcome: Int], operation: String = "ping", phase: String = "steady",
        latencyNanoseconds: UInt64 = 2_000_000, over: [UInt64: Int] = [:], seconds: Int = 1
    ) {
        for second in 0..<seconds {
            func part(_ count: Int) -> Int {
                count * (second + 1) / seconds - count * second / seconds
            }
            addSecond(
                outcomes.mapValues(part).filter { $0.value > 0 }, operation: operation,
                phase: phase, over: over.mapValues(part))
        }
        let key = HistogramKey(phase: phase, operation: operation, clock: .latency)
        samples[key, default: []] += repeatElement(latencyNanoseconds, count: outcomes[.ok] ?? 0)
    }

    private mutating func addSecond(
        _ outcomes: [Outcome: Int], operation: String, phase: String, over: [UInt64: Int]
    ) {
        let total = outcomes.values.reduce(0, +)
        let dropped = outcomes[.dropped] ?? 0
        let counts = OperationCounts(
            phase: phase, operation: operation, outcomes: outcomes,
            over: Dictionary(uniqueKeysWithValues: over.map { (String($0.key), $0.value) }))
        var row = SeriesRow(
            timeSeconds: Double(rows.count + 1), phases: [phase], counts: [counts])
        (row.planned, row.dropped) = (total, dropped)
        (row.started, row.sent) = (total - dropped, total - dropped)
        rows.append(row)
    }

    /// Adds a histogram of its own to the interval log, of the second that ends at `end`.
    public mutating func addInterval(
        _ key: HistogramKey, values: [UInt64], end: Double
    ) {
        intervals.append((key, values, end))
    }

    /// Writes everything into a new folder under `parent`.
    public func write(under parent: String) throws -> RunFolder {
        let folder = try RunFolder.create(under: parent, name: profile.name)
        var description = RunDescription(
            id: folder.id, profile: profile, target: "http://127.0.0.1:1", targetProcess: nil,
            command: ["loadgen", "run", "sample"], threads: threads)
        if !document.isEmpty {
            try description.keep(document: document, filesOf: profile, in: folder)
        }
        let writer = try EvidenceWriter(folder: folder, description: description)
        for row in rows {
            try writer.append(row: row)
            try writer.flush()
        }
        for event in events { try writer.append(event: event) }
        for trough in troughs { try writer.append(trough: trough) }
        if let heap { try writer.write(heap) }
        for second in due { try writer.append(due: second) }
        for silence in silences { try writer.append(silence: silence) }
        for failure in failures { try writer.append(failure: failure) }
        for request in slow { try writer.append(slow: request) }
        func histogram(_ values: [UInt64]) -> Histogram {
            var histogram = Histogram()
            for value in values { histogram.record(value) }
            return histogram
        }
        let histograms = samples.filter { !$0.value.isEmpty }.mapValues(histogram)
        try writer.append(interval: histograms, start: 0, length: 10)
        for (key, values, end) in intervals {
            try writer.append(interval: [key: histogram(values)], start: end - 1, length: 1)
        }
        try writer.close()
        return folder
    }

    /// What is read back from the folder, which is gone then.
    public func evidence() throws -> RunEvidence {
        try TemporaryFolder.with { folder in try RunEvidence(reading: write(under: folder).path) }
    }
}

/// A folder for the time of a test.
public enum TemporaryFolder {
    /// Makes a folder, gives its path to `body`, and removes it.
    public static func with<Value>(_ body: (String) throws -> Value) throws -> Value {
        let url = FileManager.default.temporaryDirectory.appending(path: "loadgen-\(UUID())")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: url) }
        return try body(url.path)
    }
}
