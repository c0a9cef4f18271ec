import Evidence
import JSON
import Measurements
import Profiles
import SampleEvidence
import Testing
import Verdicts

@testable import Reports

@Suite struct TrialReportTests {
    private static let rate = 100

    /// 40 s at 100/s: a crash each 8 s, in which half a second of requests fails, and a sham.
    private func model(_ objectives: [String]) throws -> ReportModel {
        var run = SampleRun(objectives: objectives)
        run.profile.load.removeFirst()
        run.profile.load[0].duration = .seconds(40)
        let strikes = [8, 16, 24, 32]
        for second in 0..<40 {
            let failed = strikes.contains(second) ? Self.rate / 2 : 0
            run.add([.ok: Self.rate - failed, .refused: failed])
            var due = DueSecond(
                second: second, phase: "steady", operation: "ping", total: Self.rate,
                failed: failed, over: [:])
            if failed > 0 { due.slots = (0..<6).map { slot(second, $0) } }
            run.due.append(due)
        }
        for (trial, second) in strikes.enumerated() {
            run.events.insert(strike(trial, at: Double(second), isSham: false), at: 0)
        }
        run.events.insert(strike(4, at: 12, isSham: true), at: 0)
        let said = RunEvent(timeSeconds: 8.05, kind: .system, detail: "worker died")
        run.events.insert(said, at: 0)
        run.profile.faults = [PlannedFault(kind: "crash", victim: .target)]
        let evidence = try run.evidence()
        let verdict = Judge.judge(evidence, profile: run.profile)
        return ReportModel(evidence: evidence, verdict: verdict, profile: run.profile)
    }

    /// The last of six tenths went well.
    private func slot(_ second: Int, _ tenth: Int) -> DueSlot {
        var slot = DueSlot(tenth: tenth)
        for index in 0..<Self.rate / 10 {
            let due = UInt64(second) * 1_000_000_000 + UInt64(tenth * 10 + index) * 10_000_000
            slot.count(dueNanoseconds: due, isFailed: tenth < 5, isSlow: false)
        }
        return slot
    }

    private func strike(_ trial: Int, at time: Double, isSham: Bool) -> RunEvent {
        var event = RunEvent(timeSeconds: time, kind: .fault, detail: "crash struck: gone")
        var reading = FaultReading(fault: 0, trial: trial, kind: "crash", step: .struck)
        (reading.beganSeconds, reading.seenSeconds) = (time - 0.002, isSham ? nil : time)
        (reading.proof, reading.sham) = (isSham ? nil : .proven, isSham ? true : nil)
        event.fault = reading
        return event
    }

    @Test func `every format has what each fault did to requests`() throws {
        let model = try model(["recovery < 1s"])
        #expect(model.verdict.verdict == .pass, "\(model.verdict)")
        #expect(model.trialRows.count == 5)
        #expect(model.trialRows[1][0...2] == ["crash", "1", "8.00 s"], "\(model.trialRows)")
        #expect(model.trialRows.dropFirst().allSatisfy { $0[7] == "50" && $0[10] == "-" })
        let row = model.trialRows[1]
        #expect(row[4] == "0.0500 to 0.0520 s" && model.trialRows[2][4] == "-", "\(row)")
        let texts = [
            ("text", TerminalReport.text(model)), ("markdown", MarkdownSummary.text(model)),
            ("html", HTMLReport.text(model)),
        ]
        for (name, text) in texts {
            for cell in row[3...9] { #expect(text.contains(cell), "\(name): \(cell)") }
            #expect(text.contains("0 of 1 sham trial, in which nothing was changed"))
        }
    }

    @Test func `the page shows faults over time, and how the trials recovered`() throws {
        let html = HTMLReport.text(try model(["recovery p(40) < 1s over 4 trials"]))
        #expect(html.contains("class=\"stretch purple\""))
        #expect(html.contains("system: worker died"))
        #expect(html.contains("id=\"recovery\"") && html.contains("40 % of such faults"))
        #expect(html.contains("4 of 4 trials recovered"))
    }

    @Test func `a report in JSON has the trials in numbers, and says which were shams`() throws {
        let json = JSONReport.json(try model(["recovery < 1s"]))
        let trials = try #require(json["trials"]?.array)
        #expect(trials.count == 5)
        #expect(trials.map { $0["is_sham"] == .bool(true) } == [false, false, false, false, true])
        for trial in trials.dropLast() {
            #expect(trial["failed"] == .integer(50))
            let upper = trial["recovery_from_start"]?["upper_s"]?.double
            #expect(upper.map { abs($0 - 0.502) < 0.02 } == true, "\(trial)")
            #expect(trial["detection"]?["upper_s"]?.double.map { $0 < 0.02 } == true)
            #expect(trial["recovery_from_end"] == .null)
        }
        #expect(trials[4]["detection"] == .null)
    }

    @Test func `each trial is a case, which fails only with the objective that it missed`() throws {
        let passed = JUnitReport.text(try model(["recovery < 1s"]))
        #expect(passed.contains("name=\"crash trial 4\"") && passed.contains("tests=\"5\""))
        #expect(passed.contains("failures=\"0\" errors=\"0\""))
        let failed = JUnitReport.text(try model(["recovery < 100ms"]))
        #expect(failed.contains("tests=\"5\" failures=\"5\""))
    }
}
