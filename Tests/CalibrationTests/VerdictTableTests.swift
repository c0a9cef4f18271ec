import Evidence
import Measurements
import Statistics
import Testing
import Verdicts

@testable import calibration

@Suite struct VerdictTableTests {
    @Test func `a case that is wrong too often is found, and one that is not is not`() {
        func isHeld(_ share: Double, _ bound: VerdictCase.Bound) -> Bool {
            let one = VerdictCase("one", [("wrong", bound)]) { random in
                ["wrong": random.nextUnit() < share]
            }
            return VerdictTable(runs: 600, seed: 5, cases: [one]).isWithinBounds
        }
        #expect(isHeld(0.05, .atMost(0.05)) && !isHeld(0.1, .atMost(0.05)))
        #expect(isHeld(0.6, .atLeast(0.6)) && !isHeld(0.5, .atLeast(0.6)))
        #expect(isHeld(1, .atLeast(1)) && !isHeld(0.99, .atLeast(1)))
        #expect(isHeld(0, .atMost(0)) && !isHeld(0.01, .atMost(0)))
        #expect(isHeld(0.95, .between(0.92, 0.98)) && !isHeld(0.85, .between(0.92, 0.98)))
        #expect(!VerdictTable(runs: 1, seed: 1, cases: []).isWithinBounds)
    }

    @Test func `the table has a line for each case with its figures`() {
        let one = VerdictCase("one", [("PASS", .atMost(0)), ("seen", .printed)]) { _ in
            ["PASS": true, "seen": false]
        }
        let table = VerdictTable(runs: 4, seed: 7, cases: [one])
        #expect(
            table.markdown == """
                | case | measured |
                | --- | --- |
                | one | PASS 100 % (never) **missed**; seen 0 % |

                """)
    }

    @Test func `a synthetic run is the evidence of its requests`() throws {
        let profile = SyntheticRun.profile(
            seconds: 2, rate: 4, objectives: ["p(95) < 10ms", "error rate < 1%"])
        let run = SyntheticRun(
            requests: [
                .init(due: 0, latency: 1e6), .init(due: 0.5, latency: 2e9),
                .init(due: 1, latency: 1e6, outcome: .refused), .init(due: 1.5, latency: 10e6),
            ], seconds: 2)
        let evidence = run.evidence(profile)
        #expect(evidence.hasWholeDue && evidence.due.map(\.total) == [2, 2])
        #expect(evidence.due.map { $0.over["10000000"] } == [1, 1])
        #expect(evidence.due.map(\.failed) == [0, 1] && evidence.failures.count == 1)
        #expect(
            evidence.rows.map { $0.counts.first?.outcomes } == [
                [.ok: 1], [.ok: 1, .refused: 1], [.ok: 1],
            ])
        let verdict = Judge.judge(evidence, profile: profile)
        #expect(verdict.objectives.map(\.total) == [4, 4])
        #expect(verdict.objectives.map(\.count) == [3, 1])
    }

    @Test(arguments: [0.2, 0.05])
    func `loads reach the bound as often as they say`(share: Double) {
        var random = SeededRandom(seed: 3)
        let loads = [
            SyntheticLoad.wandering(
                seconds: 400, rate: 20, correlation: 0.3, level: 0.5, share: share),
            SyntheticLoad.queue(seconds: 4000, rate: 5, utilisation: 0.5, share: share),
            SyntheticLoad.stalls(seconds: 2000, rate: 10, stall: 0.5, share: share),
        ]
        for (index, load) in loads.enumerated() {
            let requests = load(&random)
            let slow = requests.count { $0.latency >= SyntheticLoad.bound }
            let seen = Double(slow) / Double(requests.count)
            #expect(abs(seen / share - 1) < 0.3, "\(index): \(seen)")
        }
        let failing = [
            SyntheticLoad.bursts(seconds: 2000, rate: 10, size: 10, share: share),
            SyntheticLoad.onOff(seconds: 4000, rate: 10, on: 2, off: 8, within: 5 * share),
        ]
        for (index, load) in failing.enumerated() {
            let requests = load(&random)
            let failed = requests.count { $0.outcome != .ok }
            #expect(
                abs(Double(failed) / Double(requests.count) / share - 1) < 0.3,
                "\(index): \(failed)")
        }
    }

    @Test
    func `cases have names of their own, and in miniature what happened in a run is called so`() {
        let names = VerdictCase.all(quick: false).map(\.name)
        #expect(Set(names).count == names.count, "\(names)")
        let facts = VerdictCase.all(quick: true).filter {
            $0.name.contains("slow second") || $0.name.contains("lags by 30 ms")
                || $0.name.contains("in 10 s")
        }
        #expect(facts.count >= 5)
        let table = VerdictTable(runs: 1, seed: 11, cases: facts)
        #expect(table.isWithinBounds, "\(table.markdown)")
    }
}
