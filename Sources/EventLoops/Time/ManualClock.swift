import Synchronization

/// A clock that a test turns by hand: its time passes in the calls below, and at no other moment.
///
/// The timers of its loops fire when their time has come on it, in the order of their deadlines.
/// Before it goes on, all its loops have done what they had to do and wait; what a loop is sent
/// over a socket, or a task does elsewhere, is not waited for. Callable on any thread.
public final class ManualClock: Sendable {
    private struct Member {
        unowned let loop: EventLoop
        var isWorking = true
        /// When its earliest timer is due.
        var deadline = UInt64.max
    }

    /// Somebody who turns the clock.
    private struct Hand {
        /// No timer after this is for it.
        let end: UInt64
        let isDone: @Sendable () -> Bool
        let continuation: CheckedContinuation<Void, Never>
    }

    private struct State {
        var members: [Member] = []
        var hand: Hand?
    }

    private let time: Atomic<UInt64>
    private let state = Locked(State())

    /// A clock that stands at `nanoseconds`.
    public init(at nanoseconds: UInt64 = 1_000_000_000_000) { time = Atomic(nanoseconds) }

    /// The clock to give to a loop, or to what has none.
    public var clock: MonotonicClock { MonotonicClock(manual: self) }

    /// Where it stands, in nanoseconds.
    public var nowNanoseconds: UInt64 {
        @_effects(releasenone) get { time.load(ordering: .acquiring) }
    }

    /// Turns it to `nanoseconds`, with a stop at every timer that is due on the way.
    public func advance(to nanoseconds: UInt64) async {
        await turn(notAfter: nanoseconds) { false }
        await jump(to: nanoseconds)
    }

    /// Turns it to `nanoseconds` at once, as if all loops had been held up until then.
    public func jump(to nanoseconds: UInt64) async {
        await settle()
        state.withLock { set(&$0, to: nanoseconds) }
        await settle()
    }

    /// Lets time pass while loops work, since work takes time; no timer fires before it is done.
    public func pass(_ nanoseconds: UInt64) {
        time.add(nanoseconds, ordering: .acquiringAndReleasing)
    }

    /// Turns it from timer to timer until `body` has come to its end.
    public func turn<Value: Sendable>(
        through body: @escaping @Sendable () async throws -> Value
    ) async throws -> Value {
        let isOver = Locked(false)
        @Sendable func run() async throws -> Value {
            defer { isOver.withLock { $0 = true } }
            return try await body()
        }
        async let value = run()
        await turn { isOver.withLock { $0 } }
        return try await value
    }

    /// Turns it from timer to timer until `isDone`, which is asked while all loops wait.
    public func turn(until isDone: @escaping @Sendable () -> Bool) async {
        while true {
            await turn(notAfter: .max - 1, until: isDone)
            if isDone() { return }
            // What goes on elsewhere may lead to a timer.
            await Task.yield()
        }
    }

    /// Returns once every loop waits.
    public func settle() async { await turn(notAfter: 0) { true } }

    /// Turns it until `isDone`, or until no timer is left that is due by `end`.
    private func turn(notAfter end: UInt64, until isDone: @escaping @Sendable () -> Bool) async {
        await withCheckedContinuation { continuation in
            let ended = state.withLock { state in
                precondition(state.hand == nil, "two tasks turn one clock")
                state.hand = Hand(end: end, isDone: isDone, continuation: continuation)
                return goOn(&state)
            }
            ended?.resume()
        }
    }

    /// Goes on to the earliest timer if all loops wait; whoever turns the clock, where it need not
    /// be turned any more.
    private func goOn(_ state: inout State) -> CheckedContinuation<Void, Never>? {
        guard let hand = state.hand, state.members.allSatisfy({ !$0.isWorking }) else { return nil }
        let next = state.members.lazy.map(\.deadline).min() ?? .max
        guard next <= hand.end, !hand.isDone() else {
            state.hand = nil
            return hand.continuation
        }
        set(&state, to: next)
        return nil
    }

    /// Sets the time, and wakes the loops that have a timer which is due.
    private func set(_ state: inout State, to nanoseconds: UInt64) {
        let now = max(nanoseconds, nowNanoseconds)
        time.store(now, ordering: .releasing)
        for index in state.members.indices where state.members[index].deadline <= now {
            state.members[index].isWorking = true
            // One that turns the clock by going to rest need not be woken.
            if !state.members[index].loop.isCurrent { state.members[index].loop.wakeUp() }
        }
    }

    // MARK: What loops call

    /// A loop is there, and works.
    func add(_ loop: EventLoop) { state.withLock { $0.members.append(Member(loop: loop)) } }

    /// A loop has ended.
    func remove(_ loop: EventLoop) {
        let ended = state.withLock { state in
            state.members.removeAll { $0.loop === loop }
            return goOn(&state)
        }
        ended?.resume()
    }

    /// A loop works, or is about to.
    func works(_ loop: EventLoop) {
        state.withLock { state in
            guard let index = state.members.firstIndex(where: { $0.loop === loop }) else { return }
            state.members[index].isWorking = true
            state.members[index].deadline = .max
        }
    }

    /// A loop has nothing to do before its earliest timer.
    ///
    /// - Returns: whether that is still so, and who turned the clock until now, to be resumed.
    func rests(
        _ loop: EventLoop, until deadline: UInt64?
    ) -> (isResting: Bool, ended: CheckedContinuation<Void, Never>?) {
        state.withLock { state in
            guard let index = state.members.firstIndex(where: { $0.loop === loop }) else {
                return (true, nil)
            }
            state.members[index].isWorking = false
            state.members[index].deadline = deadline ?? .max
            let ended = goOn(&state)
            return (!state.members[index].isWorking, ended)
        }
    }
}
