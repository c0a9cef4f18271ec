import Checker
import Evidence
import Measurements
import Profiles
import SampleEvidence
import Testing

@testable import Verdicts

@Suite struct CheckClaimTests {
    private static let second: UInt64 = 1_000_000_000

    /// Writes of one key, each read back; the last read returns `lastRead`.
    private func history(writes: Int = 200, lastRead: UInt64? = nil) -> CheckResult {
        var operations: [Operation] = []
        for turn in 1...UInt64(writes) {
            let start = turn * Self.second
            let read = turn == UInt64(writes) ? lastRead ?? turn : turn
            operations.append(Operation(.put, key: 0, value: turn, at: start...start + 1_000_000))
            operations.append(
                Operation(.get, key: 0, value: read, at: start + 2_500_000...start + 3_000_000))
        }
        return CheckResult(of: operations)
    }

    private func verdict(_ text: String, _ check: CheckResult?) throws -> RunVerdict.OfObjective {
        var run = SampleRun()
        run.add([.ok: 200], seconds: 2)
        var evidence = try run.evidence()
        evidence.check = check
        var profile = run.profile
        profile.objectives = [try #require(Objective(parsing: text))]
        return try #require(Judge.judge(evidence, profile: profile).objectives.first)
    }

    @Test(arguments: ["lost writes = 0", "wrong data = 0"])
    func `right data passes`(text: String) throws {
        let verdict = try verdict(text, history())
        #expect(verdict.verdict == .pass, "\(verdict.sentence)")
        #expect(verdict.sentence.contains("200 acknowledged writes and 200 reads"))
    }

    @Test func `a lost write fails both claims and is counted`() throws {
        let lost = try verdict("lost writes = 0", history(lastRead: 199))
        #expect(lost.verdict == .fail && lost.count == 1)
        #expect(lost.sentence.hasPrefix("FAIL: 1 acknowledged write was lost, of 200"))
        let wrong = try verdict("wrong data = 0", history(lastRead: 199))
        #expect(wrong.verdict == .fail && wrong.sentence.contains("(1 lost)"))
    }

    @Test func `a value that nobody wrote is wrong data and no lost write`() throws {
        let check = history(lastRead: 4711)
        let wrong = try verdict("wrong data = 0", check)
        #expect(wrong.verdict == .fail && wrong.sentence.contains("1 invented"))
        #expect(try verdict("lost writes = 0", check).count == (check.findings[.lost]?.count ?? 0))
    }

    @Test func `too little is INVALID, and so is a run that checked nothing`() throws {
        let few = try verdict("lost writes = 0", history(writes: 20))
        #expect(few.verdict == .invalid && few.sentence.contains("20 acknowledged writes"))
        #expect(try verdict("lost writes = 0", nil).verdict == .invalid)
    }
}
