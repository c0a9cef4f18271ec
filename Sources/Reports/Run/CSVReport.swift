public import Evidence
import JSON
import Measurements

/// Figures as comma-separated values (RFC 4180).
public enum CSVReport: Report {
    /// What `--format` calls it.
    public static let name = "csv"

    /// The report: a line for each figure, by its path in the JSON report.
    public static func text(_ model: ReportModel, _ style: ReportStyle) -> String {
        var lines = "key,value\n"
        add(JSONReport.json(model), path: "", to: &lines)
        return lines
    }

    private static func add(_ value: JSONValue, path: String, to lines: inout String) {
        func inner(_ name: String) -> String { path.isEmpty ? name : "\(path).\(name)" }
        switch value {
        case .object(let members):
            for member in members { add(member.value, path: inner(member.name), to: &lines) }
        case .array(let elements):
            for (index, element) in elements.enumerated() {
                // An element is called by its own name where it has one.
                let name = element["name"]?.string ?? element["objective"]?.string ?? "\(index)"
                add(element, path: inner(name), to: &lines)
            }
        case .string(let text): lines += "\(quoted(path)),\(quoted(text))\n"
        case .null: lines += "\(quoted(path)),\n"
        default: lines += "\(quoted(path)),\(value.text)\n"
        }
    }

    /// The seconds of a run: a line for each, with a head; what was not read is empty.
    public static func series(_ evidence: RunEvidence) -> String {
        let columns = Self.columns
        var lines = columns.map(\.name).joined(separator: ",") + "\n"
        for row in evidence.rows {
            lines += columns.map { quoted($0.value(row)) }.joined(separator: ",") + "\n"
        }
        return lines
    }

    private struct Column {
        var name: String
        var value: (SeriesRow) -> String
    }

    private static var columns: [Column] {
        func whole(_ value: (some BinaryInteger)?) -> String { value.map { "\($0)" } ?? "" }
        func real(_ value: Double?) -> String { value.map { "\($0)" } ?? "" }
        var columns = [
            Column(name: "time_s") { real($0.timeSeconds) },
            Column(name: "phase") { "\($0.phases)" },
            Column(name: "planned") { whole($0.planned) },
            Column(name: "started") { whole($0.started) },
            Column(name: "sent") { whole($0.sent) },
            Column(name: "in_flight") { whole($0.inFlight) },
        ]
        columns += Outcome.allCases.map { outcome in
            Column(name: outcome.rawValue) { row in
                whole(row.counts.reduce(0) { $0 + ($1.outcomes[outcome] ?? 0) })
            }
        }
        let summaries: [(String, KeyPath<SeriesRow, QuantileSummary?>)] = [
            ("latency", \.latency), ("lag", \.lag),
        ]
        for (name, path) in summaries {
            columns += [
                Column(name: "\(name)_p50_ns") { whole($0[keyPath: path]?.p50Nanoseconds) },
                Column(name: "\(name)_p95_ns") { whole($0[keyPath: path]?.p95Nanoseconds) },
                Column(name: "\(name)_p99_ns") { whole($0[keyPath: path]?.p99Nanoseconds) },
                Column(name: "\(name)_max_ns") { whole($0[keyPath: path]?.maxNanoseconds) },
            ]
        }
        let processes: [(String, KeyPath<SeriesRow, ProcessReading?>)] = [
            ("target", \.target), ("generator", \.generator),
        ]
        for (name, path) in processes {
            columns += [
                Column(name: "\(name)_allocated_bytes") {
                    whole($0[keyPath: path]?.allocatedBytes)
                },
                Column(name: "\(name)_resident_bytes") { whole($0[keyPath: path]?.residentBytes) },
                Column(name: "\(name)_cpu_s") { real($0[keyPath: path]?.cpuSeconds) },
            ]
        }
        columns += [
            Column(name: "busiest_loop") { real($0.busiestLoop) },
            Column(name: "steal") { real($0.steal) },
        ]
        return columns
    }

    /// A cell; a text that a spreadsheet would take for a formula begins with an apostrophe.
    private static func quoted(_ cell: String) -> String {
        var text = cell.printable
        if let first = text.first, "=+-@\t".contains(first), Double(text) == nil {
            text = "'" + text
        }
        guard text.contains(where: { ",\"\n\r".contains($0) || $0.isNewline }) else { return text }
        return "\"\(text.replacing("\"", with: "\"\""))\""
    }
}
