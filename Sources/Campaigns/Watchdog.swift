import EventLoops
import Targets
import Verdicts

/// Sees from a thread of its own when a loop of a run does not come round, and ends what keeps it.
///
/// libcurl reads an HTTP/2 connection until nothing is there to be read, which a target that sends
/// without end puts off for ever; deadlines, the end of the load and an interrupt then wait. To
/// shut the loop's connections brings it back, and the requests on them have failed. A loop that
/// was away for twice the timeout of a request voids the run; one that does not come back is given
/// up, with the run.
final class Watchdog: Sendable {
    /// What a loop is for.
    enum Role {
        case generator
        /// It also compares heaps and writes files, which takes its time.
        case control
    }

    private struct State {
        var watches: [(loop: any WatchedLoop, role: Role, watch: LoopWatch)] = []
        var endNanoseconds = UInt64.max
        var finding: String?
        var isLost = false
    }

    private let state = Locked(State())
    private let control: RunControl
    private let limitNanoseconds: UInt64
    private let giveUp: @Sendable (String) -> Void

    static let pollNanoseconds: UInt64 = 25_000_000
    /// One call of libcurl that takes a second of CPU time is reading more than any answer has.
    private static let processorNanoseconds: UInt64 = 1_000_000_000
    /// At the end of the load, what is in flight may still be answered.
    private static let processorAtEndNanoseconds: UInt64 = 300_000_000
    /// An interrupt waits for nothing.
    private static let processorAtStopNanoseconds: UInt64 = 30_000_000
    private static let graceNanoseconds: UInt64 = 2_000_000_000
    private static let minimumNanoseconds: UInt64 = 5_000_000_000
    private static let controlNanoseconds: UInt64 = 60_000_000_000

    /// A watchdog of a run.
    ///
    /// - Parameters:
    ///   - timeoutNanoseconds: of a request; twice that, and at least 5 s, a loop may be away.
    ///   - giveUp: called once with the reason, on the thread that looks, where a loop does not
    ///     come back; what it does not end goes on.
    init(
        control: RunControl, timeoutNanoseconds: UInt64,
        giveUp: @escaping @Sendable (String) -> Void
    ) {
        self.control = control
        limitNanoseconds = max(Self.minimumNanoseconds, 2 * timeoutNanoseconds)
        self.giveUp = giveUp
    }

    /// Why the run is void; `nil` if every loop has come round.
    var finding: String? { state.withLock { $0.finding } }

    /// Watches a loop until `forget`.
    func watch(_ loop: any WatchedLoop, as role: Role) {
        state.withLock { $0.watches.append((loop, role, LoopWatch())) }
    }

    /// Watches a loop no more; call it before the loop's end.
    func forget(_ loop: any WatchedLoop) {
        state.withLock { $0.watches.removeAll { $0.loop === loop } }
    }

    /// From this time on, monotonic nanoseconds, the run is to end; a loop may then work for less.
    func expectEnd(at nanoseconds: UInt64) {
        state.withLock { $0.endNanoseconds = nanoseconds }
    }

    /// Looks at every loop; `now` is monotonic nanoseconds.
    func look(at now: UInt64) {
        let isStopping = control.isStopRequested
        let lost: String? = state.withLock { state in
            let isEnding = isStopping || now >= state.endNanoseconds
            let processor =
                isStopping
                ? Self.processorAtStopNanoseconds
                : isEnding ? Self.processorAtEndNanoseconds : Self.processorNanoseconds
            for index in state.watches.indices {
                let (loop, role) = (state.watches[index].loop, state.watches[index].role)
                let finding = state.watches[index].watch.look(
                    at: now, rounds: loop.rounds, processor: loop.processorNanoseconds,
                    allowed: LoopWatch.Allowance(
                        processor: processor,
                        elapsed: role == .control ? Self.controlNanoseconds : limitNanoseconds,
                        grace: Self.graceNanoseconds),
                    isEnding: isEnding && role == .generator)
                guard let finding else { continue }
                loop.shutSockets()
                guard let words = words(finding, loop.name) else { continue }
                if state.finding == nil { state.finding = words }
                guard case .lost = finding, !state.isLost else { continue }
                state.isLost = true
                return words
            }
            return nil
        }
        if let lost { giveUp(lost) }
    }

    private func words(_ finding: LoopWatch.Finding, _ name: String) -> String? {
        switch finding {
        case .busy: return nil
        case .stuck(let nanoseconds):
            return "the thread \(name) did not come round for \(Figure.time(nanoseconds)) (allowed "
                + "\(Figure.time(limitNanoseconds))), so its connections were closed"
        case .lost(let nanoseconds):
            return "the thread \(name) did not come round for \(Figure.time(nanoseconds)), nor "
                + "when its connections were closed, so the run was given up"
        }
    }
}

/// Has a watchdog look every 25 ms, on a thread of its own, until `stop`.
final class WatchdogThread {
    private final class Timer: TimerHandler {
        private let watchdog: Watchdog
        private unowned let loop: EventLoop

        init(_ watchdog: Watchdog, _ loop: EventLoop) {
            self.watchdog = watchdog
            self.loop = loop
        }

        func timerFired(at now: UInt64) {
            watchdog.look(at: now)
            loop.call(self, at: now + Watchdog.pollNanoseconds)
        }
    }

    private let loop: EventLoop

    init(
        _ watchdog: Watchdog, clock: MonotonicClock = .system
    ) async throws(SystemCallError) {
        let loop = try EventLoop(name: "watchdog", clock: clock)
        self.loop = loop
        await withTaskExecutorPreference(loop) {
            Timer(watchdog, loop).timerFired(at: loop.nowNanoseconds)
        }
    }

    func stop() { loop.stop() }
}
