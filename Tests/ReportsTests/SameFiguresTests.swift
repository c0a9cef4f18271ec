import JSON
import Measurements
import Profiles
import SampleEvidence
import Testing
import Verdicts

@testable import Reports

/// Every format of a report is read back, and says the same as the others.
@Suite struct SameFiguresTests {
    /// A run of 20 s at 100/s with what its verdict rests on.
    enum Case: String, CaseIterable, Sendable {
        case pass
        case outage
        case inference
        case inconclusive
        case unsent

        var verdict: RunVerdict.Word {
            switch self {
            case .pass: .pass
            case .outage, .inference: .fail
            case .inconclusive: .inconclusive
            case .unsent: .invalid
            }
        }

        var rule: RunVerdict.OfObjective.FailRule? {
            switch self {
            case .outage: .outage
            case .inference: .inference
            case .pass, .inconclusive, .unsent: nil
            }
        }

        /// Failures of each second of the second half, and of the first.
        fileprivate var failures: (first: Int, second: Int) {
            switch self {
            case .pass, .unsent: (0, 0)
            case .outage: (0, 100)
            case .inference: (8, 8)
            case .inconclusive: (5, 5)
            }
        }

        fileprivate var run: SampleRun {
            var run = SampleRun(objectives: ["error rate < 5%", "p(95) < 10ms", "p(50) < 1s"])
            run.profile.load.removeFirst()
            run.profile.load[0].duration = .seconds(20)
            for second in 0..<20 {
                let failed = second < 10 ? failures.first : failures.second
                run.add([.ok: 100 - failed, .wrongStatus: failed], over: [10_000_000: 0])
                if self == .unsent { run.rows[second].planned = 300 }
                guard failed > 0 else { continue }
                let kind = FailureKind(
                    operation: "ping", outcome: .wrongStatus, status: 503, error: nil)
                let due = Int64(second) * 1_000_000_000
                run.rows[second].failures = [
                    FailureCount(
                        phase: "steady", kind: kind, count: failed, firstDueNanoseconds: due,
                        lastDueNanoseconds: due + 990_000_000)
                ]
            }
            let key = HistogramKey(phase: "steady", operation: "ping", clock: .latency)
            run.samples = [:]
            for second in 0..<20 {
                let failed = second < 10 ? failures.first : failures.second
                let values = (0..<100 - failed).map { 2_000_000 + UInt64($0) * 10_000 }
                if !values.isEmpty {
                    run.addInterval(key, values: values, end: Double(second + 1))
                }
            }
            var record = FailureRecord(
                phase: "steady", scenario: "health", operation: "ping", outcome: .wrongStatus,
                dueNanoseconds: 0, doneNanoseconds: 1_000_000)
            record.detail = "status 503"
            record.status = 503
            record.answer = "<b>away & \"gone\"</b>"
            record.error = nil
            if failures.second > 0 { run.failures = [record] }
            return run
        }
    }

    private func model(_ run: SampleRun) throws -> ReportModel {
        let evidence = try run.evidence()
        return ReportModel(
            evidence: evidence, verdict: Judge.judge(evidence, profile: run.profile),
            profile: run.profile)
    }

    @Test(arguments: Case.allCases)
    func `every format says the same`(one: Case) throws {
        let model = try model(one.run)
        let errors = model.verdict.objectives[0]
        #expect(model.verdict.verdict == one.verdict, "\(errors.sentence)")
        #expect(errors.failRule == one.rule, "\(errors.sentence)")
        let json = try ReadFormat(json: JSONReport.text(model))
        #expect(json.verdict == one.verdict.rawValue)
        #expect(json.objectives == model.verdict.objectives.map { [$0.objective, $0.sentence] })
        #expect(json.objectives.count == 3 && json.intervals.map { $0[0] } == ["p95", "p99"])
        let (first, second) = one.failures
        let failed = 10 * (first + second)
        #expect(errors.count == failed && errors.total == 2000)
        let counts = [["ok", "\(2000 - failed)", "2000"], ["wrong_status", "\(failed)", "2000"]]
        #expect(json.outcomes == (failed > 0 ? counts : [counts[0]]))
        let kind = ["503", "\(failed)", "2000", "ping", "\"<b>away & \"gone\"</b>\""]
        #expect(json.failures == (failed > 0 ? [kind] : []))
        for hasMethod in [false, true] {
            let text = TerminalReport.text(model, isColoured: false, hasMethod: hasMethod)
            let markdown = MarkdownSummary.text(model, hasMethod: hasMethod)
            #expect(ReadFormat(text: text) == json)
            #expect(ReadFormat(markdown: markdown) == json)
        }
        #expect(ReadFormat(html: HTMLReport.text(model)) == json)
        #expect(ReadFormat(junit: JUnitReport.text(model)) == json.ofJUnit)
    }

