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
