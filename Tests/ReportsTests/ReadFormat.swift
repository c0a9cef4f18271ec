import JSON
import Measurements
import Testing
import Verdicts

@testable import Reports

/// What a reader finds in one format of a report, read out of its text alone.
struct ReadFormat: Equatable {
    /// The verdict on the run.
    var verdict = ""
    /// Each objective with its sentence.
    var objectives: [[String]] = []
    /// Each outcome with its count and what it is of.
    var outcomes: [[String]] = []
    /// What p95 and p99 of another run would be.
    var intervals: [[String]] = []
    /// Kind, count, all requests, operation and example of each failure.
    var failures: [[String]] = []

    /// The numbers of `3 of 7,500`.
    static func numbers(_ text: some StringProtocol) -> [String] {
        String(text).matches(of: /\d[\d,]*/).map { String($0.output.filter { $0 != "," }) }
    }

    private static func outcome(_ row: [String]) -> [String] {
        [row[0]] + numbers(row[1]).prefix(2)
    }

    private static func failure(_ row: [String]) -> [String] {
        [row[0]] + numbers(row[1]) + [row[2], row.count > 4 ? row[4] : ""]
    }

    /// The terminal's text.
    init(text: String) {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        func cells(_ line: String) -> [String] {
            line.split(separator: /\ {2,}/).map(String.init)
        }
        func section(after title: String) -> [[String]] {
            guard let start = lines.firstIndex(of: title) else { return [] }
            return lines[(start + 1)...].prefix { !$0.isEmpty }.map(cells)
        }
        verdict = lines[0]
        for (name, sentence) in zip(lines, lines.dropFirst()).prefix(while: { !$0.1.isEmpty })
        where sentence.hasPrefix("    ") && !sentence.hasPrefix("    method:") {
            objectives.append([name, sentence].map { String($0.drop { $0 == " " }) })
        }
        outcomes = section(after: "outcomes").map(Self.outcome)
        intervals = lines.map(cells).filter { $0.count == 2 && $0[1].hasPrefix("again ") }
        failures = section(after: "what failed").map(Self.failure)
    }

    /// Markdown.
    init(markdown: String) {
        let rows = markdown.split(separator: "\n").filter { $0.hasPrefix("| ") }.map { line in
            line.dropFirst(2).dropLast(2).split(
                separator: " | ", omittingEmptySubsequences: false
            ).map { String($0).replacing("`", with: "") }
        }
        read(rows)
        verdict = String(markdown.firstMatch(of: /# (\w+):/)?.output.1 ?? "")
        objectives = markdown.matches(of: /(?m)^- `(.+?)`: (.+)$/).map {
            [String($0.output.1), String($0.output.2)]
        }
    }

    /// The page.
    init(html: String) {
        func plain(_ text: some StringProtocol) -> String {
            String(text).replacing(/<[^>]*>/, with: "").replacing("&lt;", with: "<")
                .replacing("&gt;", with: ">").replacing("&quot;", with: "\"")
                .replacing("&#39;", with: "'").replacing("&amp;", with: "&")
        }
        let rows = html.matches(of: /<tr>(.*?)<\/tr>/).map { row in
            row.output.1.matches(of: /<t[hd][^>]*>(.*?)<\/t[hd]>/).map { plain($0.output.1) }
        }
        read(rows)
        verdict = String(html.firstMatch(of: /<span>([A-Z]+)<\/span><\/div>/)?.output.1 ?? "")
        objectives = html.matches(of: /<header><code>(.*?)<\/code>.*?<\/header>\n<p>(.*?)<\/p>/)
            .map { [plain($0.output.1), plain($0.output.2)] }
    }

    /// The rows of all tables, each with its head before it.
    private mutating func read(_ rows: [[String]]) {
        var head = ""
        for row in rows where row.count > 1 {
            if ["outcome", "quantile", "what failed"].contains(row[0]) || row[0].isEmpty {
                head = row[0]
            } else if row.count == 2, Outcome(rawValue: row[0]) != nil {
                outcomes.append(Self.outcome(row))
            } else if head == "quantile", row[1].hasPrefix("again ") {
                intervals.append(row)
            } else if head == "what failed", row.count == 5, row[0] != "---" {
                failures.append(Self.failure(row))
            }
        }
    }

    /// JSON.
    init(json text: String) throws {
        let json = try JSONValue(parsing: text.utf8)
        func time(_ value: JSONValue?) -> String {
            value?.integer.map { Figure.time(UInt64($0)) } ?? value?.string ?? "null"
        }
        verdict = json["verdict"]?["verdict"]?.string ?? ""
        objectives = (json["verdict"]?["objectives"]?.array ?? []).map {
            [$0["objective"]?.string ?? "", $0["sentence"]?.string ?? ""]
        }
        let judged = "\(json["load"]?["judged"]?.integer ?? -1)"
        outcomes = (json["outcomes"]?.array ?? []).map {
            [$0["name"]?.string ?? "", "\($0["count"]?.integer ?? -1)", judged]
        }
        let confidence = Figure.given(json["verdict"]?["confidence"]?.double ?? 0)
        intervals = (json["intervals"]?.array ?? []).map { entry in
            let ends = [time(entry["lower_ns"]), time(entry["upper_ns"])]
            let isKnown = entry["known"] == .bool(true)
            let words =
                switch (ends[0], ends[1]) {
                case _ where !isKnown: ReportModel.tooShort
                case ("failed", _): "a failed request (\(confidence))"
                case (let low, "failed"): "\(low) to a failed request (\(confidence))"
                case (let low, let high): "\(low) to \(high) (\(confidence))"
                }
            #expect(isKnown || ends == ["null", "null"])
            return [entry["name"]?.string ?? "", "again \(words)"]
        }
        failures = (json["failures"]?.array ?? []).map { kind in
            let status = kind["status"]?.integer.map { "\($0)" }
            let label = [status, kind["error"]?.string].compactMap { $0 }.joined(separator: ", ")
            return [
                label, "\(kind["count"]?.integer ?? -1)", "\(kind["requests"]?.integer ?? -1)",
                kind["operation"]?.string ?? "", kind["example"]?.string ?? "",
            ]
        }
    }

    /// JUnit's XML, which has no outcomes and no intervals.
    init(junit: String) {
        func plain(_ text: some StringProtocol) -> String {
            String(text).replacing("&lt;", with: "<").replacing("&gt;", with: ">")
                .replacing("&quot;", with: "\"").replacing("&#39;", with: "'")
                .replacing("&amp;", with: "&")
        }
        verdict = String(
            junit.firstMatch(of: /name="verdict" value="(\w+)"/)?.output.1 ?? "")
        let cases = junit.matches(
            of: /(?s)<testcase name="(.*?)" .*?><(failure|error|system-out)(.*?)>(.*?)<\//)
        objectives = cases.map { one in
            let message = one.output.3.firstMatch(of: /message="(.*?)"/)?.output.1
            let first = one.output.4.split(separator: "\n").first ?? ""
            #expect(message ?? first == first)
            return [plain(one.output.1), plain(first)]
        }
        let output = junit.firstMatch(of: /(?s)<\/testcase>\n<system-out>(.*?)<\/system-out>/)
        failures = (output?.output.1 ?? "").split(separator: "\n").compactMap { line in
            let cells = plain(line).split(separator: /\ {2,}/).map(String.init)
            return cells.count >= 4 ? Self.failure(cells) : nil
        }
    }

    /// The same without what JUnit has no room for.
    var ofJUnit: Self {
        var copy = self
        (copy.outcomes, copy.intervals) = ([], [])
        return copy
    }
}