    @Test(arguments: Case.allCases)
    func `how a verdict was found is said to people who ask`(one: Case) throws {
        let model = try model(one.run)
        let lines = model.verdict.objectives.compactMap { ObjectiveMethod($0).line }
        #expect(lines.count == 3)
        for format in [ReportFormat.text, ReportFormat<ReportModel>(MarkdownSummary.self)] {
            let asked = format.text(model, hasMethod: true)
            for line in lines { #expect(asked.contains("\(line)\n"), "\(format): \(line)") }
            #expect(!format.text(model).contains("method:"))
        }
        let junit = JUnitReport.text(model)
        let page = HTMLReport.text(model)
        #expect(page.ranges(of: "<details class=\"method\">").count == 3)
        for (line, objective) in zip(lines, model.verdict.objectives) {
            #expect(junit.contains(Markup.escape(line)))
            for row in ObjectiveMethod(objective).rows {
                let cell = "<td>\(Markup.escape(row[1]))</td>"
                let isThere = page.contains(cell)
                #expect(isThere, "\(row)")
            }
            let isKnown = objective.again?.isKnown ?? true
            #expect(line.contains("each bound at 95 %, one-sided") == isKnown, "\(line)")
        }
    }

    @Test func `a FAIL by an outage shows when it was and no interval for another run`() throws {
        let model = try model(Case.outage.run)
        let page = HTMLReport.text(model)
        #expect(page.contains("<span>A fact of this run, with no interval.</span>"))
        #expect(page.contains("<rect class=\"stretch vermillion\" x=\"50%\""), "\(page)")
        #expect(page.contains("until the end</span>"))
        let passed = HTMLReport.text(try self.model(Case.pass.run))
        #expect(!passed.contains("class=\"stretch") && passed.contains(">again (95 %)</span>"))
    }

    @Test func `a run too short for its own correlation bounds no quantile of another`() throws {
        var run = SampleRun(objectives: ["p(95) < 1s"])
        run.profile.load.removeFirst()
        run.profile.load[0].duration = .seconds(20)
        let key = HistogramKey(phase: "steady", operation: "ping", clock: .latency)
        for second in 0..<20 {
            run.add([.ok: 100], over: [1_000_000_000: 0])
            // A level that lasts for half of the run.
            let level: UInt64 = second < 10 ? 2_000_000 : 8_000_000
            run.addInterval(
                key, values: (0..<100).map { level + $0 * 1_000 }, end: Double(second + 1))
        }
        run.samples = [:]
        let model = try model(run)
        let words = "again \(ReportModel.tooShort)"
        #expect(model.intervals == [["p95", words], ["p99", words]])
        #expect(model.verdict.objectives[0].quantile?.lowerNanoseconds == nil)
        let json = try ReadFormat(json: JSONReport.text(model))
        #expect(ReadFormat(text: TerminalReport.text(model, isColoured: false)) == json)
        let page = HTMLReport.text(model)
        #expect(ReadFormat(html: page) == json)
        #expect(page.contains("again: not known") && !page.contains(">again (95 %)</span>"))
    }

    @Test func `no interval excludes its own point`() throws {
        for one in Case.allCases {
            let model = try model(one.run)
            for interval in model.figures.intervals {
                let index = interval.partsPerMillion == 950_000 ? 2 : 3
                let point = model.latencies[index] ?? .max
                let (low, high) = (interval.lower, interval.upper)
                #expect(low.nanoseconds ?? (low == .failed ? .max : 0) <= point, "\(one)")
                #expect(high.nanoseconds ?? .max >= point, "\(one)")
            }
        }
    }
}
