import Measurements
import SampleEvidence
import Testing

@testable import Verdicts

/// Evidence of earlier versions, which has no seals: its files are compared with each other.
@Suite struct LostEvidenceTests {
    /// A run of 20 s at 100/s that fails for one whole second, as an earlier version kept it.
    private var run: SampleRun {
        var run = SampleRun(objectives: ["error rate < 1%"])
        let failed = HistogramKey(
            phase: "steady", operation: "ping", clock: .latency, isFailed: true)
        for second in 0..<20 {
            run.add(second == 9 ? [.refused: 100] : [.ok: 100])
            if second == 9 {
                run.addInterval(failed, values: [UInt64](repeating: 9, count: 100), end: 10)
            }
        }
        return run
    }

    private func judge(_ run: SampleRun) throws -> RunVerdict {
        Judge.judge(try run.evidence(), profile: run.profile)
    }

    @Test func `the run as it is fails`() throws {
        let verdict = try judge(run)
        #expect(verdict.verdict == .fail && verdict.findings.isEmpty, "\(verdict)")
    }

    @Test func `a lost row of failures alone is missed by the samples`() throws {
        var lost = run
        // The rows after it are as far apart as they would be without a gap.
        lost.rows.remove(at: 9)
        for index in 9..<lost.rows.count { lost.rows[index].timeSeconds -= 1 }
        let verdict = try judge(lost)
        #expect(verdict.verdict == .invalid)
        #expect(
            verdict.findings[0].sentence
                == "series.ndjson counts 0 failed requests and latency.hlog has 100 of them "
                + "(allowed no difference): lines are lost; run again.")
    }

    @Test func `rows that are two seconds apart are a gap`() throws {
        var lost = run
        lost.rows.remove(at: 9)
        let verdict = try judge(lost)
        #expect(verdict.verdict == .invalid)
        #expect(
            verdict.findings[0].sentence.hasPrefix(
                "series.ndjson has nothing between 9.00 s and 11.0 s (allowed 1.50 s): "),
            "\(verdict.findings[0].sentence)")
    }

    @Test func `more failures are listed than were counted`() throws {
        var lost = SampleRun(objectives: ["error rate < 1%"])
        lost.add([.ok: 2000], seconds: 20)
        lost.failures = [
            FailureRecord(
                phase: "steady", scenario: "health", operation: "ping", outcome: .refused,
                dueNanoseconds: 1, doneNanoseconds: 2)
        ]
        let verdict = try judge(lost)
        #expect(verdict.verdict == .invalid)
        #expect(
            verdict.findings[0].sentence
                == "series.ndjson counts 0 failed requests and failures.ndjson has 1 of them "
                + "(allowed no more): lines are lost; run again.")
    }

    @Test func `a run that was interrupted is never PASS`() throws {
        var stopped = SampleRun(objectives: ["error rate < 1%"])
        stopped.add([.ok: 2000], seconds: 20)
        #expect(try judge(stopped).verdict == .pass)
        stopped.events.insert(
            RunEvent(timeSeconds: 5, kind: .interrupted, detail: "stopped"), at: 1)
        let verdict = try judge(stopped)
        #expect(verdict.verdict == .inconclusive && verdict.exitCode == 3)
        #expect(verdict.objectives[0].verdict == .pass)
        #expect(
            verdict.note
                == "The run was interrupted before the end of its load, so that no PASS stands: "
                + "the run as a whole is INCONCLUSIVE.")
        var failed = run
        failed.events = stopped.events
        #expect(try judge(failed).verdict == .fail)
    }
}
