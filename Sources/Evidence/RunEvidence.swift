public import Checker
import Dispatch
import FoundationEssentials
public import Histograms
import JSON
public import Measurements

/// A run's evidence, read back from its folder; the one source of verdicts and reports.
public struct RunEvidence: Sendable {
    /// The folder.
    public let folder: String
    /// What was run.
    public let description: RunDescription
    /// Every second, in order.
    public let rows: [SeriesRow]
    /// Every event, in order.
    public let events: [RunEvent]
    /// The idle moment of every round, in order; empty where the load has no rounds.
    public let troughs: [Trough]
    /// What was due in each second, in order; empty in evidence of earlier versions.
    public let due: [DueSecond]
    /// Whether `due` agrees with the rows by phase and operation; use it only if it does.
    public let hasWholeDue: Bool
    /// When each generator thread had no right answer of an operation, in order.
    ///
    /// Those of the target are `silences(of:)`. Empty in evidence of earlier versions.
    public var silences: [Silence]
    /// What grew on the target's heap; `nil` if it was not under the probe.
    public let heap: HeapGrowth?
    /// What checked requests tell of the store; `nil` if the run has none, or did not come to its
    /// end, so that some of what it did is not known.
    public var check: CheckResult?
    /// The failed requests that were kept whole.
    public let failures: [FailureRecord]
    /// Right answers as slow as the tightest threshold of their operation or slower, that were kept
    /// whole; empty in evidence of earlier versions.
    public let slow: [FailureRecord]
    /// All intervals merged.
    public let histograms: [HistogramKey: Histogram]
    /// The interval log; `nil` if the evidence is in no folder.
    private let latencyLog: LineReader?
    /// Right answers second by second, by phase and operation.
    public var latencyTraces: [HistogramKey: LatencyTrace]
    /// What is missing, in words: lines that were cut off, a run that never came to its end.
    public let losses: [EvidenceLoss]
    /// What is not as the run wrote it, in words with file and line: lines that were changed, lost
    /// or repeated; empty in evidence of earlier versions, which has no seals.
    public let damage: [String]
    /// Until when seals vouch for the files, in seconds from the start of the load; `nil` if they
    /// do to the end of the run, and in evidence of earlier versions.
    public let sealedSeconds: Double?

    /// Whether the run came to its end, rather than being killed.
    public var isComplete: Bool {
        sealedSeconds == nil && events.contains { $0.kind == .ended }
    }

    /// Whether a person stopped it.
    public var isInterrupted: Bool { events.contains { $0.kind == .interrupted } }

    /// Reads a folder; a last line that was cut off is a loss, anything else unreadable an error.
    ///
    /// Of a run that was killed, what came after its last seal is left out.
    ///
    /// - Throws: `EvidenceError` with file, line, and for a number that no run can have its field,
    ///   value and range.
    public init(reading folder: String) throws(EvidenceError) {
        self.folder = folder
        description = try RunDescription(reading: folder)
        let seals = try Self.readSeals(folder)
        var damage: [String] = []
        let (files, log) = try Self.read(folder, seals, &damage)
        if seals == nil, description.hasSeals {
            damage.append("\(EvidenceSeal.file) is missing, which tells what the run wrote")
        }
        for file in [description.contract].compactMap(\.self) + description.files {
            if let problem = try file.damage(in: folder) { damage.append(problem) }
        }
        self.damage = damage
        // What is due is of the second that it is due in; verdicts have a place for each.
        let end = files.rows.last?.timeSeconds ?? 0
        if let late = files.due.first(where: { Double($0.second) > end }) {
            throw EvidenceError(
                place: "\(folder)/due.ndjson",
                message: "due_s is \(late.second), and series.ndjson ends at \(Self.text(end)) s",
                hint: "the evidence was changed, or another program wrote it")
        }
        rows = files.rows
        events = files.events
        failures = FailureRecord.latest(files.failures)
        slow = FailureRecord.latest(files.slow)
        troughs = files.troughs
        due = DueSecond.merged(files.due)
        hasWholeDue = Self.isWhole(due, rows)
        silences = files.silences.sorted { $0.fromNanoseconds < $1.fromNanoseconds }
        heap = files.heap.first
        (histograms, latencyTraces, latencyLog) = (log.histograms, log.traces, log.lines)
        var losses = files.losses + log.losses
        sealedSeconds = seals.flatMap { $0.isOpen ? $0.timeSeconds : nil }
        if let sealedSeconds {
            losses.append(.unsealed(afterSeconds: sealedSeconds))
        }
        let hasEnded = events.contains { $0.kind == .ended }
        if !hasEnded { losses.append(.end) }
        check = hasEnded && sealedSeconds == nil ? try Self.readCheck(folder) : nil
        self.losses = losses
    }

