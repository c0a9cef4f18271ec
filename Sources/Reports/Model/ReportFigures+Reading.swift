import Evidence
import Histograms
import Measurements
import Profiles
import Statistics
import Verdicts

extension ReportFigures {
    /// The figures of a run's evidence; quantiles and outcomes are of judged requests.
    init(_ evidence: RunEvidence, profile: Profile, inference: InferenceContext) {
        let judged = profile.judgedPhaseNames
        let outcomes = evidence.outcomes { phase, _ in judged.contains(phase) }
        let latency = evidence.histogram(.latency) { phase, _ in judged.contains(phase) }
        readLoad(evidence, judged: outcomes.values.reduce(0, +))
        readClocks(evidence, judged: judged, latency: latency, outcomes: outcomes)
        if load.judged > 0, !Self.isLost(latency, outcomes) {
            intervals = [950_000, 990_000].map { partsPerMillion in
                let found = LatencyInterval(inference, partsPerMillion: partsPerMillion)
                return Interval(
                    partsPerMillion: partsPerMillion, isKnown: found.isKnown,
                    lower: found.lower, upper: found.upper)
            }
        }
        if load.judged > 0 {
            self.outcomes = Outcome.allCases.compactMap { outcome in
                (outcomes[outcome] ?? (outcome == .ok ? 0 : nil))
                    .map { OfOutcome(outcome: outcome, count: $0) }
            }
        }
        readOperations(evidence, judged: judged)
        readGroups(evidence, judged: judged)
        readGenerator(evidence, judged: judged)
    }

    private mutating func readLoad(_ evidence: RunEvidence, judged: Int) {
        load.judged = judged
        load.requests = evidence.outcomes { _, _ in true }.values.reduce(0, +)
        load.seconds = evidence.rows.last?.timeSeconds ?? 0
        for row in evidence.rows {
            load.sent += row.sent
            load.planned += row.planned
            load.started += row.started
            load.dropped += row.dropped
            load.iterations += row.iterations ?? 0
            load.unfed += row.unfed ?? 0
            load.skipped += row.skipped
        }
    }

    /// The quantiles among all requests, where a failure counts as infinitely slow.
    private static func values(
        _ right: Histogram, of total: Int, at quantiles: [Int]
    ) -> [UInt64?] {
        quantiles.map { partsPerMillion in
            guard total > 0 else { return nil }
            let rank = QuantileRanks.point(trials: total, partsPerMillion: partsPerMillion)
            return right.value(atRank: UInt64(rank))
        }
    }

    /// Whether there were right answers whose latency is not in the evidence, as where a disk was
    /// full: then what lies where among them is not known.
    private static func isLost(_ right: Histogram, _ outcomes: [Outcome: Int]) -> Bool {
        right.totalCount < UInt64(max(0, outcomes[.ok] ?? 0))
    }

    private mutating func readClocks(
        _ evidence: RunEvidence, judged: Set<String>, latency: Histogram,
        outcomes: [Outcome: Int]
    ) {
        let total = outcomes.values.reduce(0, +)
        let isLost = Self.isLost(latency, outcomes)
        clocks = [
            OfClock(
                name: "latency", key: "latency",
                values: Self.values(
                    latency, of: isLost ? 0 : total, at: ReportModel.quantiles),
                missing: isLost ? "lost" : total > 0 ? "failed" : "-")
        ]
        // What is of a few requests alone, as a new connection, has a row where there were any.
        let rows: [(name: String, key: String, clock: Clock, isAlways: Bool)] = [
            ("answered right", "answered_right", .latency, true),
            ("service time", "service", .service, true),
            ("connection wait", "wait", .wait, true), ("resolve", "resolve", .resolve, false),
            ("connect", "connect", .connect, false), ("TLS", "tls", .tls, false),
            ("send", "send", .send, false), ("first byte", "first_byte", .firstByte, false),
            ("receive", "receive", .receive, false), ("lag", "lag", .lag, true),
        ]
        for row in rows {
            let samples = evidence.histogram(row.clock) { phase, _ in judged.contains(phase) }
            guard row.isAlways || !samples.isEmpty else { continue }
            clocks.append(
                OfClock(
                    name: row.name, key: row.key,
                    values: ReportModel.quantiles.map {
                        samples.value(atQuantilePartsPerMillion: $0)
                    }))
        }
    }

