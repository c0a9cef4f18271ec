import Evidence
import Exchanges
import FoundationEssentials
import Measurements
import Profiles
import SampleEvidence
import Testing
import Verdicts

@testable import Reports

@Suite struct ReportTests {
    /// A run with a failure in 1,000, a warm-up, lag, memory and a second operation.
    private var sample: SampleRun {
        var run = SampleRun(objectives: ["p(95) < 10ms", "error rate < 5%"])
        run.add([.ok: 500], phase: "warm up", latencyNanoseconds: 900_000_000)
        run.add([.ok: 899, .wrongStatus: 1], over: [10_000_000: 0])
        run.add(
            [.ok: 100], operation: "listPods", latencyNanoseconds: 4_000_000,
            over: [10_000_000: 0])
        for index in run.rows.indices {
            var reading = ProcessReading()
            reading.allocatedBytes = UInt64(index + 1) << 20
            reading.residentBytes = UInt64(index + 2) << 20
            run.rows[index].target = reading
            run.rows[index].busiestLoop = 0.1 * Double(index)
            run.rows[index].skipped = index
        }
        for (clock, value): (Clock, UInt64) in [
            (.service, 1_500_000), (.wait, 3000), (.lag, 20_000),
        ] {
            let key = HistogramKey(phase: "steady", operation: "ping", clock: clock)
            run.samples[key] = [UInt64](repeating: value, count: 900)
        }
        return run
    }

    private func model(_ run: SampleRun) throws -> ReportModel {
        let evidence = try run.evidence()
        return ReportModel(
            evidence: evidence, verdict: Judge.judge(evidence, profile: run.profile),
            profile: run.profile)
    }

    /// The numbers of a text, in order.
    private func numbers(_ text: String) -> [Substring] {
        text.matches(of: /\d[\d,.]*/).map(\.output)
    }

    @Test func `the terminal and Markdown show the same figures in the same order`() throws {
        let model = try model(sample)
        let terminal = TerminalReport.text(model, isColoured: false)
        let markdown = MarkdownSummary.text(model)
        let folder = model.evidence.folder
        #expect(terminal.hasSuffix("\n\(folder)\n"))
        // The last lines are the verdict once more, and the folder.
        let lines = terminal.split(separator: "\n").dropLast(2)
        let shown = numbers(lines.joined(separator: "\n"))
        // The heading of Markdown names the profile, which has no number.
        #expect(shown == numbers(markdown.replacing("| --- ", with: "")))
        #expect(shown.count > 60)
    }

    @Test(arguments: [(0, "< 512 ns"), (400, "< 512 ns"), (600, "1.02 µs")])
    func `a time below what a histogram tells apart is shown as such`(
        nanoseconds: UInt64, words: String
    ) throws {
        var run = sample
        let wait = HistogramKey(phase: "steady", operation: "ping", clock: .wait)
        run.samples[wait] = [UInt64](repeating: nanoseconds, count: 900)
        let model = try model(run)
        #expect(model.clocks.first { $0[0] == "connection wait" }?[1] == words)
        #expect(HTMLReport.text(model).contains(Markup.escape(words)))
    }

