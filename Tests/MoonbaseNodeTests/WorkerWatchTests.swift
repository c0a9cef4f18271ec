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

    /// Looks every 100 ms for so long, with threads that wait for a processor for a share of it.
    ///
    /// - Returns: after how many milliseconds the worker was found to hang; `nil` if it was not.
    private func silence(
        of watch: inout WorkerWatch, lookingFor count: UInt64, waitingPercent: UInt64?
    ) async -> UInt64? {
        for time in stride(from: 100, through: count, by: 100) {
            await pass(100)
            let waited = waitingPercent.map { milliseconds(time) * $0 / 100 }
            if watch.isSilent(at: hand.nowNanoseconds, waited: waited) { return time }
        }
        return nil
    }

    @Test(
        arguments: [
            // It had a processor, or waited for one as long as the machine is busy.
            (0, 1000), (49, 1000), (50, 5100), (300, 5100),
            // The system does not say.
            (nil, 5100),
        ] as [(UInt64?, UInt64)])
    func `a worker hangs that is silent although it had a processor to work on`(
        waitingPercent: UInt64?, found: UInt64
    ) async {
        var watch = watch()
        watch.beat(at: hand.nowNanoseconds)
        let time = await silence(
            of: &watch, lookingFor: 10_000, waitingPercent: waitingPercent)
        #expect(time == found)
        #expect(watch.end(status: nil) == .hung)
    }

    @Test func `a worker that beats does not hang, and one that starts has five seconds`() async {
        var watch = watch()
        let untilFirstBeat = await silence(of: &watch, lookingFor: 5000, waitingPercent: 0)
        #expect(untilFirstBeat == nil)
        for _ in 0..<5 {
            watch.beat(at: hand.nowNanoseconds)
            let betweenBeats = await silence(of: &watch, lookingFor: 900, waitingPercent: 0)
            #expect(betweenBeats == nil)
        }
        let afterLastBeat = await silence(of: &watch, lookingFor: 200, waitingPercent: 0)
        #expect(afterLastBeat == 100)
        watch = self.watch()
        let withoutBeat = await silence(of: &watch, lookingFor: 6000, waitingPercent: 0)
        #expect(withoutBeat == 5100)
    }

    @Test func `time in which the supervisor did not look is nobody's silence`() async {
        var watch = watch()
        watch.beat(at: hand.nowNanoseconds)
        let before = await silence(of: &watch, lookingFor: 500, waitingPercent: 0)
        #expect(before == nil)
        await pass(20_000)
        let isSilent = watch.isSilent(at: hand.nowNanoseconds, waited: 0)
        #expect(!isSilent)
        let after = await silence(of: &watch, lookingFor: 1000, waitingPercent: 0)
        #expect(after == 500)
    }

    @Test func `one that is told to stop has twelve seconds from then on, and is told once`()
        async
    {
        var watch = watch()
        await pass(4000)
        let told = [watch.stop(at: hand.nowNanoseconds), watch.stop(at: hand.nowNanoseconds)]
        #expect(told == [true, false])
        let stopped = await silence(of: &watch, lookingFor: 20_000, waitingPercent: 0)
        #expect(stopped == 12_100)
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
