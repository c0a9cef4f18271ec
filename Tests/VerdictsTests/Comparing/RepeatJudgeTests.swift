import Profiles
import Statistics
import Testing

@testable import Verdicts

@Suite struct RepeatJudgeTests {
    private typealias Alone = Repetition.OfObjective

    private func profile(_ objectives: [String]) -> Profile {
        Profile(
            name: "p",
            load: [
                Phase(
                    name: "steady", model: ConstantArrivalRate(Rate(perSecond: 100), .constant),
                    duration: .seconds(10))
            ], scenarios: [Scenario(name: "s", steps: [Step(operation: "ping")])],
            objectives: objectives.compactMap { Objective(parsing: $0) })
    }

    private func run(
        _ objectives: [Alone], values: [String: Double] = [:], within: [String: Double] = [:],
        problems: [String] = []
    ) -> Repetition {
        Repetition(
            seed: 1, verdict: .pass,
            figures: RunFigures(
                run: "r", requests: 10_000, values: values, problems: problems),
            within: within, objectives: objectives)
    }

    private func latency(
        _ milliseconds: Double?, _ verdict: RunVerdict.Word = .pass, isRefuted: Bool = false
    ) -> Alone {
        Alone(
            verdict: verdict, isRefuted: isRefuted, count: 0, total: 10_000,
            quantileNanoseconds: milliseconds.map { $0 * 1e6 })
    }

    private func share(_ count: Int, of total: Int = 100_000) -> Alone {
        Alone(verdict: .pass, isRefuted: false, count: count, total: total)
    }

    private func judge(_ text: String, _ runs: [Alone]) throws -> RepeatRecord.OfObjective {
        let judge = RepeatJudge(
            profile: profile([text]), runs: runs.map { run([$0]) }, wanted: runs.count)
        return try #require(judge.record(target: "t", seconds: 1).objectives.first)
    }

