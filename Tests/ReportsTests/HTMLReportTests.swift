import Evidence
import FoundationEssentials
import Histograms
import Measurements
import Profiles
import SampleEvidence
import Testing
import Verdicts

@testable import Reports

@Suite struct HTMLReportTests {
    private static let attack = "</pre></script><script>alert('x')</script><img src=x onerror=y>"

    private func model(_ evidence: RunEvidence, _ profile: Profile) -> ReportModel {
        ReportModel(
            evidence: evidence, verdict: Judge.judge(evidence, profile: profile),
            profile: profile)
    }

    /// A run with failures of two kinds, whose every text is an attack on the page.
    private func hostile() throws -> ReportModel {
        var run = SampleRun(objectives: ["p(95) < 10ms", "error rate < 5%"])
        run.profile.name = Self.attack
        run.profile.description = Self.attack
        run.add([.ok: 900, .wrongStatus: 5, .timeout: 1], operation: Self.attack)
        run.add([.ok: 900, .wrongStatus: 2], operation: "ping")
        run.events.append(RunEvent(timeSeconds: 1, kind: .warning, detail: Self.attack))
        run.failures = [Outcome.wrongStatus, .timeout].map { outcome in
            var record = FailureRecord(
                phase: Self.attack, scenario: Self.attack, operation: Self.attack, outcome: outcome,
                dueNanoseconds: 1_000_000_000, doneNanoseconds: 1_002_000_000)
            record.detail = Self.attack
            record.readyNanoseconds = 1_000_010_000
            record.sentNanoseconds = outcome == .timeout ? nil : 1_000_020_000
            record.status = 500
            record.request = Self.attack
            record.answer = "\u{0}\u{1B}[31m" + Self.attack
            return record
        }
        return model(try run.evidence(), run.profile)
    }

    /// The tables of a page: rows of cells, as a reader sees them.
    private func tables(_ html: String) -> Set<[String]> {
        func plain(_ text: Substring) -> String {
            String(text).replacing(/<[^>]*>/, with: "").replacing("&lt;", with: "<")
                .replacing("&gt;", with: ">").replacing("&amp;", with: "&")
        }
        return Set(
            html.matches(of: /<tr>(.*?)<\/tr>/).map { row in
                row.output.1.matches(of: /<t[hd][^>]*>(.*?)<\/t[hd]>/).map { plain($0.output.1) }
            })
    }

    @Test func `every figure of Markdown stands in the page`() throws {
        var run = SampleRun(objectives: ["p(95) < 10ms", "error rate < 5%"])
        run.add([.ok: 899, .wrongStatus: 1])
        run.add([.ok: 100], operation: "listPods", latencyNanoseconds: 4_000_000)
        let model = model(try run.evidence(), run.profile)
        let page = HTMLReport.text(model)
        let shown = tables(page)
        let markdown = MarkdownSummary.text(model).split(separator: "\n")
            .filter { $0.hasPrefix("| ") && !$0.hasPrefix("| ---") }
            .map { line in
                line.dropFirst(2).dropLast(2)
                    .split(separator: " | ", omittingEmptySubsequences: false).map(String.init)
            }
        #expect(markdown.count > 15)
        for row in markdown where row.count(where: { !$0.isEmpty }) > 1 {
            let isThere = shown.contains(row)
            #expect(isThere, "\(row) of Markdown in the page")
        }
        for objective in model.verdict.objectives {
            #expect(page.contains(Markup.escape(objective.sentence)))
        }
    }

    @Test func `what a target or a profile says is never markup`() throws {
        let page = HTMLReport.text(try hostile())
        #expect(!page.contains("<script>alert"))
        #expect(!page.contains("<img"))
        #expect(!page.contains("\u{0}") && !page.contains("\u{1B}"))
        #expect(page.contains("&lt;script&gt;alert(&#39;x&#39;)"))
        // One script and one style: the page's own.
        #expect(page.matches(of: /<script/).count == 1 && page.matches(of: /<style/).count == 1)
    }

