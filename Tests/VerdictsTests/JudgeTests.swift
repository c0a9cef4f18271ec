import Measurements
import Profiles
import SampleEvidence
import Statistics
import Testing

@testable import Verdicts

@Suite struct JudgeTests {
    private func verdict(
        _ objectives: [String], confidence: Double = 0.95, _ fill: (inout SampleRun) -> Void
    ) throws -> RunVerdict {
        var run = SampleRun(objectives: objectives, confidence: confidence)
        fill(&run)
        return Judge.judge(try run.evidence(), profile: run.profile)
    }

    /// A second with nothing wrong in it but these outcomes.
    private func judge(
        _ objective: String, _ outcomes: [Outcome: Int], over: [UInt64: Int] = [:]
    ) throws -> RunVerdict.OfObjective {
        let verdict = try verdict([objective]) { $0.add(outcomes, over: over, seconds: 10) }
        #expect(verdict.findings.isEmpty)
        #expect(verdict.verdict == verdict.objectives.first?.verdict)
        return try #require(verdict.objectives.first)
    }

    // Bounds by R's binom.test: 0 of 3,000: upper 0.000998; 8 of 3,000 with limit 0.001: lower
    // 0.00133; 3 of 3,000: 0.000273 to 0.00258.
    @Test(arguments: [
        (
            0, RunVerdict.Word.pass,
            "PASS: none of 3,000 requests failed, the limit is 0.1 %. "
                + "In another run at most 0.0998 % would "
                + "fail (95 %). Bursts of more than 1 failure, or rarer than one in 3.0 s, would "
        ),
        (
            1, .inconclusive,
            "INCONCLUSIVE: 1 of 3,000 requests (0.0333 %) failed, the limit is 0.1 %. "
                + "In another run up to "
                + "0.158 % would fail (95 %). "
        ),
        (
            3, .inconclusive,
            "INCONCLUSIVE: 3 of 3,000 requests (0.100 %) failed, the limit is 0.1 %. "
                + "In another run up to "
                + "0.258 % would fail (95 %). "
        ),
        (
            8, .fail,
            "FAIL: 8 of 3,000 requests (0.267 %) failed, the limit is 0.1 %. "
                + "In another run at least "
                + "0.133 % would fail (95 %)."
        ),
    ])
    func `an error rate is proven, refuted, or neither`(
        errors: Int, word: RunVerdict.Word, sentence: String
    ) throws {
        let found = try judge("error rate < 0.1%", [.ok: 3000 - errors, .timeout: errors])
        #expect(found.verdict == word)
        #expect(found.sentence.hasPrefix(sentence), "\(found.sentence)")
        #expect(found.count == errors && found.total == 3000)
    }

