import Histograms
import JSON
import Measurements
import Profiles
import SampleEvidence
import Testing
import Verdicts

@testable import Reports

@Suite struct ReportFormatTests {
    /// A run with failures, a second operation, a group, memory and lag.
    private func model(_ objectives: [String] = ["p(95) < 10ms", "error rate < 5%"]) throws
        -> ReportModel
    {
        var run = SampleRun(objectives: objectives)
        run.profile.load.removeFirst()
        run.add([.ok: 899, .wrongStatus: 1], over: [10_000_000: 0])
        run.add(
            [.ok: 100], operation: "list,\"pods\"", latencyNanoseconds: 4_000_000,
            over: [10_000_000: 0])
        var reading = ProcessReading()
        reading.allocatedBytes = 5 << 20
        reading.residentBytes = 7 << 20
        run.rows[0].target = reading
        run.rows[1].target = reading
        let lag = HistogramKey(phase: "steady", operation: "ping", clock: .lag)
        run.samples[lag] = [UInt64](repeating: 20_000, count: 900)
        let group = HistogramKey(phase: "steady", operation: "all of it", clock: .group)
        run.samples[group] = [UInt64](repeating: 9_000_000, count: 50)
        let evidence = try run.evidence()
        return ReportModel(
            evidence: evidence, verdict: Judge.judge(evidence, profile: run.profile),
            profile: run.profile)
    }

    /// A run whose profile and operation have a name; what it says is somebody else's.
    private func model(named name: String) throws -> ReportModel {
        var run = SampleRun(objectives: ["error rate < 5%"])
        run.profile.load.removeFirst()
        run.profile.name = name
        run.add([.ok: 100, .wrongStatus: 1], operation: name)
        let evidence = try run.evidence()
        return ReportModel(
            evidence: evidence, verdict: Judge.judge(evidence, profile: run.profile),
            profile: run.profile)
    }

    @Test(arguments: ReportFormat<ReportModel>.allCases)
    func `a name controls no terminal, and turns no line`(format: ReportFormat<ReportModel>) throws
    {
        let name = "\u{1B}[2Ka\u{202E}\u{9B}31m\u{7}b"
        let text = format.text(try model(named: name), isColoured: true)
        #expect(!text.contains("\u{1B}[2K"))
        if format == ReportFormat<ReportModel>(JSONReport.self) {
            let json = try JSONValue(parsing: text.utf8)
            #expect(json["profile"]?.string == name)
        }
        for scalar in ["\u{202E}", "\u{9B}", "\u{7}"] as [Unicode.Scalar] {
            #expect(!text.unicodeScalars.contains(scalar), "\(scalar.escaped(asASCII: true))")
        }
    }

    @Test func `a name is no markup of Markdown`() throws {
        let text = MarkdownSummary.text(
            try model(named: "<img src=x> [a](http://b) | `c`\n# PASS: d"))
        #expect(!text.contains("<img") || text.contains("\\<img"))
        #expect(!text.replacing("\\<img", with: "").contains("<img"))
        #expect(!text.contains("](") || !text.replacing("\\](", with: "").contains("]("))
        #expect(!text.contains("\n# PASS: d"))
        // Every line of a table has as many cells as its head.
        let rows = text.split(separator: "\n").filter { $0.hasPrefix("| \\<img") }
        #expect(!rows.isEmpty)
        #expect(rows.allSatisfy { $0.contains("\\|") })
    }

    @Test(arguments: ["=1+1", "+a", "-a", "@SUM(1)", "\t=1"])
    func `a name is no formula of CSV, and numbers stay numbers`(name: String) throws {
        let model = try model(named: name)
        let cells = (CSVReport.text(model) + CSVReport.series(model.evidence))
            .split(separator: "\n").flatMap { $0.split(separator: ",") }
        for cell in cells where "=+-@\t".contains(cell.first ?? " ") {
            #expect(Double(cell) != nil, "\(cell)")
        }
        #expect(cells.contains { $0 == "'\(name)" || $0 == "'\(name.printable)" })
    }

