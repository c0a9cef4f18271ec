import Measurements
import Profiles
import SampleEvidence
import Testing

@testable import Verdicts

/// Runs of 20 judged seconds at 100/s whose target fails: what is said of them.
@Suite struct FailingRunTests {
    /// A second's outcomes, from 0 to 19.
    private func judge(
        _ objectives: [String], bursts: Duration? = nil, over: (Int) -> Int = { _ in 0 },
        _ change: (inout SampleRun) -> Void = { _ in }, second: (Int) -> [Outcome: Int]
    ) throws -> RunVerdict {
        var run = SampleRun(objectives: objectives)
        run.profile.load.removeFirst()
        run.profile.load[0].duration = .seconds(20)
        run.profile.bursts = bursts
        for index in 0..<20 {
            run.add(second(index), over: [10_000_000: over(index)])
            for (outcome, count) in second(index) where outcome != .ok {
                run.failures += (0..<count).map { place in
                    // Two of a second are no neighbours.
                    let apart = count > 2 ? 10_000_000 : 400_000_000
                    let due = Int64(index * 1_000_000_000 + place * apart)
                    var record = FailureRecord(
                        phase: "steady", scenario: "health", operation: "ping", outcome: outcome,
                        dueNanoseconds: due, doneNanoseconds: due + 1)
                    record.readyNanoseconds = due
                    record.status = outcome == .wrongStatus ? 503 : nil
                    return record
                }
            }
        }
        change(&run)
        return Judge.judge(try run.evidence(), profile: run.profile)
    }

