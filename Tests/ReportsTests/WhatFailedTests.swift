import JSON
import Measurements
import Profiles
import SampleEvidence
import Testing
import Verdicts

@testable import Reports

@Suite struct WhatFailedTests {
    private func count(
        _ outcome: Outcome, _ status: Int?, _ error: String?, _ count: Int,
        _ dues: ClosedRange<Int64>, operation: String = "ping"
    ) -> FailureCount {
        FailureCount(
            phase: "steady",
            kind: FailureKind(
                operation: operation, outcome: outcome, status: status, error: error),
            count: count, firstDueNanoseconds: dues.lowerBound,
            lastDueNanoseconds: dues.upperBound)
    }

    private func record(
        _ outcome: Outcome, _ status: Int?, _ error: String?, detail: String, answer: String = ""
    ) -> FailureRecord {
        var record = FailureRecord(
            phase: "steady", scenario: "s", operation: "ping", outcome: outcome, dueNanoseconds: 0,
            doneNanoseconds: 12_300_000)
        record.detail = detail
        record.status = status
        record.answer = answer
        record.error = error
        return record
    }

    /// 1,300 failures of five kinds among 2,000 requests of two operations, and a warm-up.
    private var sample: SampleRun {
        var run = SampleRun(objectives: ["error rate < 1%", "p(95) < 10ms"])
        run.add([.ok: 1, .timeout: 9], phase: "warm up")
        run.add([.ok: 350, .wrongStatus: 1100, .tooSlow: 30, .refused: 20])
        run.add([.ok: 350, .wrongContent: 150], operation: "list|\"pods\"")
        run.rows[0].failures = [
            count(.timeout, nil, "no answer in 5 s", 9, 0...900_000_000)
        ]
        run.rows[0].failures?[0].phase = "warm up"
        run.rows[1].failures = [
            count(.wrongStatus, 404, nil, 1000, 1_000_000_000...1_999_000_000),
            count(.wrongStatus, 503, "expected 200", 100, 1_250_000_000...1_250_000_000),
            count(.tooSlow, 200, "later than 10 ms", 30, 1_100_000_000...1_900_000_000),
            count(.refused, nil, "connection refused", 20, 1_400_000_000...1_500_000_000),
        ]
        run.rows[2].failures = [
            count(
                .wrongContent, 200, "$.a", 150, 2_000_000_000...2_900_000_000,
                operation: "list|\"pods\"")
        ]
        run.failures = [
            record(
                .wrongStatus, 404, nil, detail: "status 404",
                answer: "<b>not</b>\n\u{1B}[2J`found`\u{202E}"),
            record(.tooSlow, 200, "later than 10 ms", detail: "12300000 ns"),
            record(.refused, nil, "connection refused", detail: "connect: Connection refused"),
        ]
        return run
    }

    private func model(_ run: SampleRun) throws -> ReportModel {
        let evidence = try run.evidence()
        return ReportModel(
            evidence: evidence, verdict: Judge.judge(evidence, profile: run.profile),
            profile: run.profile)
    }

    private static let rows = [
        [
            "404", "1,000 of 1,500", "ping", "from 1.0 s to 1.9 s",
            "\"<b>not</b> \u{FFFD}[2J`found`\u{FFFD}\"",
        ], ["200, wrong content: $.a", "150 of 500", "list|\"pods\"", "from 2.0 s to 2.9 s", ""],
        ["503, expected 200", "100 of 1,500", "ping", "at 1.2 s", ""],
        ["200, later than 10 ms", "30 of 1,500", "ping", "from 1.1 s to 1.9 s", "took 12.3 ms"],
        ["connection refused", "20 of 1,500", "ping", "from 1.4 s to 1.5 s", ""],
    ]

    @Test func `every format of a report says what failed, with the same figures`() throws {
        let model = try model(sample)
        #expect(Array(model.whatFailed.table.dropFirst()) == Self.rows)
        let terminal = TerminalReport.text(model, isColoured: false)
        let lines = terminal.split(separator: "\n").map { line in
            line.split(separator: "  ", omittingEmptySubsequences: true).map {
                String($0.drop { $0 == " " })
            }
        }
        let markdown = MarkdownSummary.text(model)
        let page = HTMLReport.text(model)
        let junit = JUnitReport.text(model)
        for row in Self.rows {
            #expect(lines.contains(row.filter { !$0.isEmpty }), "\(row)")
            var cells = row.map(Markdown.escape)
            if !cells[4].isEmpty { cells[4] = Markdown.code(row[4]) }
            let line = Markdown.table([[], cells], isEscaped: true).split(separator: "\n")[2]
            #expect(markdown.contains(line), "\(row)")
            let escaped = row.map(Markup.escape)
            let html =
                "<tr><th scope=\"row\">\(escaped[0])</th>"
                + escaped.dropFirst().map { "<td>\($0)</td>" }.joined() + "</tr>"
            let isInPage = page.contains(html)
            #expect(isInPage, "\(row)")
            // In each of the two cases that did not pass, and in the suite.
            let text = escaped.filter { !$0.isEmpty }.joined(separator: "  ")
            #expect(junit.ranges(of: text).count == 3, "\(row)")
        }
        let json = try JSONValue(parsing: JSONReport.text(model).utf8)
        let kinds = try #require(json["failures"]?.array)
        #expect(kinds.map { $0["example"]?.string } == Self.rows.map { $0[4] })
        #expect(kinds.map { $0["status"]?.integer } == [404, 200, 503, 200, nil])
        for (kind, row) in zip(kinds, Self.rows) {
            let counts = [kind["count"], kind["requests"]].map { Int($0?.integer ?? -1) }
            #expect("\(Figure.whole(counts[0])) of \(Figure.whole(counts[1]))" == row[1])
            #expect(kind["operation"]?.string == row[2])
        }
        #expect(kinds[0]["first_due_s"]?.double == 1 && kinds[0]["last_due_s"]?.double == 1.999)
        #expect(json["failed_unjudged"]?.integer == 9)
        #expect(CSVReport.text(model).contains("\nfailures.0.count,1000\n"))
    }

