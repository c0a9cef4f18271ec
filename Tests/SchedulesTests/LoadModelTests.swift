import Foundation
import Testing

@testable import Profiles
@testable import Schedules

/// Each open model against the integral of its rate, spaced evenly and as Poisson arrivals.
@Suite struct LoadModelTests {
    static func rate(_ perSecond: Double) -> Rate { Rate(perSecond: perSecond) }

    static func spike(_ arrivals: Arrivals) -> Spike {
        Spike(
            base: rate(100), peak: rate(900), begin: .seconds(2), rise: .seconds(1),
            hold: .seconds(2), fall: .milliseconds(500), arrivals: arrivals)
    }

    static func sine(_ arrivals: Arrivals) -> Sine {
        Sine(mean: rate(300), amplitude: rate(300), period: .seconds(4), arrivals: arrivals)
    }

    /// A model with the expected count of arrivals up to a time.
    struct Row: Sendable, CustomTestStringConvertible {
        let name: String
        let model: @Sendable (Arrivals) -> any LoadModel
        let count: @Sendable (Double) -> Double
        var testDescription: String { name }
    }

    static let rows = [
        Row(
            name: "constant", model: { ConstantArrivalRate(rate(700), $0) }, count: { 700 * $0 }),
        Row(
            name: "ramp up", model: { RampingArrivalRate(from: rate(0), to: rate(800), $0) },
            count: { 40 * $0 * $0 }),
        Row(
            name: "ramp down", model: { RampingArrivalRate(from: rate(800), to: rate(200), $0) },
            count: { 800 * $0 - 30 * $0 * $0 }),
        Row(
            name: "spike", model: { spike($0) },
            count: { time in
                // The area under the polygon of the rate, corner by corner.
                let corners = [(0.0, 100.0), (2, 100), (3, 900), (5, 900), (5.5, 100), (10, 100)]
                return zip(corners, corners.dropFirst()).reduce(0) { sum, pair in
                    let ((begin, from), (end, to)) = pair
                    let length = min(max(time - begin, 0), end - begin)
                    return sum + length * (from + (to - from) * length / (end - begin) / 2)
                }
            }),
        Row(
            name: "sine", model: { sine($0) },
            count: { 300 * $0 + 300 * 4 / (2 * Double.pi) * (1 - cos(2 * Double.pi * $0 / 4)) }),
    ]

    static func profile(_ load: [Phase], seed: UInt64 = 42) -> Profile {
        var profile = Profile(
            name: "test", load: load,
            scenarios: [
                Scenario(name: "a", weight: 3, steps: [Step(operation: "ping")]),
                Scenario(name: "b", weight: 1, steps: [Step(operation: "ping")]),
            ])
        profile.seed = seed
        return profile
    }

    private func due(_ row: Row, _ arrivals: Arrivals, seed: UInt64 = 42) -> [Double] {
        let phase = Phase(name: "p", model: row.model(arrivals), duration: .seconds(10))
        return Schedule(Self.profile([phase], seed: seed)).map { Double($0.dueNanoseconds) / 1e9 }
    }

    @Test(arguments: rows)
    func `evenly spaced arrivals count as the integral of the rate, within one`(row: Row) {
        let times = due(row, .constant)
        #expect(abs(Double(times.count) - row.count(10)) <= 1)
        for (index, time) in times.enumerated() where index % 97 == 0 {
            #expect(abs(row.count(time) - Double(index)) < 0.02, "arrival \(index) at \(time) s")
        }
        #expect(zip(times, times.dropFirst()).allSatisfy { $0 <= $1 })
    }

    /// P(D >= observed) for gaps against the exponential distribution of mean 1, by Kolmogorov's
    /// series.
    private func kolmogorovSmirnov(_ gaps: [Double]) -> Double {
        let sorted = gaps.sorted()
        let n = Double(sorted.count)
        var distance = 0.0
        for (index, gap) in sorted.enumerated() {
            let cumulative = 1 - exp(-gap)
            distance = max(
                distance, cumulative - Double(index) / n, Double(index + 1) / n - cumulative)
        }
        let scaled = (n.squareRoot() + 0.12 + 0.11 / n.squareRoot()) * distance
        var (sum, sign) = (0.0, 1.0)
        for k in 1...100 {
            sum += sign * exp(-2 * Double(k * k) * scaled * scaled)
            sign = -sign
        }
        return min(1, max(0, 2 * sum))
    }

    @Test(arguments: rows, [1, 2, 3, 42, 20_261_124] as [UInt64])
    func `Poisson arrivals have exponential gaps in the time of their rate`(row: Row, seed: UInt64)
    {
        let counts = due(row, .poisson, seed: seed).map(row.count)
        let gaps = zip(counts, [0] + counts.dropLast()).map { $0 - $1 }
        #expect(gaps.count > 2000)
        let p = kolmogorovSmirnov(gaps)
        #expect(p > 0.001, "seed \(seed): p = \(p) of \(gaps.count) gaps")
    }

    @Test func `phases in parallel are one sequence in the order due`() {
        func phase(_ name: String, _ perSecond: Double, _ start: Phase.Start, delay: Duration)
            -> Phase
        {
            var phase = Phase(
                name: name, model: ConstantArrivalRate(Self.rate(perSecond), .constant),
                duration: .seconds(2))
            phase.start = start
            phase.delay = delay
            return phase
        }
        var health = phase("health", 50, .with("base"), delay: .milliseconds(500))
        health.scenarios = ["b"]
        let profile = Self.profile([
            phase("base", 100, .afterPrevious, delay: .zero), health,
            phase("last", 10, .after("base"), delay: .zero),
        ])
        #expect(
            profile.spans == [
                PhaseSpan(start: 0, end: 2_000_000_000),
                PhaseSpan(start: 500_000_000, end: 2_500_000_000),
                PhaseSpan(start: 2_000_000_000, end: 4_000_000_000),
            ])
        let arrivals = Array(Schedule(profile))
        #expect(arrivals.count == 200 + 100 + 20)
        #expect(arrivals.map(\.number) == (0..<320).map { UInt64($0) })
        #expect(
            zip(arrivals, arrivals.dropFirst()).allSatisfy {
                $0.dueNanoseconds <= $1.dueNanoseconds
            }
        )
        #expect(arrivals.filter { $0.phase == 1 }.allSatisfy { $0.scenario == 1 })
        // What stands beside a phase does not change its draws.
        let alone = Array(Schedule(Self.profile([profile.load[0]])))
        #expect(
            alone.map(\.scenario) == arrivals.filter { $0.phase == 0 }.map(\.scenario))
    }

    @Test func `a replay takes its recording up to the end of the phase`() {
        var phase = Phase(
            name: "again", model: Replay(path: "x", speed: 1), duration: .seconds(1))
        phase.delay = .seconds(1)
        let recordings = ["again": [0, 5, 999_999_999, 1_000_000_000] as [UInt64]]
        let due = Schedule(Self.profile([phase]), recordings: recordings).map(\.dueNanoseconds)
        #expect(due == [1_000_000_000, 1_000_000_005, 1_999_999_999])
        #expect(Array(Schedule(Self.profile([phase]))).isEmpty)
    }
}