    @Test(arguments: [["api.example.com", "10.0.0.1"], []])
    func `a run whose load may leave this machine says so once`(hosts: [String]) throws {
        var run = sample
        run.profile.network.allowedHosts = hosts
        let model = try model(run)
        let words = "load was allowed to leave this machine, to api.example.com, 10.0.0.1"
        for text in [
            TerminalReport.text(model, isColoured: false), MarkdownSummary.text(model),
            HTMLReport.text(model),
        ] { #expect(text.ranges(of: words).count == (hosts.isEmpty ? 0 : 1)) }
    }

    @Test(arguments: [true, false])
    func `a run that did not check the target's certificate says so`(isInsecure: Bool) throws {
        var run = sample
        run.profile.network.tls.isInsecure = isInsecure
        let model = try model(run)
        for text in [
            TerminalReport.text(model, isColoured: false), MarkdownSummary.text(model),
        ] { #expect(text.contains("certificate was not checked (insecure)") == isInsecure) }
    }

    @Test func `the verdict comes first, the folder last, and every part is there`() throws {
        let text = TerminalReport.text(try model(sample), isColoured: false)
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        #expect(lines[0] == "PASS")
        #expect(lines[1] == "  p(95) < 10ms")
        let count = try model(sample).verdict.objectives.count
        #expect(lines[lines.count - 3] == "PASS: \(count) of \(count) objectives hold")
        for part in [
            "  requests  1,500 in 3.00 s, 1,000 judged",
            "  arrivals  1,500 started of 1,500 planned, 0 dropped", "  rate      500/s sent",
            "  skipped   3 steps after a failure of their iteration",
            "  ok            999 of 1,000, 999,000 ppm",
            "  wrong_status  1 of 1,000, 1,000 ppm",
            "  threads  1, the busiest at most 20.0 % busy",
            "  target   allocated 1.00 MiB -> 3.00 MiB, resident 2.00 MiB -> 4.00 MiB",
        ] { #expect(text.contains("\n\(part)"), "\(part) in\n\(text)") }
    }

    @Test func `quantiles are of judged requests, and a failure is infinitely slow`() throws {
        let model = try model(sample)
        let names = ReportModel.quantileNames
        #expect(model.clocks[0] == [""] + names)
        // Ranks 500, 900, 950, 990, 999 and 1000 of 899 at 2 ms, 100 at 4 ms and one failure.
        #expect(
            model.clocks[1] == [
                "latency", "2.00 ms", "4.00 ms", "4.00 ms", "4.00 ms", "4.00 ms", "failed",
            ])
        #expect(model.latencies.last == .some(nil))
        #expect(model.clocks[2].last == "4.00 ms")
        #expect(model.clocks[3][1] == "1.50 ms")
        // The bucket of 20.0 µs ends at 20.5 µs.
        #expect(model.clocks[5] == ["lag"] + names.map { _ in "20.5 µs" })
        #expect(
            model.operations == [
                ["operation", "requests", "failed", "p50", "p95", "p99", "max"],
                ["listPods", "100", "0", "4.00 ms", "4.00 ms", "4.00 ms", "4.00 ms"],
                ["ping", "900", "1", "2.00 ms", "2.00 ms", "2.00 ms", "failed"],
            ])
        #expect(model.intervals.map { $0[0] } == ["p95", "p99"])
        // All right answers are in one stretch of the log, which shows no second apart.
        #expect(model.intervals.allSatisfy { $0[1] == "again \(ReportModel.tooShort)" })
    }

    @Test func `no share of a report is rounded to nothing`() throws {
        var run = SampleRun(objectives: ["error rate < 0.001%"])
        run.add([.ok: 2_999_999, .timeout: 1])
        let model = try model(run)
        for text in [
            TerminalReport.text(model, isColoured: false), MarkdownSummary.text(model),
            TerminalReport.text(model, isColoured: true),
        ] {
            #expect(text.contains("1 of 3,000,000, 0.333 ppm"), "\(text)")
            #expect(!text.contains(/\b0\.0+ ?%/), "\(text)")
            #expect(!text.contains("1,000,000 ppm"), "\(text)")
        }
    }

    @Test func `a run of no request is told without a figure that was not measured`() throws {
        let model = try model(SampleRun(objectives: ["p(95) < 10ms"]))
        let text = TerminalReport.text(model, isColoured: false)
        #expect(text.hasPrefix("INVALID\n"))
        #expect(text.contains("no request was measured in a judged phase"))
        #expect(model.clocks.dropFirst().allSatisfy { $0.dropFirst().allSatisfy { $0 == "-" } })
        #expect(model.outcomes.isEmpty && model.intervals.isEmpty && model.operations.count == 1)
        #expect(model.latencies.allSatisfy { $0 == nil })
    }

    @Test func `a sample too small for a bound says so`() throws {
        var run = SampleRun(objectives: [])
        run.add([.ok: 20], seconds: 10)
        run.samples = [:]
        let key = HistogramKey(phase: "steady", operation: "ping", clock: .latency)
        for second in 1...10 {
            run.addInterval(key, values: [2_000_000, 3_000_000], end: Double(second))
        }
        let model = try model(run)
        // The 17th and the 19th of 20, half of which took 3 ms.
        #expect(
            model.intervals == [
                ["p95", "again at least 3.00 ms (95 %)"],
                ["p99", "again at least 3.00 ms (95 %)"],
            ])
        let text = TerminalReport.verdictBlock(model, isColoured: false)
        #expect(text.contains("no objective was given, so nothing was judged"))
    }

