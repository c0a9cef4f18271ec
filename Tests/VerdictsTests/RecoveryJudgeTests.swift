import Evidence
import Measurements
import Profiles
import Testing

@testable import Verdicts

@Suite struct RecoveryJudgeTests {
    private func judge(
        _ run: RecordedRun, _ objectives: String...
    ) throws -> RunVerdict.OfObjective {
        let (evidence, profile) = try run.evidence(objectives)
        #expect(evidence.hasWholeDue)
        return try #require(Judge.judge(evidence, profile: profile).objectives.first)
    }

    /// 500/s for so many seconds, with something done to it.
    private func run(
        seconds: Int = 40, _ change: (inout RecordedRun) -> Void
    ) -> RecordedRun {
        var run = RecordedRun(seconds: seconds)
        run.add(rate: 500)
        change(&run)
        return run
    }

    /// Whether both bounds are within 20 ms of a length.
    private func isExact(_ found: RunVerdict.OfObjective, _ seconds: Double) -> Bool {
        guard let lower = found.lower, let upper = found.upper else { return false }
        return lower <= seconds + 0.001 && seconds - 0.001 <= upper && seconds - lower < 0.02
            && upper - seconds < 0.02
    }

    @Test(arguments: [
        (3.0, "recovery < 2s", RunVerdict.Word.fail), (3.0, "recovery < 5s", .pass),
        (8.0, "recovery < 5s", .fail), (8.0, "recovery < 10s", .pass),
    ])
    func `a stop is as long as it was, with errors in the background and without`(
        length: Double, objective: String, word: RunVerdict.Word
    ) throws {
        for share in [0, 0.001, 0.01] {
            for loops in [1, 2] {
                var stopped = RecordedRun(seconds: 40)
                stopped.loops = loops
                stopped.add(rate: 500)
                stopped.fail(0..<40, .wrongStatus, share: share)
                stopped.stop(10.0003..<10.0003 + length)
                let found = try judge(stopped, objective)
                #expect(found.verdict == word, "\(share): \(found.sentence)")
                #expect(isExact(found, length), "\(share): \(found)")
                #expect(found.effectiveCount == 1)
            }
        }
    }

    @Test func `arrivals that were dropped in a stop are part of it`() throws {
        let found = try judge(
            run {
                $0.stop(10..<18)
                $0.fail(14..<15, .dropped)
            }, "recovery < 7s")
        #expect(found.verdict == .fail && isExact(found, 8), "\(found.sentence)")
    }

    @Test(arguments: [("recovery < 2s", RunVerdict.Word.fail), ("recovery < 4s", .pass)])
    func `a target that refuses is out from the first refusal to the first answer`(
        objective: String, word: RunVerdict.Word
    ) throws {
        // At the begin of a second and of a tenth, and within them.
        for begin in [10.0, 10.3, 10.437] {
            for share in [0, 0.01] {
                let refused = run {
                    $0.fail(0..<40, .wrongStatus, share: share)
                    $0.fail(begin..<begin + 3, .refused)
                }
                let found = try judge(refused, objective)
                #expect(found.verdict == word, "\(found.sentence)")
                #expect(
                    (2.9...3.02).contains(found.lower ?? 0)
                        && (2.98...3.12).contains(found.upper ?? 0))
                if share == 0 { #expect(isExact(found, 3), "\(begin): \(found.sentence)") }
            }
        }
    }

    @Test func `slow answers count where an objective bounds latency`() throws {
        var slow = run { _ in }
        for index in slow.requests.indices where (10.0..<14).contains(slow.requests[index].due) {
            slow.requests[index].done += 0.3
        }
        for (limit, word) in [("3s", RunVerdict.Word.fail), ("5s", .pass)] {
            let found = try judge(slow, "recovery < \(limit)", "p(95) < 100ms")
            #expect(found.verdict == word && isExact(found, 4), "\(found.sentence)")
        }
        #expect(try judge(slow, "recovery < 3s").verdict == .invalid)
    }

