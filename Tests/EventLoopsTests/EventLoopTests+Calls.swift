import CLinux
import Foundation
import Glibc
import Testing

@testable import EventLoops

/// Calls at a time.
extension EventLoopTests {
    /// Counts calls, and those of each turn.
    private final class PortionCounter: TimerHandler, TurnHandler {
        var calls = 0
        var maximumInATurn = 0
        private var inThisTurn = 0
        private let loop: EventLoop

        init(_ loop: EventLoop) { self.loop = loop }

        func timerFired(at now: UInt64) {
            if inThisTurn == 0 { loop.callAtEndOfTurn(self) }
            calls += 1
            inThisTurn += 1
            maximumInATurn = max(maximumInATurn, inThisTurn)
        }

        func turnEnds() { inThisTurn = 0 }
    }

    /// Else what is there to be read would wait for all of them.
    @Test func `calls that are due together come in portions, and none is lost`() async throws {
        let (calls, most) = try await withLoop { loop in
            let counter = PortionCounter(loop)
            for _ in 0..<1000 { loop.call(counter, at: 1) }
            while counter.calls < 1000 { await loop.turn() }
            await loop.turn()
            return (counter.calls, counter.maximumInATurn)
        }
        #expect(calls == 1000 && most <= 32)
    }

    /// Asks to be called at every time of a list, and says what it expects after each.
    private final class Listed: TimerHandler {
        private(set) var calls: [UInt64] = []
        private let times: [UInt64]
        private let loop: EventLoop
        private let expecting: (Int) -> UInt64?

        init(_ times: [UInt64], on loop: EventLoop, expecting: @escaping (Int) -> UInt64?) {
            self.times = times
            self.loop = loop
            self.expecting = expecting
        }

        var isDone: Bool { calls.count == times.count }

        func start() { loop.call(self, at: times[0], expecting: expecting(0)) }

        func timerFired(at now: UInt64) {
            calls.append(now)
            let next = calls.count
            if next < times.count { loop.call(self, at: times[next], expecting: expecting(next)) }
        }
    }

    /// In microseconds from the time of the call; the right one is 300.
    @Test(arguments: [nil, 300, 100, 450, 10_000, 0, -5_000])
    func `what is called comes once and never early, whatever is expected after it`(offset: Int?)
        async throws
    {
        let (times, calls) = try await withLoop { loop in
            let start = loop.nowNanoseconds
            let times = (1...100).map { start + UInt64($0) * 300_000 }
            let listed = Listed(times, on: loop) { index in
                offset.map { UInt64(Int(times[index]) + $0 * 1000) }
            }
            listed.start()
            // Other timers come between.
            while !listed.isDone {
                await loop.sleep(until: loop.nowNanoseconds + 700_000)
            }
            return (times, listed.calls)
        }
        #expect(calls.count == times.count)
        #expect(zip(calls, times).allSatisfy { $0 >= $1 })
    }
}