    @Test func `what is lost, and an interruption, are said`() throws {
        var run = sample
        run.events = [RunEvent(timeSeconds: 3, kind: .interrupted, detail: "")]
        let model = try model(run)
        let text = TerminalReport.text(model, isColoured: false)
        let loss = "the run did not come to its end; up to a second of it is missing"
        #expect(text.contains("\nlost: \(loss)\n"))
        let words = "interrupted before the end of the load"
        #expect(text.contains("\n  \(words)\n"))
        #expect(MarkdownSummary.text(model).contains("\nLost: \(loss).\n"))
        #expect(MarkdownSummary.text(model).contains("\nInterrupted before the end of the load.\n"))
        let junit = JUnitReport.text(model)
        #expect(junit.contains("<error type=\"interrupted\" message=\"\(words)\">"))
        #expect(junit.contains("tests=\"\(model.verdict.objectives.count + 1)\""))
    }

    @Test(arguments: [
        (0, "\u{1B}[1;32mPASS\u{1B}[0m\n"), (500, "\u{1B}[1;31mFAIL\u{1B}[0m\n"),
        (55, "\u{1B}[1;33mINCONCLUSIVE\u{1B}[0m\n"),
    ])
    func `only the word has colour, and only where it is wanted`(failed: Int, word: String) throws {
        var run = SampleRun(objectives: ["error rate < 5%"])
        run.add([.ok: 1000 - failed, .reset: failed], seconds: 10)
        let model = try model(run)
        let coloured = TerminalReport.text(model, isColoured: true)
        #expect(coloured.hasPrefix(word))
        #expect(coloured.count { $0 == "\u{1B}" } == 2)
        #expect(!TerminalReport.text(model, isColoured: false).contains("\u{1B}"))
    }

    @Test func `findings stand under the verdict in both formats`() throws {
        var run = sample
        run.rows[1].planned = 5000
        run.rows[1].steal = 0.5
        let model = try model(run)
        for text in [TerminalReport.text(model, isColoured: false), MarkdownSummary.text(model)] {
            #expect(text.contains(" counts against every PASS: the generator started 1,500 of "))
            #expect(text.contains(" note, the verdict stands: the host took "))
        }
    }

    @Test func `latencies that a full disk did not take are lost, and no failures`() throws {
        var run = sample
        for key in run.samples.keys where key.clock == .latency && key.operation == "ping" {
            run.samples[key] = Array((run.samples[key] ?? []).prefix(10))
        }
        let model = try model(run)
        #expect(model.verdict.verdict == .invalid)
        #expect(model.clocks[1] == ["latency"] + [String](repeating: "lost", count: 6))
        let rows = model.operations.filter { $0[0] == "ping" || $0[0] == "listPods" }
        #expect(rows.map { $0[3] } == ["4.00 ms", "lost"], "\(rows)")
        #expect(model.intervals.isEmpty)
        #expect(!HTMLReport.text(model).contains("p99 failed"))
        #expect(!TerminalReport.text(model, isColoured: false).contains("is a failed request"))
    }

    @Test func `a cell of Markdown keeps its bars`() throws {
        var run = SampleRun()
        run.add([.ok: 10], operation: "a|b")
        #expect(MarkdownSummary.text(try model(run)).contains("| a\\|b | 10 | 0 |"))
    }

    @Test func `verdict and summary are written beside the evidence, over earlier ones`() throws {
        try TemporaryFolder.with { parent in
            let run = sample
            let folder = try run.write(under: parent)
            let evidence = try RunEvidence(reading: folder.path)
            let verdict = Judge.judge(evidence, profile: run.profile)
            let model = ReportModel(evidence: evidence, verdict: verdict, profile: run.profile)
            for _ in 0..<2 { try RunReport.write(model) }
            let json = try Data(contentsOf: URL(filePath: "\(folder.path)/verdict.json"))
            #expect(try JSONDecoder().decode(RunVerdict.self, from: json) == verdict)
            let summary = try String(
                contentsOfFile: "\(folder.path)/summary.md", encoding: .utf8)
            #expect(summary == MarkdownSummary.text(model))
        }
        #expect(throws: EvidenceError.self) { try RunReport.write(try model(sample)) }
    }
}