    private mutating func readOperations(_ evidence: RunEvidence, judged: Set<String>) {
        operations = evidence.operations.compactMap { operation in
            func isOwn(_ phase: String, _ name: String) -> Bool {
                judged.contains(phase) && name == operation
            }
            let counts = evidence.outcomes(where: isOwn)
            let requests = counts.values.reduce(0, +)
            guard requests > 0 else { return nil }
            let right = evidence.histogram(.latency, where: isOwn)
            let isLost = Self.isLost(right, counts)
            return OfOperation(
                name: operation, requests: requests, failed: requests - (counts[.ok] ?? 0),
                values: Self.values(
                    right, of: isLost ? 0 : requests, at: Self.operationQuantiles),
                missing: isLost ? "lost" : "failed")
        }
    }

    private mutating func readGroups(_ evidence: RunEvidence, judged: Set<String>) {
        groups = evidence.groups.compactMap { name in
            func histogram(failed: Bool) -> Histogram {
                evidence.histogram(.group, failed: failed) { phase, group in
                    judged.contains(phase) && group == name
                }
            }
            let (right, failed) = (histogram(failed: false), histogram(failed: true).totalCount)
            let times = Int(right.totalCount + failed)
            guard times > 0 else { return nil }
            return OfOperation(
                name: name, requests: times, failed: Int(failed),
                values: Self.values(right, of: times, at: Self.operationQuantiles))
        }
    }

    private mutating func readGenerator(_ evidence: RunEvidence, judged: Set<String>) {
        let rows = evidence.rows.filter { $0.isIn(judged) }
        threadCount = evidence.description.threads
        calibration = evidence.description.calibration
        maximumBusy = rows.map(\.busiestLoop).max() ?? 0
        steal = rows.isEmpty ? 0 : rows.reduce(0) { $0 + $1.steal } / Double(rows.count)
        threads = Threads(rows)
        memory = [
            Memory("loadgen", evidence.rows.compactMap(\.generator)),
            Memory("target", evidence.rows.compactMap(\.target)),
        ].compactMap { $0 }
    }
}

extension ReportFigures.Threads {
    /// `nil` if the evidence has no reading of a thread.
    fileprivate init?(_ rows: [SeriesRow]) {
        let readings = rows.compactMap(\.loops)
        let all = readings.flatMap { $0 }
        guard !all.isEmpty else { return nil }
        maximumCPU = all.map(\.cpu).max() ?? 0
        involuntarySwitches = all.reduce(0) { $0 + $1.involuntarySwitches }
        let bytes = all.reduce(0) { $0 + $1.allocatedBytes }
        allocatedBytesPerRequest = Double(bytes) / Double(max(1, rows.reduce(0) { $0 + $1.sent }))
        maximumConnections = readings.map { $0.reduce(0) { $0 + $1.connections } }.max() ?? 0
        opened = all.reduce(0) { $0 + $1.opened }
        reconnects = all.reduce(0) { $0 + $1.reconnects }
        maximumReadBytes = all.map(\.maximumReadBytes).max() ?? 0
        let overshoots = all.compactMap(\.overshootNanoseconds)
        guard !overshoots.isEmpty else { return }
        meanOvershootNanoseconds = overshoots.reduce(0, +) / UInt64(overshoots.count)
        maximumOvershootNanoseconds = all.compactMap(\.maximumOvershootNanoseconds).max()
    }
}

extension ReportFigures.Memory {
    /// `nil` if nothing was read.
    fileprivate init?(_ name: String, _ readings: [ProcessReading]) {
        func change(_ path: KeyPath<ProcessReading, UInt64?>) -> ReportFigures.Change? {
            guard let first = readings.lazy.compactMap({ $0[keyPath: path] }).first,
                let last = readings.reversed().lazy.compactMap({ $0[keyPath: path] }).first
            else { return nil }
            return ReportFigures.Change(first: first, last: last)
        }
        self.init(
            name: name, allocated: change(\.allocatedBytes), resident: change(\.residentBytes))
        if allocated == nil, resident == nil { return nil }
    }
}
