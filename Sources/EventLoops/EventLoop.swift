import CLinux
import Glibc

/// A thread with an epoll descriptor, on which tasks that prefer it run.
///
/// Whatever a task of this loop touches between two suspensions is touched by one thread alone, so
/// loop-confined state needs no lock.
public final class EventLoop: TaskExecutor, @unchecked Sendable {
    // Sendable: `incoming` is behind its lock; everything else is used by the loop's thread alone,
    // which `watch`, `forget` and `sleep` check, or is set before that thread starts.
    private struct Incoming {
        var jobs = ContiguousArray<UnownedJob>()
        var isWakePending = false
        var isStopped = false
    }

    /// The name of the thread, as `top -H` shows it.
    public let name: String
    private let epoll: Int32
    private let wake: Int32
    private var thread = pthread_t()
    private let incoming = Locked(Incoming())

    private var jobs = ContiguousArray<UnownedJob>()
    private var runningJobs = ContiguousArray<UnownedJob>()
    private var timers = TimerQueue<UnsafeContinuation<Void, Never>>()
    private var calls = TimerQueue<any TimerHandler>()
    private var watched = ContiguousArray<Watch?>()
    private var generation: UInt32 = 0
    private var waitedNanoseconds: UInt64 = 0
    private var counters = LoopCounters()

    private struct Watch {
        let generation: UInt32
        let handler: any EventHandler
    }

    /// The most jobs in a turn, so that sockets and timers are served between long chains of tasks.
    private static let jobsPerTurn = 4096
    private static let eventsPerTurn = 256

    /// Starts the loop's thread.
    ///
    /// - Throws: `SystemCallError` where the system gives no descriptor or thread.
    public init(name: String) throws(SystemCallError) {
        self.name = name
        epoll = epoll_create1(Int32(EPOLL_CLOEXEC))
        guard epoll >= 0 else { throw SystemCallError(call: "epoll_create1", number: errno) }
        wake = eventfd(0, Int32(EFD_CLOEXEC | EFD_NONBLOCK))
        guard wake >= 0 else { throw SystemCallError(call: "eventfd", number: errno) }
        var event = epoll_event()
        event.events = EPOLLIN.rawValue
        event.data.u64 = UInt64.max
        guard epoll_ctl(epoll, EPOLL_CTL_ADD, wake, &event) == 0 else {
            throw SystemCallError(call: "epoll_ctl", number: errno)
        }
        try start()
    }

    deinit {
        close(wake)
        close(epoll)
    }

    private func start() throws(SystemCallError) {
        let this = Unmanaged.passRetained(self).toOpaque()
        let number = pthread_create(
            &thread, nil,
            { argument in
                guard let argument else { return nil }
                let loop = Unmanaged<EventLoop>.fromOpaque(argument).takeRetainedValue()
                loop.run()
                return nil
            }, this)
        guard number == 0 else { throw SystemCallError(call: "pthread_create", number: number) }
    }

