import Dispatch
import FoundationEssentials
public import Histograms
import JSON

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
    public let silences: [Silence]
    /// What grew on the target's heap; absent where it was not under the probe.
    public let heap: HeapGrowth?
    /// The failed requests that were kept whole.
    public let failures: [FailureRecord]
    /// Right answers as slow as the tightest threshold of their operation or slower, that were kept
    /// whole; empty in evidence of earlier versions.
    public let slow: [FailureRecord]
    /// All intervals merged.
    public let histograms: [HistogramKey: Histogram]
    /// The interval log; absent where the evidence is in no folder.
    private let latencyLog: LineReader?
    /// Right answers second by second, by phase and operation.
    public let latencyTraces: [HistogramKey: LatencyTrace]
    /// What is missing, in words: lines that were cut off, a run that never came to its end.
    public let losses: [String]

    /// Whether the run came to its end, rather than being killed.
    public var isComplete: Bool { events.contains { $0.kind == "ended" } }

    /// Whether a person stopped it.
    public var isInterrupted: Bool { events.contains { $0.kind == "interrupted" } }

    /// Reads a folder; a last line that was cut off is a loss, anything else unreadable an error.
    ///
    /// - Throws: `EvidenceError` with file and line.
    public init(reading folder: String) throws(EvidenceError) {
        self.folder = folder
        description = try Self.readDescription(folder)
        let (files, log) = try Self.read(folder)
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
        if !events.contains(where: { $0.kind == "ended" }) {
            losses.append("the run did not come to its end; up to a second of it is missing")
        }
        self.losses = losses
    }

    /// The files of lines and the interval log, each on a thread of its own: of a day's run either
    /// takes seconds.
    private static func read(
        _ folder: String
    ) throws(EvidenceError) -> (LineFiles, LatencyLog) {
        // Each is written by one iteration alone, and read after both.
        nonisolated(unsafe) var files: Result<LineFiles, EvidenceError>?
        nonisolated(unsafe) var log: Result<LatencyLog, EvidenceError>?
        DispatchQueue.concurrentPerform(iterations: 2) { index in
            if index == 0 {
                log = Result { () throws(EvidenceError) in try readHistograms(folder) }
            } else {
                files = Result { () throws(EvidenceError) in try LineFiles(folder) }
            }
        }
        guard let files, let log else { preconditionFailure("an iteration was left out") }
        return (try files.get(), try log.get())
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
        var losses: [String] = []

        init(_ folder: String) throws(EvidenceError) {
            rows = try RunEvidence.readLines(folder, "series.ndjson", &losses)
            events = try RunEvidence.readLines(folder, "events.ndjson", &losses)
            failures = try RunEvidence.readLines(folder, "failures.ndjson", &losses)
            slow = try RunEvidence.readLines(folder, "slow.ndjson", isOptional: true, &losses)
            troughs = try RunEvidence.readLines(
                folder, "troughs.ndjson", isOptional: true, &losses)
            due = try RunEvidence.readLines(folder, "due.ndjson", isOptional: true, &losses)
            silences = try RunEvidence.readLines(
                folder, "silences.ndjson", isOptional: true, &losses)
            heap = try RunEvidence.readLines(folder, "heap.json", isOptional: true, &losses)
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
        latencyTraces: [HistogramKey: LatencyTrace] = [:], due: [DueSecond] = [],
        silences: [Silence] = []
    ) {
        folder = ""
        self.due = DueSecond.merged(due)
        hasWholeDue = Self.isWhole(due, rows)
        self.silences = silences
        self.description = description
        self.rows = rows
        self.events = events
        self.failures = failures
        slow = []
        troughs = []
        heap = nil
        self.histograms = histograms
        self.latencyTraces = latencyTraces
        latencyLog = nil
        losses = []
    }

    private static func readDescription(_ folder: String) throws(EvidenceError) -> RunDescription {
        let path = "\(folder)/run.json"
        let text = try contents(path)
        let json: JSONValue
        do { json = try JSONValue(parsing: text.utf8, rules: .uniqueNames) } catch {
            throw unreadable(path, error.line, error.message)
        }
        guard let description = RunDescription(json: json) else {
            throw unreadable(
                path, 1,
                "not a description of form \(RunDescription.schemas.joined(separator: " or "))")
        }
        return description
    }

    private static func readLines<Row: Decodable>(
        _ folder: String, _ name: String, isOptional: Bool = false, _ losses: inout [String]
    ) throws(EvidenceError) -> [Row] {
        let path = "\(folder)/\(name)"
        if isOptional, !FileManager.default.fileExists(atPath: path) { return [] }
        let decoder = JSONDecoder()
        var rows: [Row] = []
        let isCut = try LineReader(path).readLines { line, number throws(EvidenceError) in
            guard let row = try? decoder.decode(Row.self, from: Data(line)),
                (row as? any PossibleLine)?.isPossible ?? true
            else { throw unreadable(path, number, "not a line of this file", line) }
            rows.append(row)
        }
        if isCut { losses.append("the last line of \(name) was cut off and is left out") }
        return rows
    }

    /// What is read of latency.hlog.
    private struct LatencyLog {
        var histograms: [HistogramKey: Histogram] = [:]
        var traces: [HistogramKey: LatencyTrace] = [:]
        var losses: [String] = []
        var lines: LineReader
    }

    private static func readHistograms(
        _ folder: String
    ) throws(EvidenceError) -> LatencyLog {
        let path = "\(folder)/latency.hlog"
        var log = LatencyLog(lines: try LineReader(path))
        var keys = TagKeys()
        var histogram = Histogram()
        let isCut = try log.lines.readLines { line, number throws(EvidenceError) in
            if HistogramLog.isRemark(line) { return }
            guard let interval = HistogramLog.Line(line), interval.read(into: &histogram) else {
                throw unreadable(path, number, "not a line of an interval log", line)
            }
            guard let key = keys.key(of: interval.tag) else {
                throw unreadable(path, number, "the tag \"\(interval.tag)\" is none of a run")
            }
            log.histograms[key, default: Histogram()].add(histogram)
            guard key.clock == .latency, !key.isFailed else { return }
            log.traces[key, default: LatencyTrace()].add(
                histogram, startSeconds: interval.startSeconds,
                lengthSeconds: interval.lengthSeconds)
        }
        if isCut { log.losses.append("the last line of latency.hlog was cut off and is left out") }
        return log
    }

    private static func contents(_ path: String) throws(EvidenceError) -> String {
        guard let data = FileManager.default.contents(atPath: path) else {
            throw LineReader.missing(path)
        }
        guard let text = String(validating: data, as: UTF8.self) else {
            throw unreadable(path, 0, "not text in UTF-8")
        }
        return text
    }

    private static func unreadable(
        _ path: String, _ line: Int, _ message: String, _ bytes: ArraySlice<UInt8> = []
    ) -> EvidenceError {
        if String(validating: bytes, as: UTF8.self) == nil {
            return unreadable(path, 0, "not text in UTF-8")
        }
        return EvidenceError(
            place: line > 0 ? "\(path):\(line)" : path, message: message,
            hint: "the evidence was changed, or another program wrote it")
    }
}
