import EventLoops
import Testing

@testable import MoonbaseNode

@Suite struct WorkerWatchTests {
    private let hand = ManualClock()

    private func milliseconds(_ count: UInt64) -> UInt64 { count * 1_000_000 }

    private func pass(_ count: UInt64) async {
        await hand.advance(to: hand.nowNanoseconds + milliseconds(count))
    }

    private func watch() -> WorkerWatch { WorkerWatch(startedAt: hand.nowNanoseconds) }

    @Test func `a worker hangs that is silent for more than five seconds`() async {
        var watch = watch()
        await pass(5000)
        #expect(!watch.isSilent(at: hand.nowNanoseconds))
        watch.beat(at: hand.nowNanoseconds)
        await pass(5000)
        #expect(!watch.isSilent(at: hand.nowNanoseconds))
        await pass(1)
        #expect(watch.isSilent(at: hand.nowNanoseconds))
        #expect(watch.end(status: nil) == .hung)
    }

    @Test func `one that is told to stop has twelve seconds from then on, and is told once`()
        async
    {
        var watch = watch()
        await pass(4000)
        let told = [watch.stop(at: hand.nowNanoseconds), watch.stop(at: hand.nowNanoseconds)]
        #expect(told == [true, false])
        await pass(12_000)
        #expect(!watch.isSilent(at: hand.nowNanoseconds))
        await pass(1)
        #expect(watch.isSilent(at: hand.nowNanoseconds))
        #expect(watch.end(status: nil) == .stopped(1))
    }

    @Test func `the end of one that was told to stop is a stop, any other a crash`() {
        var watch = watch()
        #expect(watch.end(status: 0) == .crashed(0))
        #expect(watch.end(status: 9) == .crashed(9))
        // Wrong settings do not get right by another start.
        #expect(watch.end(status: 64 << 8) == .stopped(64))
        _ = watch.stop(at: hand.nowNanoseconds)
        #expect(watch.end(status: 0) == .stopped(0))
        #expect(watch.end(status: 9) == .stopped(1))
        #expect(watch.end(status: 64 << 8) == .stopped(1))
    }

    /// The delays before the starts of a worker that lives for so long each time, in milliseconds.
    private func delays(ofLives milliseconds: [UInt64]) async -> [Int] {
        var policy = RestartPolicy()
        var delays: [Int] = []
        for life in milliseconds {
            let watch = watch()
            await pass(life)
            guard
                case .restart(let delay) = policy.ended(
                    afterSeconds: watch.seconds(at: hand.nowNanoseconds))
            else { return delays }
            delays.append(delay)
            await pass(UInt64(delay))
        }
        return delays
    }

    @Test func `restarts are immediate while the budget lasts, then back off, and then end`()
        async
    {
        let crashes = await delays(ofLives: Array(repeating: 0, count: 20))
        #expect(crashes == [0, 0, 0, 0, 0, 100, 200, 400, 800, 1600, 3200, 6400, 10_000])
    }

    @Test func `two seconds of life earn a restart, and ten end the back-off`() async {
        let crashes = Array(repeating: UInt64(0), count: 7)
        #expect(await delays(ofLives: crashes + [2000, 0]) == [0, 0, 0, 0, 0, 100, 200, 0, 400])
        #expect(
            await delays(ofLives: crashes + [10_000] + crashes)
                == [0, 0, 0, 0, 0, 100, 200, 0, 0, 0, 0, 0, 100, 200, 400])
        // No life, however long, has more than five in hand.
        #expect(
            await delays(ofLives: [1_000_000] + crashes) == [0, 0, 0, 0, 0, 100, 200, 400])
    }
}