    /// Whether the caller runs on this loop's thread.
    @inline(__always)
    public var isCurrent: Bool { CurrentLoop.isCurrent(self) }

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
            defer { incoming.isWakePending = true }
            return !incoming.isWakePending
        }
        if mustWake { wakeUp() }
    }

    /// Suspends the caller, a task of this loop, until `deadline` (monotonic nanoseconds).
    ///
    /// Returns at once where that time has come, and early on `wakeSleepers`; so look at the clock
    /// again. Does not end early on cancellation.
    public func sleep(until deadline: UInt64) async {
        if deadline <= MonotonicClock.nowNanoseconds { return }
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
    public func call(_ handler: any TimerHandler, at deadline: UInt64) {
        precondition(isCurrent, "call is for the loop's own thread")
        calls.insert(handler, deadline: deadline)
    }

    /// Watches a descriptor for both directions, edge-triggered, until `forget`; on the loop only.
    public func watch(_ descriptor: Int32, handler: any EventHandler) throws(SystemCallError) {
        try watch(
            descriptor,
            events: EPOLLIN.rawValue | EPOLLOUT.rawValue | EPOLLRDHUP.rawValue | EPOLLET.rawValue,
            handler)
    }

    /// Watches a descriptor level-triggered until `forget`: its handler is called in every turn in
    /// which the descriptor is ready for one of `interests`; on the loop only.
    public func watch(
        _ descriptor: Int32, for interests: Interests, handler: any EventHandler
    ) throws(SystemCallError) {
        try watch(descriptor, events: interests.rawValue, handler)
    }

    private func watch(
        _ descriptor: Int32, events: UInt32, _ handler: any EventHandler
    ) throws(SystemCallError) {
        precondition(isCurrent, "watch is for the loop's own thread")
        generation &+= 1
        while watched.count <= Int(descriptor) { watched.append(nil) }
        watched[Int(descriptor)] = Watch(generation: generation, handler: handler)
        guard control(EPOLL_CTL_ADD, descriptor, events, generation) == 0 else {
            watched[Int(descriptor)] = nil
            throw SystemCallError(call: "epoll_ctl", number: errno)
        }
    }

    /// Changes what a level-triggered watch is for; on the loop only.
    public func change(_ descriptor: Int32, to interests: Interests) {
        precondition(isCurrent, "change is for the loop's own thread")
        guard let watch = watched[Int(descriptor)] else { return }
        _ = control(EPOLL_CTL_MOD, descriptor, interests.rawValue, watch.generation)
    }

    private func control(
        _ operation: Int32, _ descriptor: Int32, _ events: UInt32, _ generation: UInt32
    ) -> Int32 {
        var event = epoll_event()
        event.events = events
        event.data.u64 = UInt64(generation) << 32 | UInt64(UInt32(bitPattern: descriptor))
        return epoll_ctl(epoll, operation, descriptor, &event)
    }

    /// Ends the watch; call it before the descriptor is closed, on the loop only.
    public func forget(_ descriptor: Int32) {
        precondition(isCurrent, "forget is for the loop's own thread")
        watched[Int(descriptor)] = nil
        _ = control(EPOLL_CTL_DEL, descriptor, 0, 0)
    }

    /// Ends the thread once its present jobs are done, and waits for that; not on the loop itself.
    public func stop() {
        precondition(!isCurrent, "a loop cannot wait for its own end")
        incoming.withLock { $0.isStopped = true }
        wakeUp()
        pthread_join(thread, nil)
    }

    private func wakeUp() {
        var one: UInt64 = 1
        _ = write(wake, &one, 8)
    }

    // MARK: The loop's own thread

    private func run() {
        CurrentLoop.enter(self)
        name.withCString { _ = pthread_setname_np(pthread_self(), $0) }
        // The default slack of 50 µs would be lag of the generator's own making.
        _ = linux_set_timer_slack(1)
        var events = ContiguousArray(repeating: epoll_event(), count: Self.eventsPerTurn)
        while true {
            runJobs()
            resumeTimers()
            guard let timeout = nextTimeout() else { return }
            let count = wait(for: &events, timeoutNanoseconds: timeout)
            counters.turns += 1
            counters.events += max(0, count)
            for index in 0..<max(0, count) { dispatch(events[index]) }
        }
    }

    private func runJobs() {
        incoming.withLock { incoming in
            guard !incoming.jobs.isEmpty else { return }
            jobs.append(contentsOf: incoming.jobs)
            incoming.jobs.removeAll(keepingCapacity: true)
        }
        var left = Self.jobsPerTurn
        while !jobs.isEmpty, left > 0 {
            swap(&jobs, &runningJobs)
            let executor = asUnownedTaskExecutor()
            for job in runningJobs { job.runSynchronously(on: executor) }
            left -= runningJobs.count
            runningJobs.removeAll(keepingCapacity: true)
        }
    }

    private func resumeTimers() {
        guard let earliest = earliestTimer else { return }
        let now = MonotonicClock.nowNanoseconds
        guard earliest <= now else { return }
        while let continuation = timers.popDue(at: now) { continuation.resume() }
        while let handler = calls.popDue(at: now) { handler.timerFired(at: now) }
    }

    private var earliestTimer: UInt64? {
        guard let call = calls.earliest else { return timers.earliest }
        return min(call, timers.earliest ?? call)
    }

    /// Zero where there is work, absent where the loop is to end, no bound as `UInt64.max`.
    private func nextTimeout() -> UInt64? {
        let (hasWork, isStopped) = incoming.withLock { incoming in
            incoming.isWakePending = false
            return (!incoming.jobs.isEmpty, incoming.isStopped)
        }
        if hasWork || !jobs.isEmpty { return 0 }
        if isStopped { return nil }
        guard let earliest = earliestTimer else { return UInt64.max }
        let now = MonotonicClock.nowNanoseconds
        return earliest > now ? earliest - now : 0
    }

    private func wait(
        for events: inout ContiguousArray<epoll_event>, timeoutNanoseconds: UInt64
    ) -> Int {
        if timeoutNanoseconds == 0 {
            return events.withUnsafeMutableBufferPointer {
                Int(epoll_wait(epoll, $0.baseAddress, Int32($0.count), 0))
            }
        }
        let before = MonotonicClock.nowNanoseconds
        // A day is no bound that matters, and keeps the seconds in range.
        let bounded = min(timeoutNanoseconds, 86_400_000_000_000)
        var timeout = timespec(
            tv_sec: Int(bounded / 1_000_000_000), tv_nsec: Int(bounded % 1_000_000_000))
        let count = events.withUnsafeMutableBufferPointer {
            Int(epoll_pwait2(epoll, $0.baseAddress, Int32($0.count), &timeout, nil))
        }
        let waited = MonotonicClock.nowNanoseconds - before
        waitedNanoseconds += waited
        if count == 0, waited >= bounded {
            let overshoot = waited - bounded
            counters.timerWakes += 1
            counters.overshootNanoseconds += overshoot
            counters.mostOvershootNanoseconds = max(counters.mostOvershootNanoseconds, overshoot)
        }
        return count
    }

    private func dispatch(_ event: epoll_event) {
        if event.data.u64 == UInt64.max {
            var count: UInt64 = 0
            _ = read(wake, &count, 8)
            return
        }
        let descriptor = Int(event.data.u64 & 0xFFFF_FFFF)
        guard let watch = watched[descriptor],
            watch.generation == UInt32(event.data.u64 >> 32)
        else { return }  // The descriptor was closed, and perhaps reused, in this very turn.
        watch.handler.handle(Readiness(events: event.events))
    }
}
