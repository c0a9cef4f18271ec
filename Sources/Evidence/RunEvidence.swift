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
    /// The failed requests that were kept whole.
    public let failures: [FailureRecord]
    /// All intervals merged.
    public let histograms: [HistogramKey: Histogram]
    /// The interval log as it stands in the file.
    private let latencyLog: String
    /// Right answers of every phase and operation by time and latency.
    public let latencyGrid: LatencyGrid
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
        var losses: [String] = []
        description = try Self.readDescription(folder)
        rows = try Self.readLines(folder, "series.ndjson", &losses)
        events = try Self.readLines(folder, "events.ndjson", &losses)
        failures = try Self.readLines(folder, "failures.ndjson", &losses)
        troughs = try Self.readLines(folder, "troughs.ndjson", isOptional: true, &losses)
        let log = try Self.readHistograms(folder, &losses)
        (histograms, latencyGrid, latencyLog) = (log.histograms, log.grid, log.text)
        if !events.contains(where: { $0.kind == "ended" }) {
            losses.append("the run did not come to its end; up to a second of it is missing")
        }
        self.losses = losses
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
        // Every line was read before, when the evidence was.
        func isMeant(_ tag: Substring) -> Bool {
            HistogramKey(tag: String(tag)).map(isWanted) ?? false
        }
        _ = try? HistogramLog.read(latencyLog, where: isMeant) { interval in
            guard let key = HistogramKey(tag: interval.tag) else { return }
            // Times in the log have milliseconds.
            let end = interval.startSeconds + interval.lengthSeconds - 0.002
            var (low, high) = (0, rows.count - 1)
            while low < high {
                let middle = (low + high) / 2
                if rows[middle].timeSeconds >= end { high = middle } else { low = middle + 1 }
            }
            body(low, key, interval.histogram)
        }
    }

    /// Evidence from its parts, which are in no folder.
    public init(
        description: RunDescription, rows: [SeriesRow], events: [RunEvent] = [],
        failures: [FailureRecord] = [], histograms: [HistogramKey: Histogram] = [:],
        latencyGrid: LatencyGrid = LatencyGrid()
    ) {
        folder = ""
        self.description = description
        self.rows = rows
        self.events = events
        self.failures = failures
        troughs = []
        self.histograms = histograms
        self.latencyGrid = latencyGrid
        latencyLog = ""
        losses = []
    }

    private static func readDescription(_ folder: String) throws(EvidenceError) -> RunDescription {
        let path = "\(folder)/run.json"
        let text = try contents(path)
        let json: JSONValue
        do { json = try JSONValue(parsing: text.utf8) } catch {
            throw unreadable(path, error.line, error.message)
        }
        guard let description = RunDescription(json: json) else {
            throw unreadable(
                path, 1, "not a description of form \(RunDescription.schema)")
        }
        return description
    }

    private static func readLines<Row: Decodable>(
        _ folder: String, _ name: String, isOptional: Bool = false, _ losses: inout [String]
    ) throws(EvidenceError) -> [Row] {
        if isOptional, !FileManager.default.fileExists(atPath: "\(folder)/\(name)") { return [] }
        let text = try contents("\(folder)/\(name)")
        let decoder = JSONDecoder()
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        var rows: [Row] = []
        for (index, line) in lines.enumerated() where !line.isEmpty {
            if index < lines.count - 1 {
                guard let row = try? decoder.decode(Row.self, from: Data(line.utf8)),
                    (row as? SeriesRow)?.isPossible ?? (row as? Trough)?.isPossible ?? true
                else {
                    throw unreadable("\(folder)/\(name)", index + 1, "not a line of this file")
                }
                rows.append(row)
            } else {
                losses.append("the last line of \(name) was cut off and is left out")
            }
        }
        return rows
    }

    /// What is read of latency.hlog.
    private struct LatencyLog {
        var histograms: [HistogramKey: Histogram]
        var grid: LatencyGrid
        var text: String
    }

    private static func readHistograms(
        _ folder: String, _ losses: inout [String]
    ) throws(EvidenceError) -> LatencyLog {
        let path = "\(folder)/latency.hlog"
        let text = try contents(path)
        var histograms: [HistogramKey: Histogram] = [:]
        var grid = LatencyGrid()
        var unknown: HistogramLog.Interval?
        do {
            let isCut = try HistogramLog.read(text) { interval in
                guard let key = HistogramKey(tag: interval.tag) else {
                    unknown = unknown ?? interval
                    return
                }
                histograms[key, default: Histogram()].add(interval.histogram)
                guard key.clock == .latency, !key.isFailed else { return }
                grid.add(
                    interval.histogram, startSeconds: interval.startSeconds,
                    lengthSeconds: interval.lengthSeconds)
            }
            if isCut { losses.append("the last line of latency.hlog was cut off and is left out") }
        } catch {
            throw unreadable(path, error.line, "not a line of an interval log")
        }
        if let unknown {
            throw unreadable(path, unknown.line, "the tag \"\(unknown.tag)\" is none of a run")
        }
        return LatencyLog(histograms: histograms, grid: grid, text: text)
    }

    private static func contents(_ path: String) throws(EvidenceError) -> String {
        guard let data = FileManager.default.contents(atPath: path) else {
            throw EvidenceError(
                place: path, message: "cannot be read",
                hint: "give the folder of a run, as in Results/runs/20261124T101500Z-smoke-4f2a")
        }
        guard let text = String(validating: data, as: UTF8.self) else {
            throw unreadable(path, 0, "not text in UTF-8")
        }
        return text
    }

    private static func unreadable(_ path: String, _ line: Int, _ message: String) -> EvidenceError
    {
        EvidenceError(
            place: line > 0 ? "\(path):\(line)" : path, message: message,
            hint: "the evidence was changed, or another program wrote it")
    }
}