    private func time(_ value: JSONValue?, missing: String) -> String {
        value?.integer.map { Figure.time(UInt64($0)) } ?? missing
    }

    @Test func `JSON has the figures that Markdown and the page show`() throws {
        let model = try model()
        let json = try JSONValue(parsing: JSONReport.text(model).utf8)
        let markdown = MarkdownSummary.text(model)
        let page = HTMLReport.text(model)
        func expect(_ cells: [String]) {
            let line = "| " + cells.map { $0.replacing("|", with: "\\|") }.joined(separator: " | ")
            #expect(markdown.contains(line), "\(line)")
            let row =
                "<th scope=\"row\">\(Markup.escape(cells[0]))</th>"
                + cells.dropFirst().map { "<td>\(Markup.escape($0))</td>" }.joined()
            let isThere = page.contains(row)
            #expect(isThere, "\(row)")
        }
        let quantiles = ["p50_ns", "p90_ns", "p95_ns", "p99_ns", "p99_9_ns", "max_ns"]
        for (name, key, missing) in [
            ("latency", "latency", "failed"), ("answered right", "answered_right", "-"),
            ("service time", "service", "-"), ("connection wait", "wait", "-"),
            ("lag", "lag", "-"),
        ] {
            let clock = json["clocks"]?[key]
            expect([name] + quantiles.map { time(clock?[$0], missing: missing) })
        }
        for entry in (json["operations"]?.array ?? []) + (json["groups"]?.array ?? []) {
            let counts = [entry["requests"]?.integer, entry["failed"]?.integer]
            expect(
                [entry["name"]?.string ?? ""] + counts.map { Figure.whole(Int($0 ?? -1)) }
                    + ["p50_ns", "p95_ns", "p99_ns", "max_ns"].map {
                        time(entry["latency"]?[$0], missing: "failed")
                    })
        }
        #expect(json["operations"]?.array?.count == 2 && json["groups"]?.array?.count == 1)
        let requests = Figure.whole(Int(json["load"]?["requests"]?.integer ?? -1))
        let judged = Figure.whole(Int(json["load"]?["judged"]?.integer ?? -1))
        let seconds = Figure.significant(json["load"]?["duration_s"]?.double ?? -1)
        expect(["requests", "\(requests) in \(seconds) s, \(judged) judged"])
        for entry in json["outcomes"]?.array ?? [] {
            let head = "| \(entry["name"]?.string ?? "") | "
            #expect(
                markdown.contains(head + Figure.whole(Int(entry["count"]?.integer ?? -1)) + " of "))
        }
        #expect(json["verdict"]?["verdict"]?.string == model.verdict.verdict.rawValue)
        let sentences = json["verdict"]?["objectives"]?.array?.compactMap { $0["sentence"]?.string }
        #expect(sentences == model.verdict.objectives.map(\.sentence))
    }

    @Test func `CSV has a line for each figure of JSON, and quotes what needs it`() throws {
        let model = try model()
        let lines = CSVReport.text(model).split(separator: "\n").map(String.init)
        #expect(lines[0] == "key,value")
        #expect(lines.contains("load.requests,1000"))
        #expect(lines.contains("outcomes.wrong_status.count,1"))
        #expect(lines.contains("clocks.latency.max_ns,"))
        #expect(lines.contains("\"operations.list,\"\"pods\"\".requests\",100"))
        #expect(lines.contains("verdict.objectives.error rate < 5%.verdict,PASS"))
    }

    @Test func `CSV of the seconds has as many cells in each line`() throws {
        let lines = CSVReport.series(try model().evidence).split(separator: "\n")
        #expect(lines.count == 3)
        let cells = lines.map { $0.split(separator: ",", omittingEmptySubsequences: false) }
        #expect(Set(cells.map(\.count)).count == 1)
        let ok = try #require(cells[0].firstIndex(of: "ok"))
        #expect(cells[1][ok] == "899" && cells[2][ok] == "100")
        let memory = try #require(cells[0].firstIndex(of: "target_allocated_bytes"))
        #expect(cells[1][memory] == "5242880")
    }

    @Test(arguments: [
        ("error rate < 5%", "<system-out>PASS", "failures=\"0\" errors=\"0\""),
        ("error rate < 0.0001%", "<failure type=\"FAIL\"", "failures=\"1\" errors=\"0\""),
        ("error rate < 0.1%", "<error type=\"INCONCLUSIVE\"", "failures=\"0\" errors=\"1\""),
        (
            "p(95) < 10ms on none", "<error type=\"INVALID\"", "failures=\"0\" errors=\"1\""
        ),
    ])
    func `JUnit has a case for each objective, and passes nothing unproven`(
        objective: String, element: String, counts: String
    ) throws {
        let text = JUnitReport.text(try model([objective]))
        #expect(text.contains(element), "\(text)")
        #expect(text.contains("tests=\"1\" \(counts)"), "\(text)")
        #expect(text.contains("<testcase name=\"\(Markup.escape(objective))\""))
    }

    @Test func `JUnit of no objective has nothing that passed`() throws {
        let text = JUnitReport.text(try model([]))
        #expect(text.contains("tests=\"1\" failures=\"0\" errors=\"0\" skipped=\"1\""))
        #expect(
            text.contains("<skipped message=\"no objective was given, so nothing was judged\"/>"))
    }

    @Test func `the table of percentiles ends at the maximum, with every sample counted`() throws {
        let model = try model()
        let lines = PercentileTable.text(model.evidence, profile: model.profile)
            .split(separator: "\n").map(String.init)
        #expect(lines[0] == "       Value     Percentile TotalCount 1/(1-Percentile)")
        let rows = lines.dropFirst().filter { !$0.hasPrefix("#") }.map {
            $0.split(separator: " ").compactMap { Double($0) }
        }
        #expect(rows.last?[1] == 1 && rows.last?[2] == 999)
        #expect(rows.allSatisfy { $0.count == ($0[1] < 1 ? 4 : 3) })
        #expect(zip(rows, rows.dropFirst()).allSatisfy { $0[1] < $1[1] && $0[0] <= $1[0] })
        // 899 of 999 right answers took 2 ms, the others 4 ms.
        #expect(rows.filter { $0[1] <= 0.899 }.allSatisfy { abs($0[0] - 2) < 0.01 })
        #expect(rows.filter { $0[1] > 0.9 }.allSatisfy { abs($0[0] - 4) < 0.01 })
        #expect(lines.contains { $0.hasPrefix("#[Max     =        4.") })
    }

    @Test func `a format is known by its name`() {
        #expect(
            ReportFormat(rawValue: "junit") == ReportFormat<ReportModel>(JUnitReport.self)
                && ReportFormat<ReportModel>(rawValue: "xml") == nil)
        #expect(ReportFormat<RepeatRecord>.names == "text, markdown or json")
    }

    @Test func `each report has its formats, and each format a name of its own`() {
        check(ReportModel.self, files: ["summary.md", "junit.xml", "report.html"])
        check(
            ComparisonRecord.self,
            files: ["comparison.json", "summary.md", "junit.xml", "report.html"])
        check(RepeatRecord.self, files: ["repeat.json", "summary.md"])
        check(Capacity.self, files: ["capacity.json", "summary.md", "report.html"])
        check(CapacityPlan.self, files: [])
    }

    private func check<Model: Reported>(_: Model.Type, files: Set<String>) {
        let formats = ReportFormat<Model>.allCases
        #expect(Set(formats.map { $0.rawValue }).count == formats.count)
        #expect(formats.first?.rawValue == "text")
        #expect(Set(formats.compactMap { $0.fileName }) == files)
    }
}
