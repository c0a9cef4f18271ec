import Testing

@testable import EventLoops

@Suite struct LookoutTests {
    @Test func `a turn of more than a tenth of a second is a hold-up from the last look`() {
        var lookout = Lookout()
        #expect(lookout.endTurn(at: 5_000_000_000) == nil)
        #expect(lookout.endTurn(at: 5_100_000_000) == nil)
        #expect(lookout.endTurn(at: 5_200_000_001) == 5_100_000_000)
        #expect(lookout.endTurn(at: 5_200_000_002) == nil)
    }

    @Test(
        arguments: [
            // Nothing was to end the wait.
            (9_000_000_000, nil, false),
            // Its timer ended it in time, or a little late, or an answer did.
            (2_000_000_000, 2_000_000_000, false), (2_100_000_000, 2_000_000_000, false),
            (1_500_000_000, 2_000_000_000, false),
            // The thread was held up when the timer was due.
            (2_100_000_001, 2_000_000_000, true),
            // A timer that was late before the wait began.
            (1_100_000_000, 500_000_000, false), (1_100_000_001, 500_000_000, true),
        ] as [(UInt64, UInt64?, Bool)])
    func `a wait is a hold-up where its timer was due too long ago`(
        end: UInt64, timer: UInt64?, isHeldUp: Bool
    ) {
        var lookout = Lookout()
        _ = lookout.endTurn(at: 1_000_000_000)
        #expect(lookout.endWait(at: end, earliest: timer) == (isHeldUp ? 1_000_000_000 : nil))
        // The next turn is counted from the end of the wait.
        #expect(lookout.endTurn(at: end + 1000) == nil)
    }
}
