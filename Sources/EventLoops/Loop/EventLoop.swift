import CLinux
import Glibc
import Synchronization

/// A thread with an epoll descriptor, on which tasks that prefer it run.
///
/// Whatever a task of this loop touches between two suspensions is touched by one thread alone, so
/// loop-confined state needs no lock.
public final class EventLoop: TaskExecutor, @unchecked Sendable {
    // Sendable: `incoming` is behind its lock; everything else is used by the loop's thread alone,
    // which `watch`, `forget` and `sleep` check, or is set before that thread starts.
    struct Incoming {
        var jobs = ContiguousArray<UnownedJob>()
        var isWakePending = false
        var isStopped = false
    }

    /// The name of the thread, as `top -H` shows it.
    public let name: String
    /// Measures its timers.
    public let clock: MonotonicClock
    let epoll: Int32
    let wake: Int32
    /// Ends a wait when the earliest timer is due.
    ///
    /// It stays set over the waits that something else ends, so that a wait costs no timer of the
    /// kernel's, which under a hypervisor is microseconds.
    var alarm: Alarm
    /// Armed for the deadline that is expected next: cheap while an earlier alarm is pending, whose
    /// interrupt then programs the hardware.
    var nextAlarm: Alarm
    private(set) var thread = pthread_t()
    /// For `rounds`; written by the loop's own thread.
    let round = Atomic<UInt64>(0)
    /// Sockets served by a library, whose call may never return.
    public let sockets = LoopSockets()
    /// Rings while a loop that is behind others works.
    var yieldTimer: YieldTimer?
    let incoming = Locked(Incoming())

    var jobs = ContiguousArray<UnownedJob>()
    var runningJobs = ContiguousArray<UnownedJob>()
    var timers = TimerQueue<UnsafeContinuation<Void, Never>>()
    var calls = TimerQueue<any TimerHandler>()
    var turnHandlers = ContiguousArray<any TurnHandler>()
    var runningTurnHandlers = ContiguousArray<any TurnHandler>()
    var watched = ContiguousArray<Watch?>()
    var generation: UInt32 = 0
    var isStopped = false
    /// The clock as this turn last read it.
    var now: UInt64 = 0
    /// The expected deadline of a timer that is not set yet; in the past if it is unknown.
    var expected: UInt64 = 0
    var waitedNanoseconds: UInt64 = 0
    var counters = LoopCounters()
    var lookout = Lookout()
    /// Notified when the loop was held up for a while; on the loop only.
    public weak var holdUpHandler: (any HoldUpHandler)?

    struct Watch {
        let generation: UInt32
        let handler: any EventHandler
    }

    /// What epoll gives back for the loop's own descriptors; no watch has such a number.
    static let wakeTag = UInt64.max
    static let alarmTag = UInt64.max - 1

    /// Starts the loop's thread.
    ///
    /// - Throws: `SystemCallError` where the system gives no descriptor or thread.
    public init(name: String, clock: MonotonicClock = .system) throws(SystemCallError) {
        self.name = name
        self.clock = clock
        epoll = epoll_create1(Int32(EPOLL_CLOEXEC))
        guard epoll >= 0 else { throw SystemCallError(call: "epoll_create1", number: errno) }
        wake = eventfd(0, Int32(EFD_CLOEXEC | EFD_NONBLOCK))
        guard wake >= 0 else { throw SystemCallError(call: "eventfd", number: errno) }
        alarm = try Alarm()
        nextAlarm = try Alarm()
        try watchOwn(wake, tag: Self.wakeTag, events: EPOLLIN.rawValue)
        for descriptor in [alarm.descriptor, nextAlarm.descriptor] {
            // Edge-triggered, it need not be read.
            try watchOwn(
                descriptor, tag: Self.alarmTag, events: EPOLLIN.rawValue | EPOLLET.rawValue)
        }
        try start()
    }