    @Test(arguments: [
        (Outcome.refused, "the target refused connections"),
        (.wrongStatus, "the target answered 503"),
        (.timeout, "the target did not answer within 5.00 s"),
        (.reset, "the target broke connections"),
    ])
    func `a target that is gone is a FAIL that says when and how`(
        outcome: Outcome, cause: String
    ) throws {
        let verdict = try judge(["error rate < 0.1%", "success >= 99%", "p(95) < 10ms"]) {
            $0 < 7 ? [.ok: 100] : [outcome: 100]
        }
        #expect(verdict.verdict == .fail && verdict.exitCode == 2)
        let found = verdict.objectives
        #expect(found.map(\.verdict) == [.fail, .fail, .fail])
        #expect(found.map(\.failRule) == [.outage, .outage, .outage])
        #expect(
            found[0].sentence.hasPrefix(
                "FAIL: 1,300 of 2,000 requests (65.0 %) failed, all from 7.0 s on: \(cause); "
                    + "the limit is 0.1 %."),
            "\(found[0].sentence)")
        #expect(
            found[2].sentence.hasPrefix(
                "FAIL: 1,300 of 2,000 requests (65.0 %) took 10.0 ms or longer or failed, all "
                    + "from 7.0 s on: \(cause); 5 % may."),
            "\(found[2].sentence)")
        #expect(found[0].run?.beganSeconds == 7 && found[0].run?.endedSeconds == nil)
        #expect(found[0].run?.part == 1 && found[0].failProbability == 0)
    }

    @Test func `an outage that ends is told with its end, and one in a limit is no FAIL`() throws {
        let verdict = try judge(["error rate < 2%", "error rate < 6%"]) {
            $0 == 12 ? [.refused: 100] : [.ok: 100]
        }
        let found = verdict.objectives
        #expect(found.map(\.verdict) == [.fail, .inconclusive])
        #expect(found[0].run?.beganSeconds == 12 && found[0].run?.endedSeconds == 12.99)
        #expect(
            found[0].sentence.contains("all from 12.0 s to 12.9 s"), "\(found[0].sentence)")
        #expect(found[1].run?.isKept == true && found[1].again?.spells == 1)
    }

    @Test func `a change of level is a FAIL of this run`() throws {
        let verdict = try judge(["error rate < 1%"]) {
            $0 < 10 ? [.ok: 100] : [.ok: 90, .wrongStatus: 10]
        }
        let found = try #require(verdict.objectives.first)
        #expect(found.verdict == .fail && found.failRule == .change)
        #expect(found.sentence.contains("all from 10.0 s on"), "\(found.sentence)")
    }

    @Test func `lag voids a FAIL of latency alone, and not if requests failed`() throws {
        func late(_ run: inout SampleRun) {
            let key = HistogramKey(phase: "steady", operation: "ping", clock: .lag)
            run.samples[key] = [UInt64](repeating: 30_000_000, count: 100)
        }
        let objectives = ["p(95) < 10ms", "error rate < 1%", "throughput >= 90/s"]
        func isSlow(_ second: Int) -> Int { second < 10 ? 0 : 100 }
        let slow = try judge(objectives, over: isSlow, late) { _ in [.ok: 100] }
        #expect(slow.objectives.map(\.verdict) == [.invalid, .pass, .pass])
        let failed = try judge(objectives, late) { _ in [.wrongContent: 100] }
        #expect(failed.objectives.map(\.verdict) == [.fail, .fail, .pass])
    }

    @Test func `time in which loadgen did not look is no PASS, and no FAIL rests on it`() throws {
        func blind(_ run: inout SampleRun) {
            var loop = LoopReading()
            loop.blind = [
                BlindStretch(fromNanoseconds: 8_000_000_000, toNanoseconds: 9_400_000_000)
            ]
            run.rows[9].loops = [loop]
        }
        let objectives = ["error rate < 1%", "success >= 99%", "throughput >= 99/s"]
        let good = try judge(objectives, blind) { _ in [.ok: 100] }
        #expect(good.objectives.map(\.verdict) == [.invalid, .invalid, .invalid])
        #expect(
            good.objectives[0].sentence.hasPrefix(
                "INVALID: for 1.4 s of this run loadgen did not look, while 14"),
            "\(good.objectives[0].sentence)")
        let bad = try judge(objectives, blind) { $0 == 8 ? [.timeout: 100] : [.ok: 100] }
        #expect(bad.objectives.map(\.verdict) == [.invalid, .invalid, .invalid])
        let gone = try judge(objectives, blind) { $0 < 12 ? [.ok: 100] : [.timeout: 100] }
        #expect(gone.objectives.map(\.verdict) == [.fail, .fail, .fail])
    }

    @Test func `data that ran out is no PASS`() throws {
        func starve(_ run: inout SampleRun) {
            for row in run.rows.indices where row >= 10 {
                run.rows[row].planned += 100
                run.rows[row].unfed = 100
            }
        }
        let verdict = try judge(["error rate < 5%"], starve) { _ in [.ok: 100] }
        let found = try #require(verdict.objectives.first)
        #expect(found.verdict == .invalid && found.run?.unsent == 1000)
        #expect(
            found.sentence.hasPrefix(
                "INVALID: 1,000 requests were never sent because the data was used up"),
            "\(found.sentence)")
    }

    @Test func `declared bursts ask for a run that would show them`() throws {
        let without = try judge(["error rate < 5%"]) { _ in [.ok: 100] }
        #expect(without.verdict == .pass)
        #expect(
            without.objectives[0].sentence.hasSuffix(
                "Bursts of more than 33 failures, or rarer than one in 6.7 s, would not have been "
                    + "seen."), "\(without.objectives[0].sentence)")
        let with = try judge(["error rate < 5%"], bursts: .seconds(1)) { _ in [.ok: 100] }
        #expect(with.verdict == .inconclusive)
        #expect(
            with.objectives[0].sentence.contains(
                "But spells of 1.0 s, as the profile declares, may have been missed by chance"),
            "\(with.objectives[0].sentence)")
        let short = try judge(["error rate < 5%"], bursts: .milliseconds(300)) { _ in [.ok: 100] }
        #expect(short.verdict == .pass && short.objectives[0].again?.declaredSpellSeconds == 0.3)
    }

    @Test func `a FAIL among many objectives has to hold although there are many`() throws {
        // 30 of 2,000 at a limit of 1 %: by itself that has a chance of 2.1 % (scipy: binom.sf).
        let one = "error rate < 1%"
        let failing: (Int) -> [Outcome: Int] = { second in
            let failed = second % 2 == 0 ? 2 : 1
            return [.ok: 100 - failed, .wrongStatus: failed]
        }
        let alone = try judge([one], second: failing)
        #expect(alone.verdict == .fail, "\(alone.objectives)")
        let many = try judge(
            [one] + (2...9).map { "error rate < \($0 * 10)%" }, second: failing)
        #expect(many.objectives[0].verdict == .fail && many.verdict == .inconclusive)
        #expect(many.note?.hasPrefix("Of 9 objectives one FAILs now and then") == true)
        #expect(alone.note == nil)
    }

    @Test func `an answer that is right but late is an answer`() throws {
        let verdict = try judge(["error rate < 1%"]) { _ in [.tooSlow: 100] }
        #expect(verdict.verdict == .fail)
        #expect(
            verdict.objectives[0].sentence.hasPrefix(
                "FAIL: all 2,000 requests failed: the target "),
            "\(verdict.objectives[0].sentence)")
    }
}
