import FoundationEssentials
import Histograms
import JSON
import Measurements

extension RunEvidence {
    static let latencyFile = "latency.hlog"
    static let eventsFile = "events.ndjson"

    /// The lines of a file, every number of which is one that a run can have.
    static func readLines<Row: Decodable & CheckedLine>(
        _ reader: LineReader, _ path: String, until end: Int?, _ losses: inout [EvidenceLoss]
    ) throws(EvidenceError) -> [Row] {
        let decoder = JSONDecoder()
        var rows: [Row] = []
        var numbers = NumberCheck()
        let isCut = try reader.readLines(until: end) { line, number throws(EvidenceError) in
            do {
                let row = try decoder.decode(Row.self, from: Data(line))
                row.check(&numbers)
                rows.append(row)
            } catch {
                throw changed(
                    path, number, "not a line of this file\(words(of: error, line))", line)
            }
            if let problem = numbers.problem {
                throw changed(path, number, "not a line of this file: \(problem)")
            }
        }
        if isCut {
            let name = path.split(separator: "/").last ?? ""
            losses.append(.cutLine(file: String(name)))
        }
        return rows
    }

    /// What is read of latency.hlog.
    struct LatencyLog {
        var histograms: [HistogramKey: Histogram] = [:]
        var traces: [HistogramKey: LatencyTrace] = [:]
        var losses: [EvidenceLoss] = []
        var lines: LineReader
    }

    static func readHistograms(
        _ folder: String, until end: Int?
    ) throws(EvidenceError) -> LatencyLog {
        let path = "\(folder)/\(latencyFile)"
        var log = LatencyLog(lines: try LineReader(path))
        var keys = TagKeys()
        var histogram = Histogram()
        var numbers = NumberCheck()
        let isCut = try log.lines.readLines(until: end) { line, number throws(EvidenceError) in
            if HistogramLog.isRemark(line) { return }
            guard let interval = HistogramLog.Line(line), interval.read(into: &histogram),
                histogram.hasLayout(of: Histogram())
            else { throw changed(path, number, "not a line of an interval log", line) }
            guard let key = keys.key(of: interval.tag) else {
                throw changed(path, number, "the tag \"\(interval.tag)\" is none of a run")
            }
            numbers.seconds("the start", interval.startSeconds)
            numbers.seconds("the length", interval.lengthSeconds)
            numbers.count("the number of samples", Int(clamping: histogram.totalCount))
            if let problem = numbers.problem {
                throw changed(path, number, "not a line of an interval log: \(problem)")
            }
            log.histograms[key, default: Histogram()].add(histogram)
            guard key.clock == .latency, !key.isFailed else { return }
            log.traces[key, default: LatencyTrace()].add(
                histogram, startSeconds: interval.startSeconds,
                lengthSeconds: interval.lengthSeconds)
        }
        if isCut {
            log.losses.append(.cutLine(file: latencyFile))
        }
        return log
    }

    /// A time in seconds, to the millisecond.
    static func text(_ seconds: Double) -> String { "\((seconds * 1000).rounded() / 1000)" }

    /// Which field of a line is wrong, and how, where the decoder tells.
    private static func words(of error: any Error, _ line: ArraySlice<UInt8>) -> String {
        let context: DecodingError.Context
        switch error {
        case DecodingError.typeMismatch(_, let of), DecodingError.valueNotFound(_, let of),
            DecodingError.keyNotFound(_, let of), DecodingError.dataCorrupted(let of):
            context = of
        default: return ""
        }
        let field = context.codingPath.map { $0.intValue.map { "[\($0)]" } ?? $0.stringValue }
        guard field.isEmpty else {
            return ": \(field.joined(separator: ".")): \(context.debugDescription)"
        }
        // A number that no field has is no JSON at all to the decoder.
        let number = (try? JSONValue(parsing: line))?.impossibleNumber()
        return ": \(number ?? context.debugDescription)"
    }

    private static func changed(
        _ path: String, _ line: Int, _ message: String, _ bytes: ArraySlice<UInt8> = []
    ) -> EvidenceError {
        let isText = String(validating: bytes, as: UTF8.self) != nil
        return EvidenceError(
            place: isText ? "\(path):\(line)" : path,
            message: isText ? message : "not text in UTF-8",
            hint: "the evidence was changed, or another program wrote it")
    }
}
