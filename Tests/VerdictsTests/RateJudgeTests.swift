import Measurements
import Profiles
import SampleEvidence
import Statistics
import Testing

@testable import Verdicts

@Suite struct RateJudgeTests {
    /// A run of 60 s whose phase `steady` has these outcomes in each second.
    private func judge(
        _ objective: String, slow: Int = 0, _ second: (Int) -> [Outcome: Int]
    ) throws -> RunVerdict.OfObjective {
        var run = SampleRun(objectives: [objective])
        run.profile.load[1].duration = .seconds(59)
        run.add([.ok: 100], phase: "warm up")
        for index in 0..<59 { run.add(second(index), over: [10_000_000: slow]) }
        let verdict = Judge.judge(try run.evidence(), profile: run.profile)
        #expect(verdict.findings.isEmpty, "\(verdict.findings)")
        return try #require(verdict.objectives.first)
    }

    @Test(arguments: [
        (
            "throughput >= 990/s", RunVerdict.Word.pass,
            "PASS: throughput was 1,000/s, the limit is 990.0/s. In another run it would be 99"
        ),
        (
            "throughput >= 1010/s", .fail,
            "FAIL: throughput was 1,000/s, the limit is 1,010/s. In another run it "
        ),
        ("throughput >= 1000/s", .inconclusive, "INCONCLUSIVE: throughput was 1,000/s, the "),
    ])
    func `a rate is proven, refuted, or neither`(
        objective: String, word: RunVerdict.Word, start: String
    ) throws {
        let found = try judge(objective) { [.ok: 1000 + [-12, 12, 3, -3, 8, -9][$0 % 6]] }
        #expect(found.verdict == word, "\(found.sentence)")
        #expect(found.sentence.hasPrefix(start), "\(found.sentence)")
        #expect(found.unit == .perSecond && found.sampleSeconds == 59)
        if word == .inconclusive {
            #expect(found.needed?.moreMinutes ?? 0 > 0 && found.needed?.moreRequests ?? 0 > 0)
        }
    }

    @Test func `the bounds are those of the series by the specification`() throws {
        let counts = (0..<59).map { 1000 + ($0 * 37) % 23 }
        let found = try judge("throughput >= 990/s") { [.ok: counts[$0]] }
        let bounds = MeanBounds(try Series(counts.map(Double.init)), confidence: 0.95)
        #expect(found.lower == bounds.lower && found.upper == bounds.upper)
        #expect(found.effectiveCount == bounds.effectiveCount)
    }

    @Test func `wrong answers are throughput and no goodput, and lost requests are neither`()
        throws
    {
        let outcomes: [Outcome: Int] = [.ok: 900, .wrongStatus: 50, .timeout: 50]
        let all = try judge("throughput >= 940/s") { _ in outcomes }
        #expect(all.verdict == .pass && all.value == 950)
        let good = try judge("goodput(10ms) >= 880/s", slow: 10) { _ in outcomes }
        #expect(good.verdict == .pass && good.value == 890)
        #expect(
            try judge("goodput(10ms) >= 895/s", slow: 10) { _ in outcomes }.verdict == .fail)
    }

    @Test func `a dip is found in its window, though the mean is high enough`() throws {
        func answers(_ second: Int) -> [Outcome: Int] {
            [.ok: ((20..<30).contains(second) ? 600 : 1000) + (second * second * 7) % 11]
        }
        let found = try judge("throughput >= 900/s within any 10s", answers)
        #expect(found.verdict == .fail, "\(found.sentence)")
        let windows = try #require(found.failedWindows)
        #expect(windows.contains { $0.startSeconds == 21 && $0.endSeconds == 31 })
        #expect(found.sentence.hasPrefix("FAIL: "))
    }

    @Test func `what was not measured is INVALID`() throws {
        let none = try judge("throughput >= 1/s on listPods") { _ in [.ok: 10] }
        #expect(none.verdict == .invalid)
        #expect(none.sentence.contains("no request of listPods was measured"))
        var run = SampleRun(objectives: ["throughput >= 1/s", "goodput(10ms) >= 1/s"])
        run.profile.load[1].model = ConstantUsers(4)
        run.add([.ok: 10], phase: "warm up")
        run.add([.ok: 1000], over: [10_000_000: 0], seconds: 10)
        let words = Judge.judge(try run.evidence(), profile: run.profile).objectives
        #expect(words.map(\.verdict) == [.pass, .invalid])
        #expect(words[1].sentence.contains("a closed model"))
    }
}