    @Test func `every kind of failure counts, and an undecided rate says what would decide`() throws
    {
        let kinds: [Outcome] = [
            .wrongStatus, .wrongContent, .malformed, .timeout, .refused, .reset, .unfinished,
            .unfinished,
        ]
        let run = try verdict(["error rate < 3%"]) { run in
            for kind in kinds { run.add([.ok: 49, kind: 1]) }
        }
        let found = try #require(run.objectives.first)
        #expect(found.count == 8 && found.total == 400)
        #expect(found.verdict == .inconclusive)
        #expect(
            found.sentence.hasSuffix(
                "It is too near the limit to say how long a run would decide it."),
            "\(found.sentence)")
        let near = try judge("error rate < 3%", [.ok: 392, .timeout: 8])
        #expect(near.needed?.moreRequests == nil)
        // Both halves at 90 %: what 7 of 400 may stand for, and what passes at that.
        let far = try judge("error rate < 3%", [.ok: 393, .timeout: 7])
        let believed = try #require(Proportion(7, of: 400).upperBound(confidence: 0.9))
        let plan = try #require(
            SampleSize.plan(limit: 0.03, believed: believed, confidence: 0.95, power: 0.9))
        #expect(far.verdict == .inconclusive && far.needed?.moreRequests == plan.trials)
        #expect(
            far.sentence.contains(
                "A new run of \(Figure.whole(plan.trials)) requests ("),
            "\(far.sentence)")
        #expect(
            Binomial.atMost(plan.errors, trials: plan.trials, probability: believed) >= 0.9)
        let worse = try judge("error rate < 0.1%", [.ok: 999, .timeout: 1])
        #expect(worse.verdict == .inconclusive)
        #expect(
            worse.sentence.hasSuffix(
                "Even if none fails, 2,995 requests (27 s at this rate) are needed."),
            "\(worse.sentence)")
    }

    @Test func `a bound that rounds to its limit is told with the digits that differ`() throws {
        // 299,572 requests are the fewest that prove 0.001 % without an error.
        let found = try judge("error rate < 0.001%", [.ok: 299_572])
        #expect(found.verdict == .pass)
        #expect(
            found.sentence.contains("In another run at most 0.000999999 % would fail"),
            "\(found.sentence)")
        let short = try judge("error rate < 0.001%", [.ok: 299_571])
        #expect(short.verdict == .inconclusive)
        #expect(
            short.sentence.contains("In another run up to 0.001000002 % would fail"),
            "\(short.sentence)")
        #expect(short.needed?.moreRequests == 299_572)
    }

    @Test(arguments: [
        (4, 0, RunVerdict.Word.pass), (30, 0, .inconclusive), (70, 0, .fail), (0, 70, .fail),
        (2, 2, .pass), (15, 15, .inconclusive),
    ])
    func `a failed request is slower than any threshold`(
        slow: Int, failed: Int, word: RunVerdict.Word
    ) throws {
        let found = try judge(
            "p(95) < 10ms", [.ok: 600 - failed, .reset: failed], over: [10_000_000: slow])
        #expect(found.verdict == word, "\(found.sentence)")
        #expect(found.count == slow + failed && found.total == 600)
        let count = slow + failed
        #expect(found.sentence.contains("\(count) of 600 requests ("), "\(found.sentence)")
        #expect(
            found.sentence.contains(
                "took 10.0 ms or longer" + (failed > 0 ? " or failed (\(failed) failed)" : ",")),
            "\(found.sentence)")
    }

    @Test func `without a counter the bucket that the threshold divides counts against each word`()
        throws
    {
        // A value of 10.0 ms lies in the bucket of the threshold: neither PASS nor FAIL is proven.
        for (threshold, word) in [
            ("10ms", RunVerdict.Word.inconclusive), ("9ms", .fail), ("11ms", .pass),
        ] {
            let verdict = try verdict(["p(50) < \(threshold)"]) { run in
                run.add([.ok: 600], seconds: 10)
                let key = HistogramKey(phase: "steady", operation: "ping", clock: .latency)
                run.samples = [:]
                for second in 1...10 {
                    let slow = [UInt64](repeating: 10_000_000, count: 60)
                    run.addInterval(key, values: slow, end: Double(second))
                }
            }
            #expect(verdict.verdict == word, "\(verdict.objectives)")
        }
    }

    @Test func `an objective on an operation is about that operation alone`() throws {
        let verdict = try verdict(["error rate < 1% on listPods", "error rate < 1% on describePod"])
        {
            $0.add([.ok: 1000], operation: "ping", seconds: 10)
            $0.add([.timeout: 500, .ok: 500], operation: "listPods", seconds: 10)
        }
        #expect(verdict.objectives.map(\.verdict) == [.fail, .invalid])
        #expect(verdict.objectives[0].total == 1000)
        #expect(
            verdict.objectives[1].sentence
                == "INVALID: no request of describePod was measured in a judged phase.")
        #expect(verdict.verdict == .invalid && verdict.exitCode == 4)
    }

    @Test func `what a warm-up measured is never judged`() throws {
        let verdict = try verdict(["error rate < 1%"]) {
            $0.add([.timeout: 1000, .ok: 1], phase: "warm up")
            $0.add([.ok: 1000])
        }
        #expect(verdict.verdict == .pass && verdict.objectives[0].total == 1000)
    }

    @Test func `the worst word is the verdict, and without objectives a run measures`() throws {
        func word(_ objectives: [String]) throws -> RunVerdict {
            try verdict(objectives) {
                $0.add([.ok: 950, .reset: 50], over: [10_000_000: 0], seconds: 10)
            }
        }
        #expect(try word(["error rate < 20%"]).exitCode == 0)
        #expect(try word(["error rate < 20%", "error rate < 5.1%"]).exitCode == 3)
        #expect(
            try word(["error rate < 5.1%", "error rate < 1%", "error rate < 20%"]).exitCode == 2)
        #expect(try word([]).verdict == .measured && word([]).exitCode == 0)
        #expect(try verdict(["error rate < 1%"]) { _ in }.verdict == .invalid)
    }

    @Test(arguments: [
        (2, "since 2 of 3 failures were kept whole"),
        (5, "since the counts of some of the 5 failures that were kept whole are lost"),
    ])
    func `failures that are not those that were counted are said`(
        kept: Int, sentence: String
    ) throws {
        let verdict = try verdict(["error rate < 1%"]) { run in
            run.add([.ok: 997, .timeout: 3])
            let failure = FailureRecord(
                phase: "steady", scenario: "ping", operation: "ping", outcome: .timeout,
                dueNanoseconds: 6_000_000_000, doneNanoseconds: 6_000_000_000)
            run.failures = Array(repeating: failure, count: kept)
        }
        let found = try #require(verdict.objectives.first?.method)
        #expect(found.contains("bursts by the batches alone, \(sentence)"), "\(found)")
    }

    @Test func `a closed model's latency is no verdict, its error rate is`() throws {
        let verdict = try verdict(["p(95) < 10ms", "error rate < 1%"]) { run in
            run.profile.load[1].model = ConstantUsers(4)
            run.add([.ok: 1000], over: [10_000_000: 0])
        }
        #expect(verdict.objectives.map(\.verdict) == [.invalid, .pass])
        #expect(
            verdict.objectives[0].sentence
                == "INVALID: users who wait for their answers (a closed model) ask less while the "
                + "target is slow, so that their latency proves nothing; use a rate.")
    }

    @Test func `a confidence is said as it was given, and decides`() throws {
        let strict = try verdict(["error rate < 1%"], confidence: 0.9999) { $0.add([.ok: 1000]) }
        #expect(strict.verdict == .pass)
        #expect(strict.objectives[0].sentence.contains("0.917 % would fail (99.99 %)"))
        let less = try verdict(["error rate < 1%"], confidence: 0.9999) { $0.add([.ok: 500]) }
        #expect(less.verdict == .inconclusive)
    }
}
