import Testing

@testable import MoonbaseNode

@Suite struct HeartbeatsTests {
    /// A clock that is turned by hand.
    private let time = Locked<UInt64>(0)
    private let heartbeats: Heartbeats

    init() {
        let time = time
        heartbeats = Heartbeats { time.withLock { $0 } }
    }

    private func beat(_ loops: Int..., at now: UInt64) {
        time.withLock { $0 = now }
        for loop in loops { heartbeats.beat(loop) }
    }

    @Test func `one loop that stands still is seen beside one that comes round`() {
        beat(at: 100)
        heartbeats.expect(loops: 2)
        for now: UInt64 in 101...120 { beat(0, at: now) }
        #expect(heartbeats.ageNanoseconds == 20)
    }

    @Test func `the age is that of the loop that came round least lately`() {
        heartbeats.expect(loops: 2)
        beat(0, at: 50)
        beat(1, at: 70)
        beat(at: 75)
        #expect(heartbeats.ageNanoseconds == 25)
        beat(0, at: 76)
        #expect(heartbeats.ageNanoseconds == 6)
    }

    @Test func `no loop is of no age`() {
        #expect(heartbeats.ageNanoseconds == 0)
    }
}
