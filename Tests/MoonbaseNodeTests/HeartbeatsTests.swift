import Testing

@testable import MoonbaseNode

@Suite struct HeartbeatsTests {
    @Test func `one loop that stands still is seen beside one that comes round`() {
        let heartbeats = Heartbeats()
        heartbeats.expect(loops: 2)
        let start = ContinuousClock.now
        while ContinuousClock.now < start + .milliseconds(20) { heartbeats.beat(0) }
        #expect(Duration.nanoseconds(heartbeats.ageNanoseconds) >= .milliseconds(20))
    }

    @Test func `the age is that since every loop has come round`() {
        let heartbeats = Heartbeats()
        heartbeats.expect(loops: 2)
        let before = ContinuousClock.now
        heartbeats.beat(0)
        heartbeats.beat(1)
        let age = Duration.nanoseconds(heartbeats.ageNanoseconds)
        #expect(age <= ContinuousClock.now - before)
    }
}
