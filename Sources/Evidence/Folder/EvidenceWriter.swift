public import Checker
import FoundationEssentials
public import Histograms
import JSON
public import Measurements

/// Writes a run's evidence while it runs: whole lines, handed to the system at every `flush`, which
/// seals them.
///
/// Used by one task at a time.
public final class EvidenceWriter {
    private let folder: RunFolder
    private let run: LineFile
    private let series: LineFile
    private let events: LineFile
    private let failures: LineFile
    private let latency: LineFile
    private let due: LineFile
    private let silences: LineFile
    /// Made with its first line: most runs have no troughs.
    private var troughs: LineFile?
    /// Likewise: most runs keep their limits.
    private var slow: LineFile?
    /// Likewise: most targets are not under the probe.
    private var heap: LineFile?
    /// Likewise: most scenarios are not checked.
    private var operations: LineFile?
    private let seals: LineFile
    /// The number of the next seal, the chain of the last one, and the end of the last second.
    private var (sealNumber, chain, timeSeconds) = (0, "", 0.0)
    /// Whether something could not be written, so that no seal may say that it is there.
    private var isBroken = false
    private let encoder = JSONEncoder()

    /// Writes run.json and opens the rest.
    ///
    /// - Throws: `EvidenceError` where a file cannot be written.
    public init(folder: RunFolder, description: RunDescription) throws(EvidenceError) {
        self.folder = folder
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        run = try LineFile("\(folder.path)/run.json")
        run.append(try description.text(for: "\(folder.path)/run.json"))
        series = try LineFile("\(folder.path)/series.ndjson")
        events = try LineFile("\(folder.path)/\(RunEvidence.eventsFile)")
        failures = try LineFile("\(folder.path)/failures.ndjson")
        latency = try LineFile("\(folder.path)/latency.hlog")
        due = try LineFile("\(folder.path)/due.ndjson")
        silences = try LineFile("\(folder.path)/silences.ndjson")
        seals = try LineFile("\(folder.path)/\(EvidenceSeal.file)")
        latency.append(HistogramLog.header(startSeconds: description.startedSeconds))
        try flush()
    }

    /// Adds a second.
    public func append(row: SeriesRow) throws(EvidenceError) {
        timeSeconds = max(timeSeconds, row.timeSeconds)
        var row = row
        row.target?.dropImpossible()
        try append(row, to: series)
    }

    /// Adds an event.
    public func append(event: RunEvent) throws(EvidenceError) { try append(event, to: events) }

    /// Adds a failed request.
    public func append(failure: FailureRecord) throws(EvidenceError) {
        try append(failure, to: failures)
    }

    /// Adds what was due in a second.
    public func append(due second: DueSecond) throws(EvidenceError) { try append(second, to: due) }

    /// Adds a silence.
    public func append(silence: Silence) throws(EvidenceError) {
        try append(silence, to: silences)
    }

    /// Adds a right answer that is over its limit.
    public func append(slow request: FailureRecord) throws(EvidenceError) {
        if slow == nil { slow = try LineFile("\(folder.path)/slow.ndjson") }
        if let slow { try append(request, to: slow) }
    }

    /// Adds a trough.
    public func append(trough: Trough) throws(EvidenceError) {
        if troughs == nil { troughs = try LineFile("\(folder.path)/troughs.ndjson") }
        var trough = trough
        trough.target?.dropImpossible()
        if let troughs { try append(trough, to: troughs) }
    }

    /// Writes what grew on the target's heap.
    public func write(_ growth: HeapGrowth) throws(EvidenceError) {
        if heap == nil { heap = try LineFile("\(folder.path)/heap.json") }
        if let heap { try append(growth, to: heap) }
    }

    /// Adds what checked requests did.
    public func append(operations records: [Operation]) throws(EvidenceError) {
        guard !records.isEmpty else { return }
        if operations == nil {
            operations = try LineFile("\(folder.path)/\(OperationLog.file)")
            operations?.append(OperationLog.header)
        }
        for record in records { operations?.append(OperationLog.record(of: record)) }
    }

    /// Adds the histograms of an interval; times in seconds from the start of the load.
    public func append(
        interval histograms: [HistogramKey: Histogram], start: Double, length: Double
    ) throws(EvidenceError) {
        for (key, histogram) in histograms.sorted(by: { $0.key.tag < $1.key.tag }) {
            latency.append(
                HistogramLog.line(
                    tag: key.tag, startSeconds: start, lengthSeconds: length, histogram))
        }
    }

    /// Hands everything to the system, and seals it; what is killed after that loses none of it.
    public func flush() throws(EvidenceError) { try flush(isLast: false) }

    /// Writes what is left, with the last seal, and closes.
    public func close() throws(EvidenceError) {
        defer { for file in files + [seals] { file.close() } }
        try flush(isLast: true)
    }

    private func flush(isLast: Bool) throws(EvidenceError) {
        do {
            for file in files { try file.flush() }
            if !isBroken { try seal(isLast: isLast) }
        } catch {
            isBroken = true
            throw error
        }
    }

    /// Seals what has come since the last seal.
    private func seal(isLast: Bool) throws(EvidenceError) {
        let grown = files.compactMap { file in file.takeContent().map { (file.name, $0) } }
        guard isLast || !grown.isEmpty else { return }
        let seal = EvidenceSeal(
            number: sealNumber, timeSeconds: timeSeconds, isLast: isLast, files: grown,
            after: chain)
        (chain, sealNumber) = (seal.chain, sealNumber + 1)
        seals.append("\(seal.line)\n")
        try seals.flush()
    }

    private var files: [LineFile] {
        [run, series, events, failures, latency, due, silences]
            + [troughs, slow, heap, operations].compactMap { $0 }
    }

    /// Writes a whole file of the run's folder, as verdict.json; where it has no room, none stays.
    public static func write(_ text: String, to path: String) throws(EvidenceError) {
        let file = try LineFile(path)
        defer { file.close() }
        file.append(text)
        do { try file.flush() } catch {
            file.removeIfRegular()
            throw error
        }
    }

    private func append(_ value: some Encodable, to file: LineFile) throws(EvidenceError) {
        do {
            file.append(String(decoding: try encoder.encode(value), as: UTF8.self) + "\n")
        } catch {
            throw EvidenceError(
                place: folder.path, message: "a row cannot be encoded: \(error)",
                hint: "this is a fault of loadgen; please report it")
        }
    }
}
