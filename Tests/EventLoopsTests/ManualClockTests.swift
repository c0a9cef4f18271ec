import Testing

@testable import EventLoops

@Suite(.timeLimit(.minutes(20))) struct ManualClockTests {
    private let hand = ManualClock(at: 1000)

    /// Runs `body` beside a loop of the clock, and stops the loop.
    private func withLoop(_ body: (EventLoop) async throws -> Void) async throws {
        let loop = try EventLoop(name: "manual", clock: hand.clock)
        defer { loop.stop() }
        try await body(loop)
    }

    /// Tells a list when it is called.
    private final class Listed: TimerHandler {
        private let list: Locked<[UInt64]>

        init(_ list: Locked<[UInt64]>) { self.list = list }

        func timerFired(at now: UInt64) { list.withLock { $0.append(now) } }
    }

    @Test func `timers fire in the order of their deadlines, each at its time`() async throws {
        let hand = hand
        try await withLoop { loop in
            let wakes = Locked<[UInt64]>([])
            await withTaskGroup(of: Void.self) { group in
                for deadline: UInt64 in [1015, 1005, 1010, 900, 1005] {
                    group.addTask(executorPreference: loop) {
                        await loop.sleep(until: deadline)
                        #expect(loop.isCurrent)
                        wakes.withLock { $0.append(loop.nowNanoseconds) }
                    }
                }
                group.addTask(executorPreference: loop) {
                    let listed = Listed(wakes)
                    for deadline: UInt64 in [1012, 1007, 1012] { loop.call(listed, at: deadline) }
                    await loop.sleep(until: 1015)
                }
                await hand.advance(to: 1010)
                #expect(wakes.withLock { $0 } == [1000, 1005, 1005, 1007, 1010])
                #expect(hand.nowNanoseconds == 1010)
                await hand.advance(to: 2000)
            }
            #expect(wakes.withLock { $0 } == [1000, 1005, 1005, 1007, 1010, 1012, 1012, 1015])
            #expect(hand.nowNanoseconds == 2000)
        }
    }

    @Test func `a timer that another one sets fires on the way, too`() async throws {
        let hand = hand
        try await withLoop { loop in
            await withTaskGroup(of: [UInt64].self) { group in
                group.addTask(executorPreference: loop) {
                    var times: [UInt64] = []
                    while times.count < 5 {
                        await loop.sleep(until: loop.nowNanoseconds + 100)
                        times.append(loop.nowNanoseconds)
                    }
                    return times
                }
                await hand.advance(to: 1450)
                await hand.advance(to: 1600)
                for await times in group { #expect(times == [1100, 1200, 1300, 1400, 1500]) }
            }
        }
    }

    @Test func `a jump holds every loop up until its end`() async throws {
        let hand = hand
        try await withLoop { loop in
            await withTaskGroup(of: UInt64.self) { group in
                group.addTask(executorPreference: loop) {
                    await loop.sleep(until: 1100)
                    return loop.nowNanoseconds
                }
                await hand.jump(to: 5000)
                for await time in group { #expect(time == 5000) }
            }
        }
    }

    @Test func `loops that send tasks to one another have all done so before it goes on`()
        async throws
    {
        let hand = hand
        try await withLoop { one in
            let other = try EventLoop(name: "other", clock: hand.clock)
            defer { other.stop() }
            let times = try await hand.turn {
                await withTaskExecutorPreference(one) {
                    var times: [UInt64] = []
                    for _ in 0..<100 {
                        await one.sleep(until: one.nowNanoseconds + 10)
                        times.append(
                            await withTaskExecutorPreference(other) {
                                await other.sleep(until: other.nowNanoseconds + 5)
                                return other.nowNanoseconds
                            })
                    }
                    return times
                }
            }
            #expect(times == (1...100).map { 1000 + UInt64($0) * 15 })
        }
    }

    @Test func `waiting is counted as idle time, and a turn that does not wait is not`()
        async throws
    {
        let hand = hand
        try await withLoop { loop in
            let idle = try await hand.turn {
                await withTaskExecutorPreference(loop) {
                    let before = loop.idleNanoseconds
                    await loop.sleep(until: loop.nowNanoseconds + 20_000_000)
                    let waited = loop.idleNanoseconds
                    for _ in 0..<10 { await loop.turn() }
                    return [waited - before, loop.idleNanoseconds - waited]
                }
            }
            #expect(idle == [20_000_000, 0])
        }
    }

    @Test func `time that passes while a loop works is not taken back`() async throws {
        let hand = hand
        try await withLoop { loop in
            let times = try await hand.turn {
                await withTaskExecutorPreference(loop) {
                    await loop.sleep(until: 1100)
                    hand.pass(250)
                    let worked = loop.nowNanoseconds
                    await withTaskGroup(of: Void.self) { group in
                        group.addTask { await loop.sleep(until: 1400) }
                    }
                    return [worked, loop.nowNanoseconds]
                }
            }
            #expect(times == [1350, 1400])
        }
    }

    @Test func `a clock without loops is turned all the same`() async {
        await hand.advance(to: 1500)
        await hand.jump(to: 1400)
        #expect(hand.clock.nowNanoseconds == 1500)
    }

    @Test func `the system's clock goes on by itself`() {
        let before = MonotonicClock.system.nowNanoseconds
        #expect(MonotonicClock.system.nowNanoseconds >= before && before > 0)
    }
}