    @Test func `a failure is told whole`() throws {
        let page = HTMLReport.text(try hostile())
        #expect(page.matches(of: /<details class="story">/).count == 2)
        for part in [
            "<h3>Request</h3>", "<h3>Answer</h3>", "<td>10.0 µs later</td>", "<td>never</td>",
            "after 2.00 ms, status 500",
        ] { #expect(page.contains(part), "\(part)") }
    }

    @Test func `every figure has a name and a description`() throws {
        let page = HTMLReport.text(try hostile())
        let charts = page.matches(of: /<svg class="chart" id="([a-z0-9-]+)" role="img"/)
        let ids = charts.map { String($0.output.1) }
        for id in ["rate", "failures", "in-flight", "cpu", "percentiles", "heat"] {
            #expect(ids.contains(id))
        }
        #expect(Set(ids).count == ids.count)
        for id in ids {
            #expect(page.contains("<title id=\"\(id)-t\">"), "\(id)")
            #expect(page.contains("<desc id=\"\(id)-d\">"), "\(id)")
        }
        #expect(page.contains("wrong status: 2.00/s to 5.00/s"))
    }

    @Test(arguments: [[], [0], [0, 0]])
    func `a run of next to nothing has a page`(seconds: [Int]) throws {
        var run = SampleRun(objectives: ["p(95) < 10ms"])
        for _ in seconds { run.add([.ok: 0]) }
        let page = HTMLReport.text(model(try run.evidence(), run.profile))
        #expect(page.contains("<span>INVALID</span>"))
        #expect(!page.contains("NaN") && !page.contains("inf,") && !page.contains("nan"))
    }

    /// A day at one-second resolution: rows with everything in them, and a burst of failures.
    private func day() -> (RunEvidence, Profile) {
        var sample = SampleRun(objectives: ["p(99) < 50ms", "error rate < 1%"])
        sample.profile.load[1].duration = .seconds(86_399)
        var reading = ProcessReading()
        var trace = LatencyTrace()
        var rows: [SeriesRow] = []
        rows.reserveCapacity(86_400)
        for second in 0..<86_400 {
            let noise = UInt64(second * 7919 % 997)
            let latency = 1_000_000 + noise * 10_000
            var row = SeriesRow(timeSeconds: Double(second + 1), phases: ["steady"])
            (row.planned, row.started, row.sent) = (1000, 1000, 1000)
            row.inFlight = Int(noise % 20)
            let failed = second % 5000 == 1234 ? 7 : 0
            row.counts = [
                OperationCounts(
                    phase: "steady", operation: "ping",
                    outcomes: [.ok: 1000 - failed, .wrongStatus: failed])
            ]
            row.latency = QuantileSummary(
                p50Nanoseconds: latency, p95Nanoseconds: 2 * latency,
                p99Nanoseconds: 3 * latency, maxNanoseconds: 9 * latency)
            row.lag = QuantileSummary(
                p50Nanoseconds: 20_000, p95Nanoseconds: 30_000, p99Nanoseconds: 50_000 + noise,
                maxNanoseconds: 900_000)
            reading.allocatedBytes = (64 << 20) + noise << 10
            reading.residentBytes = 96 << 20
            reading.cpuSeconds = Double(second) * 0.4
            row.target = reading
            row.generator = reading
            row.busiestLoop = 0.3
            rows.append(row)
            guard second % 100 == 0 else { continue }
            var histogram = Histogram()
            histogram.record(latency, count: 990)
            trace.add(
                histogram, startSeconds: Double(second), lengthSeconds: 1)
        }
        let description = RunDescription(
            id: "day", profile: sample.profile, target: "http://127.0.0.1:1", targetProcess: nil,
            command: ["loadgen", "run", "day"], threads: 1)
        var latency = Histogram()
        for value in 1...997 { latency.record(UInt64(value) * 10_000 + 1_000_000, count: 86_000) }
        let key = HistogramKey(phase: "steady", operation: "ping", clock: .latency)
        var evidence = RunEvidence(
            description: description, rows: rows, histograms: [key: latency])
        evidence.latencyTraces = [key: trace]
        return (evidence, sample.profile)
    }

    @Test func `the page of a day is below 5 MiB, and keeps the worst second`() {
        let (evidence, profile) = day()
        let page = HTMLReport.text(model(evidence, profile))
        #expect(page.utf8.count < 2 << 20, "\(page.utf8.count) bytes")
        #expect(page.contains("wrong status: 0/s to 7.00/s"))
        #expect(page.contains("A column is 87.0 s"))
        #expect(page.contains(">24 h</text>"))
        #expect(evidence.latencyGrid().columns.count <= LatencyGrid.maximumColumns)
    }
}