    @Test func `counts by kind add up to the failed requests of every operation`() throws {
        let model = try model(sample)
        for operation in model.figures.operations {
            let told = model.whatFailed.kinds.filter { $0.kind.operation == operation.name }
            #expect(told.reduce(0) { $0 + $1.count } == operation.failed)
            #expect(told.allSatisfy { $0.requests == operation.requests })
        }
    }

    @Test func `of many kinds ten are shown, and the others are counted`() throws {
        var run = SampleRun(objectives: ["error rate < 1%"])
        run.add([.ok: 10, .wrongStatus: 78])
        run.rows[0].failures = (1...12).map {
            count(.wrongStatus, 500 + $0, nil, $0, 0...1_000_000_000)
        }
        let model = try model(run)
        #expect(model.whatFailed.table.count == 11)
        #expect(model.whatFailed.table[1][0] == "512" && model.whatFailed.table[10][0] == "503")
        for text in [
            TerminalReport.verdictBlock(model, isColoured: false), MarkdownSummary.text(model),
            HTMLReport.text(model), JUnitReport.text(model),
        ] { #expect(text.contains("and 2 more kinds: 3 failed")) }
        let json = try JSONValue(parsing: JSONReport.text(model).utf8)
        #expect(json["failures"]?.array?.count == 12)
    }

    @Test func `failures of phases that are not judged have a line, and none have nothing`() throws
    {
        var run = SampleRun(objectives: ["error rate < 1%"])
        run.add([.ok: 500])
        let clean = try model(run)
        #expect(clean.whatFailed.terminal.isEmpty && clean.whatFailed.markdown.isEmpty)
        #expect(clean.whatFailed.html.isEmpty && clean.whatFailed.lines.isEmpty)
        run.add([.ok: 5, .timeout: 3], phase: "warm up")
        let model = try model(run)
        let words = "3 requests failed, all of them in phases that are not judged"
        for text in [
            TerminalReport.verdictBlock(model, isColoured: false), MarkdownSummary.text(model),
            HTMLReport.text(model), JUnitReport.text(model),
        ] { #expect(text.ranges(of: words).count == 1) }
    }

    @Test(arguments: [true, false])
    func `a verdict by objectives that are not the run's own says so once`(isOwn: Bool) throws {
        let run = sample
        let evidence = try run.evidence()
        var profile = run.profile
        if !isOwn { profile.objectives.removeLast() }
        let model = ReportModel(
            evidence: evidence, verdict: Judge.judge(evidence, profile: profile),
            profile: profile)
        let words = "judged by objectives that are not the run's own"
        let formats = [
            ReportFormat.text, ReportFormat<ReportModel>(MarkdownSummary.self),
            ReportFormat<ReportModel>(HTMLReport.self),
            ReportFormat<ReportModel>(JUnitReport.self),
        ]
        for format in formats {
            let text = format.text(model).replacing("&#39;", with: "'")
            #expect(text.ranges(of: words).count == (isOwn ? 0 : 1), "\(format)")
        }
        let json = try JSONValue(parsing: JSONReport.text(model).utf8)
        #expect(json["has_own_objectives"] == .bool(isOwn))
    }

    @Test(arguments: [
        ("<!DOCTYPE HTML>\n<html><head><style>a { b }</style><title>Error</title></head>", "Error"),
        (" <html><body class=\"x\">No <b>such</b> page: /a&lt;b<p", "No such page: /a&lt;b"),
        ("<b>not found</b>", "<b>not found</b>"), ("{\"a\": \"<html>\"}", "{\"a\": \"<html>\"}"),
        ("<html><script>never ended", "never ended"),
    ])
    func `of a page its text is shown`(answer: String, shown: String) {
        #expect(WhatFailed.harmless(WhatFailed.readable(answer)) == shown)
    }

    @Test(arguments: [
        ("a\r\n\tb  c ", "a b c"), ("\u{0}\u{7}\u{9B}x\u{7F}", "\u{FFFD}\u{FFFD}\u{FFFD}x\u{FFFD}"),
        ("\u{1B}]0;title\u{7}", "\u{FFFD}]0;title\u{FFFD}"), ("héllo ☂", "héllo ☂"), ("", ""),
        (String(repeating: "x", count: 61), String(repeating: "x", count: 60) + "…"),
        (String(repeating: "x", count: 60), String(repeating: "x", count: 60)),
    ])
    func `what a target answers changes nothing of a terminal`(text: String, shown: String) {
        #expect(WhatFailed.harmless(text) == shown)
    }
}
