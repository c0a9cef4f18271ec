import EventLoops
import Glibc
import Testing

@testable import Campaigns
@testable import Targets

@Suite(.timeLimit(.minutes(20))) struct WatchdogTests {
    private static let second: UInt64 = 1_000_000_000

    /// A loop whose turns and CPU time a test sets.
    private final class HandLoop: WatchedLoop {
        private struct State {
            var rounds: UInt64 = 1
            var processor: UInt64 = 0
            var shuts = 0
        }

        let name = "generator-0"
        private let state = Locked(State())

        var rounds: UInt64 { state.withLock { $0.rounds } }
        var processorNanoseconds: UInt64 { state.withLock { $0.processor } }
        var shuts: Int { state.withLock { $0.shuts } }

        func shutSockets() { state.withLock { $0.shuts += 1 } }
        func burn(_ nanoseconds: UInt64) { state.withLock { $0.processor += nanoseconds } }
        func comeRound() { state.withLock { $0.rounds += 2 } }
        func wait() { state.withLock { $0.rounds += 1 } }
    }

    /// A watchdog with a clock that the test turns.
    private final class Bench {
        let loop = HandLoop()
        let control = RunControl()
        private(set) var now: UInt64 = 1
        let watchdog: Watchdog
        private let given: Locked<[String]>

        var givenUp: [String] { given.withLock { $0 } }

        init(timeout: UInt64 = second, as role: Watchdog.Role = .generator) {
            let given = Locked<[String]>([])
            self.given = given
            watchdog = Watchdog(control: control, timeoutNanoseconds: timeout) { reason in
                given.withLock { $0.append(reason) }
            }
            watchdog.watch(loop, as: role)
            watchdog.look(at: now)
        }

        /// Turns the clock in steps of 100 ms, of which the loop works a share.
        func turn(_ seconds: Double, working share: Double = 1) {
            for _ in 0..<Int(seconds * 10) {
                now += second / 10
                loop.burn(UInt64(share * Double(second / 10)))
                watchdog.look(at: now)
            }
        }
    }

    @Test func `a loop that works a second on one thing has its connections shut`() {
        let bench = Bench()
        bench.turn(0.9)
        #expect(bench.loop.shuts == 0)
        bench.turn(0.1)
        #expect(bench.loop.shuts == 1)
        // It comes round, and goes on: the run is none the worse for it.
        bench.loop.comeRound()
        bench.turn(0.9)
        #expect(bench.loop.shuts == 1 && bench.watchdog.finding == nil && bench.givenUp.isEmpty)
    }

    @Test func `a loop that waits for events is away for as long as it likes`() {
        let bench = Bench()
        bench.loop.wait()
        bench.turn(100, working: 0)
        #expect(bench.loop.shuts == 0 && bench.watchdog.finding == nil)
    }

    @Test(arguments: [(1, 5), (20, 40)] as [(UInt64, Double)])
    func `a loop that is away for twice the timeout, and 5 s, voids the run`(
        timeout: UInt64, allowed: Double
    ) throws {
        let bench = Bench(timeout: timeout * Self.second)
        bench.turn(allowed - 0.1, working: 0)
        #expect(bench.loop.shuts == 0 && bench.watchdog.finding == nil)
        bench.turn(0.2, working: 0)
        #expect(bench.loop.shuts > 0 && bench.givenUp.isEmpty)
        let finding = try #require(bench.watchdog.finding)
        #expect(finding.hasPrefix("the thread generator-0 did not come round for \(Int(allowed))"))
        // Shut, it comes round, and the run ends in order.
        bench.loop.comeRound()
        bench.turn(60, working: 0)
        #expect(bench.watchdog.finding == finding)
    }

    @Test func `a loop that does not come back at all is given up, once`() {
        let bench = Bench()
        bench.turn(6.9, working: 0)
        #expect(bench.givenUp.isEmpty)
        bench.turn(1, working: 0)
        #expect(bench.givenUp.count == 1 && bench.givenUp[0].contains("given up"))
    }

    @Test(arguments: [true, false])
    func `at the end of a run, and when it is to stop, a loop may work for less`(isStop: Bool) {
        let bench = Bench()
        bench.turn(isStop ? 0.1 : 0.5)
        #expect(bench.loop.shuts == 0)
        if isStop { bench.control.stop() } else { bench.watchdog.expectEnd(at: bench.now) }
        bench.turn(0.1)
        #expect(bench.loop.shuts == 1 && bench.watchdog.finding == nil)
        bench.turn(1.8)
        #expect(bench.givenUp.isEmpty)
        bench.turn(0.2)
        #expect(bench.givenUp.count == 1)
    }

    @Test func `time in which the watchdog did not look is nobody's fault`() {
        let bench = Bench()
        bench.turn(4, working: 0)
        for _ in 0..<10 {
            // The whole process stood still.
            bench.watchdog.look(at: bench.now + 100 * Self.second)
        }
        #expect(bench.watchdog.finding == nil && bench.loop.shuts == 0)
    }

    @Test func `the control loop may take its time over files and heaps`() {
        let bench = Bench(as: .control)
        bench.control.stop()
        bench.turn(59)
        #expect(bench.watchdog.finding == nil && bench.givenUp.isEmpty)
        bench.turn(4)
        #expect(bench.givenUp.count == 1)
    }

    @Test func `a loop that is forgotten is not looked at`() {
        let bench = Bench()
        bench.watchdog.forget(bench.loop)
        bench.turn(100)
        #expect(bench.loop.shuts == 0)
    }

    /// A real loop hangs in a read until its socket is shut.
    @Test func `shutting the sockets of a loop brings it back from a read`() async throws {
        var ends: [Int32] = [-1, -1]
        try #require(socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0, &ends) == 0)
        let (own, other) = (ends[0], ends[1])
        defer { close(other) }
        let loop = try EventLoop(name: "hanging")
        defer { loop.stop() }
        loop.sockets.add(own)
        let hanging = Locked(false)
        async let count = withTaskExecutorPreference(loop) {
            hanging.withLock { $0 = true }
            var byte: UInt8 = 0
            let count = recv(own, &byte, 1, 0)
            loop.sockets.close(own)
            return count
        }
        while !hanging.withLock({ $0 }) { await Task.yield() }
        let watchdog = Watchdog(control: RunControl(), timeoutNanoseconds: Self.second) { _ in }
        watchdog.watch(loop, as: .generator)
        for tenth in 1...60 as ClosedRange<UInt64> {
            watchdog.look(at: tenth * Self.second / 10)
        }
        #expect(await count == 0)
        #expect(watchdog.finding?.contains("hanging") == true && loop.sockets.shutCount > 0)
        watchdog.forget(loop)
    }
}
