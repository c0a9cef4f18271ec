import Measurements
import Statistics
import Testing

@testable import Verdicts

@Suite struct CapacityStabilityTests {
    /// A second of warm-up, then a step: arrivals at a rate, a target that serves them in order at
    /// a rate of its own, and what it still has to do after the step.
    private func rows(
        rate: Double, capacity: Double, seconds: Int, noise: [Double] = [], late: Double = 0.004
    ) -> [SeriesRow] {
        var (arrived, served) = (0.0, 0.0)
        var rows: [SeriesRow] = []
        for second in 0...seconds {
            let (before, done) = (arrived, served)
            arrived += rate
            served = min(arrived - 1, served + capacity)
            if second < noise.count { served = max(done, min(arrived, served - noise[second])) }
            let phase = second == 0 ? "warm up" : "step"
            var row = SeriesRow(timeSeconds: Double(second + 1) + late, phases: [phase])
            row.started = Int(arrived) - Int(before)
            row.inFlight = Int(arrived) - Int(served)
            row.counts = [
                OperationCounts(
                    phase: phase, operation: "ping", outcomes: [.ok: Int(served) - Int(done)])
            ]
            rows.append(row)
        }
        // What drains after the step.
        var last = SeriesRow(timeSeconds: Double(seconds + 2), phases: ["step"])
        last.counts = [
            OperationCounts(
                phase: "step", operation: "ping", outcomes: [.ok: Int(arrived) - Int(served)])
        ]
        return rows + [last]
    }

    private func stability(_ rows: [SeriesRow], seconds: Int) -> CapacityStability {
        CapacityStability(rows, from: 1, to: Double(1 + seconds))
    }

    @Test(arguments: [250.0, 485, 499, 500], [8, 10, 60])
    func `a target that keeps up is stable`(rate: Double, seconds: Int) throws {
        let found = stability(
            rows(rate: rate, capacity: 500, seconds: seconds), seconds: seconds)
        #expect(found.problem == nil && found.sentence.isEmpty, "\(found)")
        #expect(try #require(found.answeredShare) > 0.999)
        #expect(abs(try #require(found.throughput) - rate) < 1)
    }

    @Test(arguments: [501.3, 503, 504, 510, 548.7, 1_000], [8, 10, 60])
    func `a rate above what the target serves is found, long before a bound of a second is reached`(
        rate: Double, seconds: Int
    ) throws {
        let found = stability(
            rows(rate: rate, capacity: 500, seconds: seconds), seconds: seconds)
        #expect(found.problem == (rate > 506 ? .fallsBehind : .grows), "\(found)")
        // What drained after the step counts nowhere.
        #expect(abs(try #require(found.throughput) - 500) < 1)
        #expect(abs(try #require(found.growthPerSecond) - (rate - 500)) < 0.2)
    }

    @Test func `a queue that wanders and stays is stable but for a few of a hundred`() {
        var random = SeededRandom(seed: 20_261_125)
        var (stable, repeated) = (0, 0)
        for _ in 0..<400 {
            var isStable: [Bool] = []
            for _ in 0..<2 {
                var level = random.nextNormal()
                let noise = (0..<11).map { _ in
                    level = 0.5 * level + 0.75.squareRoot() * random.nextNormal()
                    return 20 + 5 * level
                }
                // Each second's queue is its own, whatever the second before had.
                var row = rows(rate: 450, capacity: 500, seconds: 10)
                for index in noise.indices { row[index].inFlight = Int(max(0, noise[index])) }
                isStable.append(stability(row, seconds: 10).problem == nil)
            }
            if isStable[0] { stable += 1 }
            if isStable.contains(true) { repeated += 1 }
        }
        #expect(stable >= 360, "\(stable) of 400")
        #expect(repeated >= 395, "\(repeated) of 400")
    }

    @Test func `what was never answered is none of the answers`() {
        var timedOut = rows(rate: 500, capacity: 500, seconds: 10)
        for index in timedOut.indices.dropFirst().dropLast() {
            timedOut[index].counts[0].outcomes = [.ok: 490, .timeout: 10]
        }
        #expect(stability(timedOut, seconds: 10).problem == .fallsBehind)
        var dropped = rows(rate: 500, capacity: 500, seconds: 10)
        for index in dropped.indices.dropFirst().dropLast() {
            dropped[index].dropped = 10
        }
        #expect(stability(dropped, seconds: 10).problem == .fallsBehind)
    }

    @Test func `too few seconds show nothing, and nothing at all is no pass`() {
        let short = stability(rows(rate: 100, capacity: 500, seconds: 4), seconds: 4)
        #expect(short.problem == .tooShort)
        #expect(CapacityStability([], from: 1, to: 9).problem == .tooShort)
        #expect(CapacityStability([], from: 1, to: 9).throughput == nil)
    }

    @Test func `a step passes only where the target is stable, whatever its objectives say`() {
        func step(_ outcome: CapacitySearch.Outcome, rate: Double, seconds: Int) -> CapacityStep {
            var step = CapacityStep(
                CapacitySearch.Step(stage: .rise, rate: rate, confidence: 0.8, length: 1),
                outcome: outcome, figures: RunFigures(run: "r", requests: 1, values: [:]),
                seconds: Double(seconds))
            step.reason = outcome == .pass ? "" : "as judged"
            step.take(
                stability(
                    rows(rate: rate, capacity: 500, seconds: seconds), seconds: seconds))
            return step
        }
        let over = step(.pass, rate: 503, seconds: 10)
        #expect(over.outcome == .fail && over.bound == .target)
        #expect(over.reason.contains("in flight grew by"))
        #expect(abs(over.throughput - 500) < 1)
        #expect(step(.undecided, rate: 503, seconds: 10).outcome == .fail)
        #expect(step(.pass, rate: 400, seconds: 10).outcome == .pass)
        #expect(step(.pass, rate: 400, seconds: 3).outcome == .undecided)
        // What the objectives refute, or the generator did not bring, keeps its own reason.
        #expect(step(.fail, rate: 503, seconds: 10).reason == "as judged")
        #expect(step(.void, rate: 503, seconds: 10).outcome == .void)
        #expect(step(.undecided, rate: 400, seconds: 3).reason == "as judged")
    }
}
