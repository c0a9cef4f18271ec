import FoundationEssentials
import Glibc
public import Histograms
import JSON

/// Writes a run's evidence while it runs: whole lines, handed to the system at every `flush`.
///
/// Used by one task at a time.
public final class EvidenceWriter {
    private let folder: RunFolder
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
    private let encoder = JSONEncoder()

    /// Writes run.json and opens the rest.
    ///
    /// - Throws: `EvidenceError` where a file cannot be written.
    public init(folder: RunFolder, description: RunDescription) throws(EvidenceError) {
        self.folder = folder
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        try Self.write(description.json.prettyText, to: "\(folder.path)/run.json")
        series = try LineFile("\(folder.path)/series.ndjson")
        events = try LineFile("\(folder.path)/events.ndjson")
        failures = try LineFile("\(folder.path)/failures.ndjson")
        latency = try LineFile("\(folder.path)/latency.hlog")
        due = try LineFile("\(folder.path)/due.ndjson")
        silences = try LineFile("\(folder.path)/silences.ndjson")
        latency.append(HistogramLog.header(startSeconds: description.startedSeconds))
        try flush()
    }

    /// Adds a second.
    public func append(row: SeriesRow) throws(EvidenceError) { try append(row, to: series) }

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
        if let troughs { try append(trough, to: troughs) }
    }

    /// Writes what grew on the target's heap.
    public func write(_ growth: HeapGrowth) throws(EvidenceError) {
        let file = try LineFile("\(folder.path)/heap.json")
        try append(growth, to: file)
        try file.flush()
        file.close()
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

    /// Hands everything to the system; what is killed after that loses none of it.
    public func flush() throws(EvidenceError) {
        for file in files { try file.flush() }
    }

    /// Writes what is left and closes.
    public func close() throws(EvidenceError) {
        try flush()
        for file in files { file.close() }
    }

    private var files: [LineFile] {
        [series, events, failures, latency, due, silences] + [troughs, slow].compactMap { $0 }
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

/// A file that grows by whole lines.
private final class LineFile {
    private let path: String
    private let descriptor: Int32
    private var pending: [UInt8] = []

    init(_ path: String) throws(EvidenceError) {
        self.path = path
        descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_APPEND | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw Self.error(path, errno) }
    }

    func append(_ text: String) { pending += text.utf8 }

    func flush() throws(EvidenceError) {
        var rest = pending[...]
        pending = []
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw Self.error(path, errno) }
            rest = rest.dropFirst(count)
        }
    }

    func close() { _ = Glibc.close(descriptor) }

    /// Takes the file away, unless it is a device or a pipe, which was there before.
    func removeIfRegular() {
        var status = stat()
        if fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG { unlink(path) }
    }

    private static func error(_ path: String, _ number: Int32) -> EvidenceError {
        EvidenceError(
            place: path, message: "cannot be written: \(RunFolder.words(of: number))",
            hint: number == ENOSPC
                ? "free some room on this disk" : "name another folder with --out DIR")
    }
}
