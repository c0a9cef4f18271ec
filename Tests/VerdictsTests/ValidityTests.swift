import Measurements
import Profiles
import SampleEvidence
import Testing

@testable import Verdicts

@Suite struct ValidityTests {
    /// A run that passes but for what `change` does to it.
    private func judge(
        _ objectives: [String] = ["p(95) < 10ms"], slow: Int = 0,
        _ change: (inout SampleRun) -> Void
    ) throws -> RunVerdict {
        var run = SampleRun(objectives: objectives)
        run.add([.ok: 1000], over: [10_000_000: slow], seconds: 10)
        change(&run)
        return Judge.judge(try run.evidence(), profile: run.profile)
    }

    private let lagKey = HistogramKey(phase: "steady", operation: "ping", clock: .lag)

    @Test func `a run with nothing wrong has no finding`() throws {
        let verdict = try judge { _ in }
        #expect(verdict.verdict == .pass && verdict.findings.isEmpty)
    }

    @Test func `a thread that did not come round voids whatever the rest says`() throws {
        for slow in [0, 500] {
            let verdict = try judge(slow: slow) { $0.events.append(.stuck("a thread hung")) }
            #expect(verdict.verdict == .invalid)
            #expect(verdict.findings[0].sentence.hasPrefix("a thread hung; find out"))
        }
    }