    /// The files of lines, the interval log, and what the seals say of both, each on a thread of
    /// its own: of a day's run each takes seconds.
    private static func read(
        _ folder: String, _ seals: SealedFiles?, _ damage: inout [String]
    ) throws(EvidenceError) -> (LineFiles, LatencyLog) {
        // Each is written by one iteration alone, and read after all.
        nonisolated(unsafe) var files: Result<LineFiles, EvidenceError>?
        nonisolated(unsafe) var log: Result<LatencyLog, EvidenceError>?
        nonisolated(unsafe) var found: Result<[String], EvidenceError> = .success([])
        DispatchQueue.concurrentPerform(iterations: 3) { index in
            switch index {
            case 0:
                log = Result { () throws(EvidenceError) in
                    try readHistograms(folder, until: seals?.end(of: latencyFile))
                }
            case 1: files = Result { () throws(EvidenceError) in try LineFiles(folder, seals) }
            default:
                if let seals {
                    found = Result { () throws(EvidenceError) in try seals.damagedFiles() }
                }
            }
        }
        guard let files, let log else { preconditionFailure("an iteration was left out") }
        damage += try found.get()
        return (try files.get(), try log.get())
    }

    /// `nil` for evidence of earlier versions, or if the file was taken away.
    private static func readSeals(_ folder: String) throws(EvidenceError) -> SealedFiles? {
        EvidenceFile.exists("\(folder)/\(EvidenceSeal.file)") ? try SealedFiles(folder) : nil
    }

    /// What is read of the files of lines.
    private struct LineFiles {
        var rows: [SeriesRow] = []
        var events: [RunEvent] = []
        var failures: [FailureRecord] = []
        var slow: [FailureRecord] = []
        var troughs: [Trough] = []
        var due: [DueSecond] = []
        var silences: [Silence] = []
        var heap: [HeapGrowth] = []
        var losses: [EvidenceLoss] = []

        init(_ folder: String, _ seals: SealedFiles?) throws(EvidenceError) {
            var losses: [EvidenceLoss] = []
            func lines<Row: Decodable & CheckedLine>(
                _ name: String, isOptional: Bool = true
            ) throws(EvidenceError) -> [Row] {
                if isOptional, !EvidenceFile.exists("\(folder)/\(name)") { return [] }
                let reader = try LineReader("\(folder)/\(name)")
                return try RunEvidence.readLines(
                    reader, "\(folder)/\(name)", until: seals?.end(of: name), &losses)
            }
            rows = try lines("series.ndjson", isOptional: false)
            events = try lines(RunEvidence.eventsFile, isOptional: false)
            failures = try lines("failures.ndjson", isOptional: false)
            slow = try lines("slow.ndjson")
            troughs = try lines("troughs.ndjson")
            due = try lines("due.ndjson")
            silences = try lines("silences.ndjson")
            heap = try lines("heap.json")
            self.losses = losses
        }
    }

    /// Gives the histograms of the interval log again, each with the row of the same second.
    ///
    /// An interval that no row ends with, which none of a run is, goes to the row that it ends in.
    ///
    /// - Parameters:
    ///   - isWanted: which keys are decoded.
    ///   - body: takes the row's index, the key and the histogram.
    public func forEachInterval(
        where isWanted: (HistogramKey) -> Bool,
        body: (_ row: Int, _ key: HistogramKey, _ histogram: Histogram) -> Void
    ) {
        guard !rows.isEmpty else { return }
        var keys = TagKeys()
        var histogram = Histogram()
        // Every line was read before, when the evidence was.
        _ = try? latencyLog?.readLines { line, _ throws(EvidenceError) in
            guard !HistogramLog.isRemark(line), let interval = HistogramLog.Line(line),
                let key = keys.key(of: interval.tag), isWanted(key),
                interval.read(into: &histogram)
            else { return }
            body(Self.row(of: interval, in: rows), key, histogram)
        }
    }

    /// The row that an interval of the log ends with; there is at least one row.
    private static func row(of interval: HistogramLog.Line, in rows: [SeriesRow]) -> Int {
        // Times in the log have milliseconds.
        let end = interval.startSeconds + interval.lengthSeconds - 0.002
        var (low, high) = (0, rows.count - 1)
        while low < high {
            let middle = (low + high) / 2
            if rows[middle].timeSeconds >= end { high = middle } else { low = middle + 1 }
        }
        return low
    }

    /// Evidence from its parts, which are in no folder.
    public init(
        description: RunDescription, rows: [SeriesRow], events: [RunEvent] = [],
        failures: [FailureRecord] = [], histograms: [HistogramKey: Histogram] = [:],
        due: [DueSecond] = []
    ) {
        folder = ""
        self.due = DueSecond.merged(due)
        hasWholeDue = Self.isWhole(due, rows)
        silences = []
        self.description = description
        self.rows = rows
        self.events = events
        self.failures = failures
        slow = []
        troughs = []
        heap = nil
        self.histograms = histograms
        latencyTraces = [:]
        latencyLog = nil
        (losses, damage, sealedSeconds) = ([], [], nil)
    }
}
