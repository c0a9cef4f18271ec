import Measurements
import Statistics
import Testing

@testable import Verdicts

@Suite struct ComparisonTests {
    /// Rounds of both builds: each metric of the candidate is `factor` times the baseline's, over
    /// noise that both share and noise of their own.
    private func rounds(
        _ count: Int, factor: Double, own: Double = 0.01, seed: UInt64 = 1,
        names: [String] = ["p50"], requests: Int = 1_000
    ) -> (base: [RunFigures], candidate: [RunFigures]) {
        var random = SeededRandom(seed: seed)
        var sides = (base: [RunFigures](), candidate: [RunFigures]())
        for round in 0..<count {
            let shared = 1 + 0.05 * random.nextNormal()
            // Both sides took turns.
            func figures(_ factor: Double, turn: Int) -> RunFigures {
                var values: [String: Double] = ["error-rate": 0]
                for name in names {
                    values[name] = 5e6 * shared * factor * (1 + own * random.nextNormal())
                }
                return RunFigures(
                    run: "run \(round)", requests: requests, values: values,
                    startedSeconds: Double(2 * round + turn))
            }
            sides.base.append(figures(1, turn: 0))
            sides.candidate.append(figures(factor, turn: 1))
        }
        return sides
    }

    private func series(_ runs: [RunFigures], _ name: String = "p50") throws -> Series {
        try Series(runs.map { $0.values[name] ?? 0 })
    }

    private let p50 = ComparisonMetric.latency(partsPerMillion: 500_000)

    @Test(arguments: [1, 1.02, 1.05, 1.1, 0.9], [5, 7, 9, 10, 14, 20, 25])
    func `of one metric it says what the sequential comparison says`(
        factor: Double, count: Int
    ) throws {
        for seed in 1...10 as ClosedRange<UInt64> {
            let (base, candidate) = rounds(count, factor: factor, own: 0.04, seed: seed)
            let expected = try SequentialComparison(
                .paired, baseline: series(base), candidate: series(candidate), margin: 0.05,
                confidence: 0.95)
            let comparison = Comparison(
                baseline: base, candidate: candidate, rule: ComparisonRule(metrics: [p50]))
            #expect(comparison.word.rawValue == expected.word.rawValue, "seed \(seed)")
            #expect(comparison.looks == expected.looks.map(\.rounds))
            let metric = try #require(comparison.metrics.first { $0.metric == "p50" })
            #expect(metric.isEquivalent == expected.isEquivalent)
            #expect(metric.lower == expected.looks.last?.estimate.lower)
            #expect(metric.upper == expected.looks.last?.estimate.upper)
        }
    }

