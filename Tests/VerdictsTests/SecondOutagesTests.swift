import Measurements
import Profiles
import SampleEvidence
import Testing

@testable import Verdicts

/// Evidence of earlier versions, which has requests by the second that they ended in alone.
@Suite struct SecondOutagesTests {
    /// A run of so many seconds at 100/s, where requests due in `down` fail.
    private func judge(
        _ objective: String, seconds: Int = 60, keeps: Bool = true, down: [Range<Int>]
    ) throws -> RunVerdict.OfObjective {
        var run = SampleRun(objectives: [objective])
        run.profile.load.removeFirst()
        run.profile.load[0].duration = .seconds(seconds)
        for second in 0..<seconds {
            guard down.contains(where: { $0.contains(second) }) else {
                run.add([.ok: 100])
                continue
            }
            run.add([.refused: 100])
            for index in 0..<(keeps ? 100 : 0) {
                run.failures.append(failure(Double(second) + Double(index) / 100))
            }
        }
        let verdict = Judge.judge(try run.evidence(), profile: run.profile)
        return try #require(verdict.objectives.first)
    }

    private func failure(_ due: Double) -> FailureRecord {
        let time = Int64(due * 1e9)
        var record = FailureRecord(
            phase: "steady", scenario: "health", operation: "ping", outcome: .refused,
            dueNanoseconds: time, doneNanoseconds: time + 1)
        record.readyNanoseconds = time
        return record
    }

    @Test(arguments: [
        ("recovery < 8s", RunVerdict.Word.pass), ("recovery < 4s", .fail),
        ("recovery < 5500ms", .inconclusive),
    ])
    func `an outage of five seconds is judged between its bounds`(
        objective: String, word: RunVerdict.Word
    ) throws {
        for keeps in [true, false] {
            let found = try judge(objective, keeps: keeps, down: [20..<25])
            #expect(found.verdict == word, "\(found.sentence)")
            // From the end of the last good second to that of the first good one.
            #expect(found.upper == 6 && (4.9...5).contains(found.lower ?? 0))
        }
    }

    @Test func `the longest of several outages counts, and all are counted`() throws {
        let found = try judge("recovery < 30s", seconds: 90, down: [10..<12, 30..<40, 70..<71])
        #expect(found.verdict == .pass && found.upper == 11 && found.effectiveCount == 3)
        #expect(
            found.sentence
                == "PASS: recovered from 3 outages, the longest in 9.99 to 11.0 s at 30.0 s, "
                + "the limit is 30 s. 3 outages observed.")
    }

    @Test func `what never came back is FAIL after the limit, else INCONCLUSIVE`() throws {
        #expect(try judge("recovery < 10s", down: [30..<60]).verdict == .fail)
        let open = try judge("recovery < 30s", down: [50..<60])
        #expect(open.verdict == .inconclusive && open.upper == nil)
        #expect(open.needed?.sentence == "Go on for at least 40.0 s after the last failure.")
        // Nine good seconds are not ten.
        #expect(try judge("recovery < 30s", down: [50..<51]).verdict == .inconclusive)
    }

    @Test func `where nothing failed there is nothing to recover from`() throws {
        let found = try judge("recovery < 30s", down: [])
        #expect(found.verdict == .invalid)
        #expect(found.sentence.hasPrefix("INVALID: nothing to recover from: none of 6,000 "))
    }
}