    @Test(arguments: [0, 0.001, 0.01, 0.2])
    func `errors that come one by one are no outage`(share: Double) throws {
        let found = try judge(
            run { $0.fail(0..<40, .wrongStatus, share: share) }, "recovery < 30s")
        #expect(found.verdict == .invalid)
        let failed = share == 0 ? "none" : "only "
        #expect(
            found.sentence.hasPrefix("INVALID: nothing to recover from: \(failed)"),
            "\(found.sentence)")
    }

    @Test func `few requests a second show an outage all the same, and one that hangs is none`()
        throws
    {
        var few = RecordedRun(seconds: 90)
        few.add(rate: 2)
        var hung = few
        hung.requests[60].done += 4
        #expect(try judge(hung, "recovery < 2s").verdict == .invalid)
        few.stop(20.1..<30.1)
        let found = try judge(few, "recovery < 11s")
        #expect(found.verdict == .pass && (9...10.1).contains(found.lower ?? 0), "\(found)")
    }

    @Test func `a relapse within ten seconds is the same outage, and a later one another`() throws {
        let relapse = run {
            $0.fail(10..<12, .refused)
            $0.fail(15..<16, .reset)
        }
        let found = try judge(relapse, "recovery < 5s")
        #expect(found.verdict == .fail && isExact(found, 6), "\(found.sentence)")
        let two = run {
            $0.fail(5..<7, .refused)
            $0.fail(25..<26, .reset)
        }
        let both = try judge(two, "recovery < 5s")
        #expect(both.verdict == .pass && isExact(both, 2) && both.effectiveCount == 2)
        #expect(both.sentence.contains("2 outages observed."), "\(both.sentence)")
    }

    @Test func `who goes on failing in part has not recovered`() throws {
        let partly = run {
            $0.fail(10..<12, .refused)
            $0.fail(12..<20, .wrongStatus, share: 0.3)
        }
        let found = try judge(partly, "recovery < 5s")
        #expect(found.verdict == .fail && (9.9...10).contains(found.lower ?? 0), "\(found)")
        // As many failed before.
        let before = run {
            $0.fail(0..<40, .wrongStatus, share: 0.3)
            $0.fail(10..<12, .refused)
        }
        #expect(try judge(before, "recovery < 5s").verdict == .pass)
    }

    @Test func `what never came back is FAIL after the limit, else INCONCLUSIVE`() throws {
        let gone = run { $0.fail(30..<40, .refused) }
        let failed = try judge(gone, "recovery < 5s")
        #expect(failed.verdict == .fail && failed.upper == nil)
        #expect(
            failed.sentence
                == "FAIL: the outage at 30.0 s was not over after 10.0 s, the limit is 5 s. "
                + "1 outage observed.")
        let open = try judge(gone, "recovery < 30s")
        #expect(open.verdict == .inconclusive && open.upper == nil)
        #expect(open.needed?.sentence == "Go on for at least 40.0 s after the last failure.")
        let hung = try judge(run { $0.stop(30..<90) }, "recovery < 30s")
        #expect(hung.verdict == .inconclusive && (hung.lower ?? 0) > 14.9, "\(hung)")
    }

    @Test func `of two operations the one that fails decides, and only where it is meant`() throws {
        var two = RecordedRun(seconds: 40)
        two.operations = ["ping", "listPods"]
        two.add(rate: 100)
        two.add(rate: 100, operation: 1)
        two.fail(10..<14, .wrongStatus, operation: 1)
        #expect(try judge(two, "recovery < 3s").verdict == .fail)
        #expect(try judge(two, "recovery < 3s on listPods").verdict == .fail)
        #expect(try judge(two, "recovery < 5s").verdict == .pass)
        #expect(try judge(two, "recovery < 3s on ping").verdict == .invalid)
    }

    @Test func `time in which loadgen did not look is no outage of the target`() throws {
        var blind = run { $0.stop(10..<11.4) }
        blind.blind = [9.998...11.4]
        #expect(try judge(blind, "recovery < 1s").verdict == .invalid)
        // The target was down for 3 s, for half of which loadgen did not look.
        blind.fail(11.4..<13, .refused)
        let found = try judge(blind, "recovery < 2s")
        #expect(found.verdict == .inconclusive, "\(found.sentence)")
    }

    @Test func `the sentence says how long, when, and what one outage is worth`() throws {
        let long = try judge(run { $0.stop(10..<13) }, "recovery < 5s")
        #expect(
            long.sentence
                == "PASS: recovered from 1 outage in 3.00 s at 10.0 s, the limit is 5 s. "
                + "1 outage observed.")
        let short = try judge(run(seconds: 17) { $0.stop(10..<13) }, "recovery < 5s")
        #expect(short.verdict == .pass)
        #expect(
            short.sentence.hasSuffix(
                "The load ended 4.00 s after it, so a relapse within 10 s would not have been seen."
            ),
            "\(short.sentence)")
        let many = try judge(
            run(seconds: 80) { run in
                for outage in 0..<5 {
                    let begin = Double(5 + 15 * outage)
                    run.fail(begin..<begin + 1, .refused)
                }
            }, "recovery < 5s")
        #expect(many.verdict == .pass && many.effectiveCount == 5)
        // 1 - 0.05^(1/5)
        #expect(many.sentence.contains("at most 45.1 % of such outages"), "\(many.sentence)")
    }
}