    @Test(arguments: [1, 1.02, 1.2, 0.8], [2, 3, 5, 8])
    func `runs made apart are judged once, by the rank sums`(factor: Double, count: Int) throws {
        for seed in 1...10 as ClosedRange<UInt64> {
            let (base, candidate) = rounds(count, factor: factor, own: 0.02, seed: seed)
            let estimate = try #require(
                try RatioEstimate.unpaired(
                    baseline: series(base), candidate: series(candidate), confidence: 0.95))
            let comparison = Comparison(
                baseline: base, candidate: candidate,
                rule: ComparisonRule(metrics: [p50], design: .unpaired))
            let word = Regression.word(estimate, margin: 0.05)
            #expect(comparison.word.rawValue == word.rawValue, "seed \(seed)")
            #expect(comparison.isTimeMixed)
            #expect(comparison.looks == [count])
            #expect(comparison.notes.contains { $0.contains("give no bound") } == (count < 3))
        }
    }

    @Test func `with four metrics the first look cannot prove a regression, with three it can`() {
        // The smallest p value of 7 rounds is 1/128; Holm's factor is the number of metrics.
        for (names, looks) in [(["p50", "p95"], [7]), (["p50", "p95", "p99"], [7, 10])] {
            let (base, candidate) = rounds(20, factor: 1.5, names: names, requests: 100_000)
            let comparison = Comparison(
                baseline: base, candidate: candidate, rule: ComparisonRule())
            #expect(comparison.word == .regressed && comparison.looks == looks, "\(names)")
        }
    }

    @Test func `an improvement is one, and an unchanged candidate is the same`() {
        let (base, candidate) = rounds(20, factor: 0.8)
        let better = Comparison(baseline: base, candidate: candidate, rule: ComparisonRule())
        #expect(better.word == .improved && better.exitCode == 0)
        let same = Comparison(baseline: base, candidate: base, rule: ComparisonRule())
        #expect(same.word == .same && same.exitCode == 0 && same.looks == [7])
        #expect(same.metrics.allSatisfy { $0.isEquivalent })
        #expect(same.metrics.allSatisfy { $0.lower == $0.upper })
    }

    @Test func `throughput is better when it is higher`() throws {
        let (base, candidate) = rounds(20, factor: 1.3, names: ["throughput"])
        let rule = ComparisonRule(metrics: [.throughput])
        #expect(Comparison(baseline: base, candidate: candidate, rule: rule).word == .improved)
        let worse = Comparison(baseline: candidate, candidate: base, rule: rule)
        #expect(worse.word == .regressed && worse.exitCode == 2)
        let metric = try #require(worse.metrics.first { $0.decides })
        #expect((1.25...1.35).contains(metric.effect))
    }

    @Test func `error rates are compared by their difference, 0 being a rate like any`() throws {
        var (base, candidate) = rounds(20, factor: 1)
        for index in candidate.indices { candidate[index].values["error-rate"] = 0.01 }
        let worse = Comparison(baseline: base, candidate: candidate, rule: ComparisonRule())
        #expect(worse.word == .regressed)
        let metric = try #require(worse.metrics.first { $0.metric == "error-rate" })
        #expect(abs(metric.effect - 0.01) < 1e-12)
        let wide = Comparison(
            baseline: base, candidate: candidate, rule: ComparisonRule(errorMargin: 0.02))
        #expect(wide.metrics.first { $0.metric == "error-rate" }?.word == .same)
        for index in base.indices { base[index].values["error-rate"] = 0.01 }
        let same = Comparison(baseline: base, candidate: candidate, rule: ComparisonRule())
        #expect(same.metrics.first { $0.metric == "error-rate" }?.word == .same)
    }

    @Test func `growth is compared by its difference in bytes a request, below 0 as well`() throws {
        let rule = ComparisonRule(metrics: [.growth])
        var (base, candidate) = rounds(20, factor: 1)
        for index in base.indices {
            base[index].values["growth"] = -3 + Double(index % 5) / 10
            candidate[index].values["growth"] = 117 + Double(index % 3) / 10
        }
        let worse = Comparison(baseline: base, candidate: candidate, rule: rule)
        let metric = try #require(worse.metrics.first { $0.metric == "growth" })
        #expect(worse.word == .regressed && abs(metric.effect - 120) < 0.5, "\(metric)")
        #expect(metric.sentence.contains("the estimate is 120 B/request"), "\(metric.sentence)")
        let better = Comparison(baseline: candidate, candidate: base, rule: rule)
        #expect(better.word == .improved)
        for index in candidate.indices { candidate[index].values["growth"] = 30 }
        let same = Comparison(baseline: base, candidate: candidate, rule: rule)
        #expect(same.word == .same)
        let strict = ComparisonRule(growthMargin: 16, metrics: [.growth])
        #expect(
            Comparison(baseline: base, candidate: candidate, rule: strict).word == .regressed)
        let usual = Comparison(baseline: base, candidate: candidate, rule: ComparisonRule())
        #expect(usual.metrics.first { $0.metric == "growth" }?.decides == false)
    }

    @Test func `what two readings do not have is no figure of the target`() {
        var figures = RunFigures(run: "run", requests: 9, values: [:])
        var (before, after) = (ProcessReading(), ProcessReading())
        (before.residentBytes, after.residentBytes) = (5_000, 4_000)
        (before.cpuSeconds, after.cpuSeconds) = (1, 1.5)
        figures.setTarget(from: nil, to: after, requests: 100)
        #expect(figures.values == ["memory": 4_000])
        figures.setTarget(from: before, to: after, requests: 0)
        #expect(figures.values == ["memory": 4_000])
        figures.setTarget(from: before, to: after, requests: 100)
        #expect(figures.values == ["memory": 4_000, "cpu": 0.005, "growth": -10])
        // What an allocator holds cannot be taken from what is resident.
        after.allocatedBytes = 3_000
        figures = RunFigures(run: "run", requests: 9, values: [:])
        figures.setTarget(from: before, to: after, requests: 100)
        #expect(figures.values == ["memory": 3_000, "cpu": 0.005])
    }

    @Test func `a quantile with few requests beyond it is shown and does not decide`() {
        let (base, candidate) = rounds(20, factor: 1, names: ["p50", "p95", "p99"], requests: 200)
        let comparison = Comparison(baseline: base, candidate: candidate, rule: ComparisonRule())
        let deciding = comparison.metrics.filter(\.decides).map(\.metric)
        #expect(deciding == ["p50", "p95", "error-rate"])
        #expect(comparison.notes.contains("shown without deciding: p99."))
    }

    @Test func `runs that prove nothing make the comparison invalid`() {
        var (base, candidate) = rounds(7, factor: 1)
        candidate[3].problems = ["the generator fell behind."]
        let comparison = Comparison(baseline: base, candidate: candidate, rule: ComparisonRule())
        #expect(comparison.word == .invalid && comparison.exitCode == 4)
        #expect(comparison.notes.contains { $0.contains("fell behind") })
        base = []
        #expect(Comparison(baseline: [], candidate: [], rule: ComparisonRule()).word == .invalid)
    }

    @Test func `before the first look there is no bound and no word`() {
        let (base, candidate) = rounds(6, factor: 2)
        let comparison = Comparison(baseline: base, candidate: candidate, rule: ComparisonRule())
        #expect(comparison.word == .inconclusive && comparison.exitCode == 3)
        #expect(comparison.metrics.allSatisfy { $0.lower == nil && $0.upper == nil })
        #expect(comparison.notes.contains { $0.contains("below the first look") })
    }

    @Test func `of several metrics a false alarm is as rare as of one`() {
        var alarms = 0
        let runs = 400
        for seed in 1...UInt64(runs) {
            let (base, candidate) = rounds(
                20, factor: 1, own: 0.1, seed: seed, names: ["p50", "p95", "p99"],
                requests: 100_000)
            let comparison = Comparison(
                baseline: base, candidate: candidate, rule: ComparisonRule())
            if comparison.word == .regressed { alarms += 1 }
        }
        // Of 400 at 5 % more than 30 come once in 200 times.
        #expect(alarms <= 30, "\(alarms)")
    }
}