    @Test func `a PASS is wrong about the next run at most as often as it says`() throws {
        // Runs differ by 5 %; the limit is where one in twenty is beyond it, and further off.
        for distance in [0.05, 0.082, 0.15, 0.25] {
            let limit = 10 * Double.exp(distance)
            var random = SeededRandom(seed: 41)
            var (passed, broken) = (0, 0)
            for _ in 0..<400 {
                func value() -> Double { 10 * Double.exp(0.05 * random.nextNormal()) }
                let found = try judge(
                    "p(95) < \(limit)ms", (0..<5).map { _ in latency(value()) })
                guard found.verdict == .pass else { continue }
                passed += 1
                if value() >= limit { broken += 1 }
            }
            // Of 400 at 5 % more than 33 come once in a thousand.
            #expect(broken <= 33, "\(broken) of \(passed) at \(distance)")
            if distance == 0.25 { #expect(passed >= 360, "\(passed)") }
        }
    }

    @Test func `the sentence has the mean, the next run and the limit`() throws {
        let found = try judge("p(95) < 8ms", [5.0, 5.1, 4.9, 5.05].map { latency($0) })
        #expect(found.verdict == .pass && found.runs == 4 && found.moreRuns == nil)
        #expect(found.sentence.hasPrefix("PASS: the next run of this build on this host will"))
        // By hand: t of 3 degrees at 95 % is 2.3534.
        let logs = [5.0, 5.1, 4.9, 5.05].map { Double.log($0) }
        let mean = logs.reduce(0, +) / 4
        let variance = logs.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 3
        let bound = Double.exp(mean + 2.353_363 * (variance * 1.25).squareRoot()) * 1e6
        #expect(abs(try #require(found.nextBound) / bound - 1) < 1e-6)
        #expect(abs(try #require(found.limit) - 8e6) < 1)
    }

    @Test func `runs that differ much are INCONCLUSIVE, with how many more would do`() throws {
        let few = try judge("p(95) < 6ms", [5.0, 5.5, 5.2].map { latency($0) })
        #expect(few.verdict == .inconclusive)
        let more = try #require(few.moreRuns)
        #expect((1...20).contains(more) && few.sentence.contains("\(more) more like these"))
        let never = try judge("p(95) < 6ms", [4.0, 5.5, 7, 5, 4.5].map { latency($0) })
        #expect(never.verdict == .inconclusive && never.moreRuns == nil)
        #expect(never.sentence.contains("differ too much for any number"))
    }

    @Test func `two runs say nothing of the next, however well they went`() throws {
        let found = try judge("p(95) < 100ms", [latency(5), latency(5)])
        #expect(found.verdict == .inconclusive && found.moreRuns == 1)
        let record = RepeatJudge(
            profile: profile(["p(95) < 100ms"]),
            runs: [run([latency(5)], values: ["p95": 5e6]), run([latency(5)])], wanted: 2
        ).record(target: "t", seconds: 1)
        #expect(record.verdict == .inconclusive && record.exitCode == 3)
        #expect(record.notes.contains { $0.contains("say nothing of the next one") })
        #expect(record.metrics.allSatisfy { $0.nextUpper == nil && $0.lower == nil })
    }

    @Test func `a run that fails alone fails the build, and so does a mean beyond the limit`()
        throws
    {
        let alone = try judge(
            "p(95) < 8ms",
            [latency(5), latency(20, .fail, isRefuted: true), latency(5), latency(5)])
        #expect(alone.verdict == .fail && alone.sentence == "FAIL: run 2 of 4 failed it alone.")
        // Failed at its own level, and not at the one that all runs share.
        let byChance = try judge(
            "p(95) < 8ms", [latency(5), latency(8.1, .fail), latency(5), latency(5)])
        #expect(byChance.verdict == .inconclusive)
        let all = try judge(
            "p(95) < 8ms", [8.4, 8.5, 8.6, 8.45].map { latency($0, .inconclusive) })
        #expect(all.verdict == .fail && all.sentence.contains("the build's mean is beyond"))
    }

    @Test func `no errors in some runs is a bound by their number, not a certainty`() throws {
        let clean = try judge("error rate < 0.1%", (0..<3).map { _ in share(0) })
        #expect(clean.verdict == .pass)
        #expect(try #require(clean.nextBound) > 0)
        let small = try judge("error rate < 0.1%", (0..<3).map { _ in share(0, of: 1_000) })
        #expect(small.verdict == .inconclusive && small.moreRuns == nil)
        #expect(small.sentence.contains("mean of 3 runs 0 %"), "\(small.sentence)")
        #expect(small.sentence.contains("longer ones would do"), "\(small.sentence)")
        let success = try judge("success >= 99.9%", (0..<3).map { _ in share(0) })
        #expect(success.verdict == .pass)
    }

    @Test func `throughput has its bound below`() throws {
        func rate(_ value: Double) -> Alone {
            Alone(verdict: .pass, isRefuted: false, count: 0, total: 1, value: value)
        }
        let found = try judge("throughput >= 90/s", [99.0, 100, 101, 100].map(rate))
        #expect(found.verdict == .pass)
        let bound = try #require(found.nextBound)
        #expect((95...99).contains(bound))
        #expect(try judge("throughput >= 110/s", [99.0, 100, 101].map(rate)).verdict == .fail)
    }

    @Test func `what has no value for each run passes by number alone`() throws {
        func runs(_ count: Int) -> [Alone] { (0..<count).map { _ in latency(1) } }
        let few = try judge("p(95) < 8ms within any 5s", runs(5))
        #expect(few.verdict == .inconclusive && few.moreRuns == 14)
        #expect(try judge("p(95) < 8ms within any 5s", runs(19)).verdict == .pass)
        let one = try judge(
            "p(95) < 8ms within any 5s", runs(19) + [latency(1, .inconclusive)])
        #expect(one.verdict == .inconclusive)
    }

    @Test func `runs that can support nothing are left out, and none is INVALID`() throws {
        let void = Alone(verdict: .invalid, isRefuted: false, count: 0, total: 0)
        let some = try judge(
            "p(95) < 8ms", [latency(5), void, latency(5.1), latency(5.05)])
        #expect(some.verdict == .pass && some.runs == 3)
        #expect(try judge("p(95) < 8ms", [void, void, void]).verdict == .invalid)
        let record = RepeatJudge(
            profile: profile([]), runs: [run([], problems: ["no load."])], wanted: 3
        ).record(target: "t", seconds: 1)
        #expect(record.verdict == .inconclusive && record.metrics.isEmpty)
        #expect(record.notes.contains { $0.contains("prove nothing") })
        #expect(record.notes.contains { $0.contains("3 runs were asked for, and 1 were made") })
    }

    @Test func `a metric has the mean, the next run, and both spreads`() throws {
        let values = [4.8e6, 5e6, 5.2e6, 5.1e6]
        let record = RepeatJudge(
            profile: profile([]),
            runs: values.map {
                run(
                    [], values: ["p95": $0, "error-rate": 0.01],
                    within: ["p95": 1e-4, "error-rate": 1e-6])
            }, wanted: 4
        ).record(target: "t", seconds: 1)
        let p95 = try #require(record.metrics.first { $0.metric == "p95" })
        let effects = try #require(
            RandomEffects(
                try Series(values.map { Double.log($0) }), within: [1e-4, 1e-4, 1e-4, 1e-4]))
        #expect(abs(p95.mean / Double.exp(effects.mean) - 1) < 1e-12)
        #expect(p95.nextUpper == Double.exp(effects.nextUpper(0.95)))
        #expect(p95.within == 0.01)
        #expect(p95.between == (effects.variance - 1e-4).squareRoot())
        let errors = try #require(record.metrics.first { $0.metric == "error-rate" })
        #expect(abs(errors.mean - 0.01) < 1e-12)
        // The chance of a count of 10,000 is there although all runs have the same share.
        let upper = try #require(errors.nextUpper)
        #expect(upper > 0.011 && upper < 0.02 && errors.lower.map { $0 < 0.01 } == true)
    }

    @Test func `scales turn round, a share's at 0 as well`() {
        for share in [0, 1e-6, 0.01, 0.5, 1] {
            #expect(abs(RunScale.share.value(RunScale.share.scaled(share)) - share) < 1e-12)
        }
        #expect(RunScale.share.value(-0.1) == 0 && RunScale.share.value(3) == 1)
        #expect(abs(RunScale.logarithm.value(RunScale.logarithm.scaled(5e6)) - 5e6) < 1e-3)
    }
}
