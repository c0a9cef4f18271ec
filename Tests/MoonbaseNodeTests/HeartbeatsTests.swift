import EventLoops
import Testing

@testable import MoonbaseNode

@Suite struct HeartbeatsTests {
    private let hand = ManualClock(at: 0)
    private let heartbeats: Heartbeats

    init() { heartbeats = Heartbeats(clock: hand.clock) }

    private func beat(_ loops: Int..., at now: UInt64) async {
        await hand.advance(to: now)
        for loop in loops { heartbeats.beat(loop) }
    }

    @Test func `one loop that stands still is seen beside one that comes round`() async {
        await beat(at: 100)
        heartbeats.expect(loops: 2)
        for now: UInt64 in 101...120 { await beat(0, at: now) }
        #expect(heartbeats.ageNanoseconds == 20)
    }

    @Test func `the age is that of the loop that came round least lately`() async {
        heartbeats.expect(loops: 2)
        await beat(0, at: 50)
        await beat(1, at: 70)
        await beat(at: 75)
        #expect(heartbeats.ageNanoseconds == 25)
        await beat(0, at: 76)
        #expect(heartbeats.ageNanoseconds == 6)
    }

    @Test func `no loop is of no age`() {
        #expect(heartbeats.ageNanoseconds == 0)
    }
}
