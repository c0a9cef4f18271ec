import Testing

@testable import Statistics

@Suite struct RecoveryTests {
    @Test func `a recovery is that of the definition`() {
        for seed in UInt64(1)...100 {
            var random = SeededRandom(seed: seed)
            let share = random.nextUnit() * 0.1
            let requests = (0..<400).map { index in
                let isDown = (100..<150).contains(index)
                return Recovery.Request(
                    due: Double(index) / 8, isGood: random.nextUnit() >= (isDown ? 0.8 : share))
            }
            let fault = Recovery.Fault(injected: 12, hold: 5, end: 50)
            let recovery = Recovery(requests, after: fault)
            let first = requests.first { $0.due >= 12 && !$0.isGood }
            let good = first.flatMap { first in
                requests.first { one in
                    one.due >= first.due && one.isGood && one.due + 5 <= 50
                        && !requests.contains {
                            !$0.isGood && $0.due >= one.due && $0.due < one.due + 5
                        }
                }
            }
            #expect(recovery.firstFailure == first?.due, "seed \(seed)")
            #expect(recovery.recoveredAt == good?.due, "seed \(seed)")
            if let upper = recovery.upper { #expect(recovery.lower <= upper, "seed \(seed)") }
        }
    }

    @Test func `no failure is a pass only where the fault is proven`() {
        let good = (0..<100).map { Recovery.Request(due: Double($0), isGood: true) }
        let recovery = Recovery(good, after: Recovery.Fault(injected: 5, end: 100))
        #expect(recovery.verdict(limit: 30) == .inconclusive)
        #expect(recovery.verdict(limit: 30, isEffectProven: true) == .pass)
        let nothing = Recovery([], after: Recovery.Fault(injected: 5, end: 100))
        #expect(nothing.verdict(limit: 30) == .inconclusive)
    }

    @Test func `a relapse after the hold is told, one inside it starts the clock again`() throws {
        func recovery(failing: [ClosedRange<Int>]) -> Recovery {
            let requests = (0..<100).map { second in
                Recovery.Request(
                    due: Double(second), isGood: !failing.contains { $0.contains(second) })
            }
            return Recovery(requests, after: Recovery.Fault(injected: 10, end: 100))
        }
        let twice = recovery(failing: [10...15, 20...22])
        #expect(twice.recoveredAt == 23 && !twice.hasRelapse)
        let late = recovery(failing: [10...15, 40...41])
        #expect(late.recoveredAt == 16 && late.hasRelapse)
        let open = recovery(failing: [10...95])
        #expect(open.state == .notRecovered && open.verdict(limit: 30) == .fail)
        #expect(open.verdict(limit: 90) == .inconclusive)
    }

    @Test func `fifty-nine recoveries of as many bound the rest at five per cent`() throws {
        let bound = try #require(Recovery.maximumExceeding(trials: 59, confidence: 0.95))
        #expect(abs(bound - 0.05) < 0.001)
        #expect(Recovery.maximumExceeding(trials: 0, confidence: 0.95) == nil)
    }
}

@Suite struct StalledServerTests {
    @Test func `without a stall both clocks agree, with one they do not`() {
        let idle = StalledServer(
            rate: 100, requests: 1_000, serviceMicroseconds: 1_000, stallStart: 0,
            stallMicroseconds: 0
        ).times()
        #expect(idle.latency == idle.service && idle.queue.allSatisfy { $0 == 0 })
        let stalled = StalledServer(
            rate: 100, requests: 1_000, serviceMicroseconds: 1_000, stallStart: 2_000_000,
            stallMicroseconds: 1_000_000
        ).times()
        #expect(stalled.service.count { $0 > 1_000 } == 1)
        #expect(stalled.latency.count { $0 > 10_000 } > 100)
        for index in stalled.latency.indices {
            #expect(
                stalled.latency[index] == stalled.queue[index] + stalled.service[index])
        }
    }

    @Test func `the correction adds what a waiting client left out`() {
        #expect(StalledServer.corrected([5, 35, 10], interval: 10) == [5, 35, 25, 15, 10])
    }
}

@Suite struct MeasurementValidityTests {
    @Test func `a worse generator never gives a stronger word`() {
        var random = SeededRandom(seed: 91)
        for _ in 0..<500 {
            var figures = MeasurementValidity.Figures(
                planned: 1_000, sent: 980 + random.nextWhole(below: 21),
                lagP99Microseconds: random.nextUnit() * 2_000, latencyTargetMicroseconds: 10_000,
                busiestThread: random.nextUnit())
            figures.steal = random.nextUnit() * 0.02
            let before = MeasurementValidity(figures)
            figures.sent -= 10
            figures.busiestThread = 1
            let after = MeasurementValidity(figures)
            #expect(Set(before.reasons.map(\.rawValue)).isSubset(of: after.reasons.map(\.rawValue)))
            for verdict in [Verdict.pass, .fail, .inconclusive, .invalid] {
                let (one, other) = (before.judged(verdict), after.judged(verdict))
                #expect(other == one || other == .invalid)
            }
        }
    }

    @Test func `the lag may be a tenth of a long target, and 1 ms of a short one`() {
        func isValid(_ lag: Double, _ target: Double) -> Bool {
            MeasurementValidity(
                MeasurementValidity.Figures(
                    planned: 1, sent: 1, lagP99Microseconds: lag,
                    latencyTargetMicroseconds: target, busiestThread: 0)
            ).isValid
        }
        #expect(isValid(5_000, 50_000) && !isValid(5_001, 50_000))
        #expect(isValid(1_000, 0) && !isValid(1_001, 0))
    }

    @Test func `the parts of a request make its latency`() {
        let stamps = RequestStamps(due: 10, ready: 13, sent: 20, done: 100)
        #expect(stamps.lag + stamps.connectionWait + stamps.service == stamps.latency)
    }
}
