public import Evidence
import FoundationEssentials
import Measurements
import Statistics
public import Verdicts

/// A capacity for people and for machines; every form shows the same figures.
public enum CapacityReport {
    /// The report as text for a terminal, the word first.
    public static func text(_ capacity: Capacity) -> String {
        var text = "\(capacity.word.rawValue)\n  \(capacity.sentence)\n\n"
        text += TextTable.text(steps(capacity))
        text += "\n" + TextTable.text(facts(capacity))
        for note in capacity.notes { text += "  note: \(note)\n" }
        return text.printable
    }

    /// A line for each step, in the order of rates.
    static func steps(_ capacity: Capacity) -> [[String]] {
        let head = [
            "rate", "step", "length", "outcome", "throughput", "answered", "queue", "p50", "p95",
            "p99", "errors", "cpu", "memory",
        ]
        return [head]
            + capacity.steps.sorted { $0.rate < $1.rate }.map { step in
                [
                    rate(step.rate), step.stage.rawValue, "\(Figure.significant(step.seconds)) s",
                    step.bound.map { "\(step.outcome.rawValue) (\($0.rawValue))" }
                        ?? step.outcome.rawValue,
                    rate(step.throughput),
                    step.answeredShare.map { Figure.percent(min(1, $0)) } ?? "-",
                    queue(step.inFlightGrowth), time(step.p50), time(step.p95), time(step.p99),
                    Figure.percent(step.errorRate),
                    step.cpu.map { "\(Figure.significant($0)) cores" } ?? "-",
                    step.memory.map { Figure.bytes(UInt64(clamping: $0)) } ?? "-",
                ]
            }
    }

    /// By how much arrivals in flight grew each second.
    private static func queue(_ growth: Double?) -> String {
        guard let growth else { return "-" }
        return growth.magnitude < 0.05 ? "steady" : "\(growth > 0 ? "+" : "")\(rate(growth))"
    }

    /// The knee and the scalability law.
    static func facts(_ capacity: Capacity) -> [[String]] {
        var rows = [["figure", "value"]]
        rows.append([
            "knee",
            capacity.knee.map { "p95 more than doubles by \(rate($0))" } ?? "not within the steps",
        ])
        guard let law = capacity.scalability else {
            return rows + [["scalability", "too few steps for a fit"]]
        }
        func figure(_ value: Double, _ interval: [Double]?) -> String {
            let bounds =
                interval.map {
                    " [\(Figure.significant($0[0])), \(Figure.significant($0[1]))]"
                } ?? " (at its bound)"
            return Figure.significant(value) + bounds
        }
        rows.append(["rate at concurrency 1", figure(law.rate, law.rateInterval) + " a second"])
        rows.append(["contention", figure(law.contention, law.contentionInterval)])
        rows.append(["coherency", figure(law.coherency, law.coherencyInterval)])
        if let peak = law.peakConcurrency, let throughput = law.peakThroughput {
            rows.append(["peak", "\(rate(throughput)) at concurrency \(Figure.significant(peak))"])
        }
        if !law.cautions.isEmpty {
            rows.append(["caution", law.cautions.joined(separator: "; ")])
        }
        return rows
    }

    static func rate(_ rate: Double) -> String { "\(Figure.significant(rate, digits: 4))/s" }

    static func time(_ nanoseconds: Double?) -> String {
        nanoseconds.map { Figure.time(UInt64(clamping: $0)) } ?? "-"
    }

    /// The report as Markdown.
    public static func markdown(_ capacity: Capacity) -> String {
        var text =
            "# \(capacity.word.rawValue): capacity of \(Markdown.escape(capacity.profile))\n\n"
        text += "\(Markdown.escape(capacity.sentence))\n\n"
        text += Markdown.table(steps(capacity)) + "\n"
        text += Markdown.table(facts(capacity)) + "\n"
        for note in capacity.notes { text += "- \(Markdown.escape(note))\n" }
        return text
    }

    /// The capacity as JSON, which a plan is made from.
    public static func json(_ capacity: Capacity) -> String { PlainJSON.text(capacity) }

    /// The report as one page of HTML that needs nothing beside itself.
    public static func html(_ capacity: Capacity) -> String { CapacityPage.html(capacity) }

    /// Reads a capacity back; `nil` if the text is none.
    public static func capacity(parsing text: String) -> Capacity? {
        guard let capacity: Capacity = PlainJSON.value(text), capacity.schema == Capacity.schema
        else { return nil }
        return capacity
    }

    /// Writes capacity.json, summary.md and report.html into a search's folder.
    ///
    /// - Throws: `EvidenceError` where they cannot be written.
    public static func write(_ capacity: Capacity, to folder: String) throws(EvidenceError) {
        try EvidenceWriter.write(json(capacity), to: "\(folder)/capacity.json")
        try EvidenceWriter.write(markdown(capacity), to: "\(folder)/summary.md")
        try EvidenceWriter.write(CapacityPage.html(capacity), to: "\(folder)/report.html")
    }
}

/// A value as JSON with snake-case keys, and back.
enum PlainJSON {
    static func text(_ value: some Encodable) -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        encoder.keyEncodingStrategy = .convertToSnakeCase
        // Every number of a report is finite, so that there is always a text.
        guard let data = try? encoder.encode(value) else { return "" }
        return printable(String(decoding: data, as: UTF8.self)) + "\n"
    }

    /// JSON that says the same, with what would control a terminal escaped; only texts have it.
    static func printable(_ json: String) -> String {
        guard json.printable != json else { return json }
        var text = ""
        for scalar in json.unicodeScalars {
            if scalar.isPrintable || scalar == "\n" {
                text.unicodeScalars.append(scalar)
            } else {
                for unit in String(scalar).utf16 {
                    let digits = String(unit, radix: 16)
                    text += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
                }
            }
        }
        return text
    }

    static func value<Value: Decodable>(_ text: String) -> Value? {
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        return try? decoder.decode(Value.self, from: Data(text.utf8))
    }
}

/// Tables of text; the first row is the head.
enum TextTable {
    static func text(_ rows: [[String]]) -> String {
        let widths = (rows.first ?? []).indices.map { column in
            rows.map { $0[column].count }.max() ?? 0
        }
        return rows.map { row in
            let cells = zip(row, widths).map { cell, width in
                cell + String(repeating: " ", count: width - cell.count)
            }
            var line = "  " + cells.joined(separator: "  ")
            while line.last == " " { line.removeLast() }
            return line + "\n"
        }.joined()
    }
}