    @Test(arguments: [0, 500])
    func `what was never sent counts as failed before a PASS and as good before a FAIL`(
        slow: Int
    ) throws {
        for (started, word) in [(999, RunVerdict.Word.pass), (900, .invalid)] {
            let verdict = try judge(slow: slow) { $0.rows[0].planned += 1000 - started }
            #expect(verdict.verdict == (slow == 0 ? word : .fail), "\(verdict.objectives)")
            #expect(verdict.findings.map(\.reach) == (started < 990 ? [.unsent] : []))
            #expect(verdict.objectives[0].run?.unsent == 1000 - started)
            guard started == 900, slow == 0 else { continue }
            #expect(
                verdict.objectives[0].sentence.hasPrefix(
                    "INVALID: 100 requests were never sent; had all of that failed"),
                "\(verdict.objectives[0].sentence)")
        }
    }

    @Test func `a rate just below is told from 99 %`() throws {
        let verdict = try judge {
            $0.rows[0].planned += 999_000
            $0.rows[0].started += 988_999
        }
        #expect(verdict.findings[0].sentence.contains("98.9999 %; what was not sent"))
    }

    @Test func `lag past its limit voids a FAIL and leaves a PASS`() throws {
        func late(_ run: inout SampleRun) {
            run.samples[lagKey] = [UInt64](repeating: 1_200_000, count: 9)
        }
        let passed = try judge(slow: 0, late)
        #expect(passed.verdict == .pass && passed.findings.map(\.reach) == [.failsOfTime])
        #expect(
            passed.findings[0].sentence
                == "lag p(99) is 1.20 ms (allowed 1.00 ms): requests went out late "
                + "because of the generator; use more --threads, or an idle machine.",
            "\(passed.findings[0].sentence)")
        let failed = try judge(slow: 500, late)
        #expect(failed.verdict == .invalid)
        #expect(failed.objectives[0].sentence.contains("Without that: FAIL: "))
        #expect(passed.findings[0].effect == "note, the verdict stands")
        #expect(failed.findings[0].effect == "voids \(failed.objectives[0].objective)")
    }

    @Test(
        arguments: [
            (["p(95) < 10ms"], nil, 1_000_000), (["p(95) < 50ms", "p(99) < 80ms"], nil, 5_000_000),
            ([], nil, 1_000_000), (["p(95) < 50ms"], Duration.microseconds(300), 300_000),
        ] as [([String], Duration?, UInt64)])
    func `the limit on lag is the profile's, else a tenth of the tightest target`(
        objectives: [String], own: Duration?, allowed: UInt64
    ) {
        var profile = SampleRun(objectives: objectives).profile
        profile.limits.lagP99 = own
        #expect(Validity.allowedLagNanoseconds(profile) == allowed)
    }

    @Test func `lag of a warm-up is not looked at`() throws {
        let verdict = try judge { run in
            let key = HistogramKey(phase: "warm up", operation: "ping", clock: .lag)
            run.samples[key] = [5_000_000_000]
        }
        #expect(verdict.findings.isEmpty)
    }

    @Test func `a busy thread and a machine that steals void a FAIL alone`() throws {
        let busy = try judge(slow: 500) { $0.rows[0].busiestLoop = 8.501 }
        #expect(busy.verdict == .invalid)
        #expect(busy.findings[0].sentence.contains("85.01 % of the time (allowed 85 %)"))
        let stolen = try judge(slow: 500) { $0.rows[0].steal = 0.2 }
        #expect(stolen.verdict == .invalid)
        #expect(stolen.findings[0].sentence.contains("2.00 % of the CPU time away (allowed 1 %)"))
        #expect(try judge { $0.rows[0].busiestLoop = 8.5 }.findings.isEmpty)
        #expect(try judge { $0.rows[0].steal = 0.1 }.findings.isEmpty)
        #expect(try judge { $0.rows[0].steal = 5 }.verdict == .pass)
    }

    @Test func `arrivals dropped at a cap that is too low for the rate void the run`() throws {
        func drop(cap: Int) throws -> RunVerdict {
            try judge(["error rate < 50%"]) { run in
                run = SampleRun(objectives: ["error rate < 50%"])
                run.profile.limits.inFlight = cap
                run.add([.ok: 900, .dropped: 100], seconds: 10)
            }
        }
        let low = try drop(cap: 5)
        #expect(low.verdict == .invalid)
        #expect(
            low.findings[0].sentence.hasPrefix(
                "100 arrivals were dropped at the cap of 5 in flight, "))
        #expect(low.findings[0].sentence.hasSuffix("raise limits: in flight to 20."))
        let enough = try drop(cap: 20)
        #expect(enough.verdict == .pass && enough.findings.isEmpty)
    }

    @Test func `answers that had no room fail a claim as little as they prove it`() throws {
        func judged(_ outcomes: [Outcome: Int]) throws -> RunVerdict {
            try judge(["error rate < 5%"]) { run in
                run = SampleRun(objectives: ["error rate < 5%"])
                run.add(outcomes, seconds: 10)
            }
        }
        let short = try judged([.ok: 800, .overBudget: 200])
        #expect(short.verdict == .invalid)
        #expect(
            short.findings[0].sentence.hasPrefix(
                "200 answers had no room in the run's memory of 512 MiB; raise limits: memory"))
        // What fails without them does fail.
        #expect(try judged([.ok: 600, .overBudget: 200, .wrongStatus: 200]).verdict == .fail)
    }

    @Test func `a target that never answered is no measurement of it`() throws {
        let silent = try judge { run in
            run.rows = []
            run.samples = [:]
            run.add([.refused: 900, .timeout: 100])
        }
        #expect(silent.verdict == .invalid)
        #expect(
            silent.findings[0].sentence.hasPrefix(
                "the target answered before the load, and then none of 1,000 requests (900 "
                    + "refused, 100 timeout): it was lost as the load began; "))
        let down = try judge {
            $0.events.append(
                RunEvent(timeSeconds: 0, kind: .target, detail: "the target X is down"))
        }
        #expect(
            down.findings[0].sentence
                == "the target X is down; see that it runs there, or name another with "
                + "--target URL."
        )
        let lost = try judge(["error rate < 1%"]) { run in
            run = SampleRun(objectives: ["error rate < 1%"])
            run.add([.ok: 1000, .refused: 900], seconds: 30)
        }
        #expect(lost.verdict == .fail && lost.findings.isEmpty)
    }
}