    private func watchOwn(
        _ descriptor: Int32, tag: UInt64, events: UInt32
    ) throws(SystemCallError) {
        var event = epoll_event()
        event.events = events
        event.data.u64 = tag
        guard epoll_ctl(epoll, EPOLL_CTL_ADD, descriptor, &event) == 0 else {
            throw SystemCallError(call: "epoll_ctl", number: errno)
        }
    }

    deinit {
        close(wake)
        close(epoll)
    }

    private func start() throws(SystemCallError) {
        clock.manual?.add(self)
        let this = Unmanaged.passRetained(self).toOpaque()
        let number = pthread_create(
            &thread, nil,
            { argument in
                guard let argument else { return nil }
                let loop = Unmanaged<EventLoop>.fromOpaque(argument).takeRetainedValue()
                loop.run()
                return nil
            }, this)
        guard number == 0 else {
            clock.manual?.remove(self)
            throw SystemCallError(call: "pthread_create", number: number)
        }
    }

    /// Whether the caller runs on this loop's thread.
    @inline(__always)
    public var isCurrent: Bool { CurrentLoop.isCurrent(self) }

    /// Now, by the loop's clock: monotonic nanoseconds; callable on any thread.
    @inlinable @inline(__always)
    public var nowNanoseconds: UInt64 { clock.nowNanoseconds }

    /// Time that this loop has spent waiting for events, in nanoseconds; on the loop only.
    public var idleNanoseconds: UInt64 { waitedNanoseconds }

    /// What the loop did since the last call; on the loop only.
    public func takeCounters() -> LoopCounters {
        precondition(isCurrent, "takeCounters is for the loop's own thread")
        defer { counters = LoopCounters() }
        return counters
    }

    /// Takes a job of a task that prefers this loop; callable on any thread.
    public func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        if isCurrent {
            jobs.append(job)
            return
        }
        let mustWake = incoming.withLock { incoming in
            precondition(!incoming.isStopped, "a task was sent to a loop that has ended")
            incoming.jobs.append(job)
            guard !incoming.isWakePending else { return false }
            incoming.isWakePending = true
            clock.manual?.works(self)
            return true
        }
        if mustWake { wakeUp() }
    }

    /// Suspends the caller, a task of this loop, until `deadline` (monotonic nanoseconds).
    ///
    /// Returns at once where that time has come, and early on `wakeSleepers`; so look at the clock
    /// again. Does not end early on cancellation.
    public func sleep(until deadline: UInt64) async {
        if deadline <= clock.nowNanoseconds { return }
        await withUnsafeContinuation { continuation in
            precondition(isCurrent, "sleep is for the loop's own tasks")
            timers.insert(continuation, deadline: deadline)
        }
    }

    /// Resumes every task that sleeps on this loop, whatever its deadline; on the loop only.
    public func wakeSleepers() {
        precondition(isCurrent, "wakeSleepers is for the loop's own thread")
        while let continuation = timers.popDue(at: .max) { continuation.resume() }
    }

    /// Calls `handler` once, not before `deadline` (monotonic nanoseconds); on the loop only.
    ///
    /// - Parameter next: when it will ask to be called after that (monotonic nanoseconds), where it
    ///   knows, which makes that call cheaper; nothing is called for it.
    public func call(
        _ handler: any TimerHandler, at deadline: UInt64, expecting next: UInt64? = nil
    ) {
        precondition(isCurrent, "call is for the loop's own thread")
        calls.insert(handler, deadline: deadline)
        if let next { expected = next }
    }

    /// Calls `handler` once, at the end of the present turn, before the loop waits; on the loop
    /// only.
    public func callAtEndOfTurn(_ handler: any TurnHandler) {
        precondition(isCurrent, "callAtEndOfTurn is for the loop's own thread")
        turnHandlers.append(handler)
    }

    /// Ends the thread once its present jobs are done, and waits for that; not on the loop itself.
    public func stop() {
        precondition(!isCurrent, "a loop cannot wait for its own end")
        incoming.withLock { $0.isStopped = true }
        wakeUp()
        pthread_join(thread, nil)
    }

    func wakeUp() {
        var one: UInt64 = 1
        _ = write(wake, &one, 8)
    }
}
