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
    private struct Incoming {
        var jobs = ContiguousArray<UnownedJob>()
        var isWakePending = false
        var isStopped = false
    }

    /// The name of the thread, as `top -H` shows it.
    public let name: String
    /// Measures its timers.
    public let clock: MonotonicClock
    let epoll: Int32
    private let wake: Int32
    /// Ends a wait when the earliest timer is due.
    ///
    /// It stays set over the waits that something else ends, so that a wait costs no timer of the
    /// kernel's, which under a hypervisor is microseconds.
    private var alarm: Alarm
    /// Set to what is expected after that: while an earlier alarm runs that costs little, and it is
    /// then the interrupt of the earlier one that sets the hardware.
    private var nextAlarm: Alarm
    private(set) var thread = pthread_t()
    /// For `rounds`; written by the loop's own thread.
    let round = Atomic<UInt64>(0)
    /// Sockets that a library serves, which may not come back from one.
    public let sockets = LoopSockets()
    /// Rings while a loop that is behind others works.
    var giveWay: GiveWayTimer?
    private let incoming = Locked(Incoming())

    private var jobs = ContiguousArray<UnownedJob>()
    private var runningJobs = ContiguousArray<UnownedJob>()
    private var timers = TimerQueue<UnsafeContinuation<Void, Never>>()
    private var calls = TimerQueue<any TimerHandler>()
    private var endings = ContiguousArray<any TurnHandler>()
    private var runningEndings = ContiguousArray<any TurnHandler>()
    var watched = ContiguousArray<Watch?>()
    var generation: UInt32 = 0
    private var isStopped = false
    /// The clock as this turn last read it.
    private var now: UInt64 = 0
    /// When a timer will be due that is not there yet; in the past where nobody said.
    private var expected: UInt64 = 0
    private var waitedNanoseconds: UInt64 = 0
    private var counters = LoopCounters()
    private var lookout = Lookout()
    /// Who is told when the loop did not come round for a while; on the loop only.
    public weak var holdUpHandler: (any HoldUpHandler)?

    struct Watch {
        let generation: UInt32
        let handler: any EventHandler
    }

    /// The most jobs in a turn, so that sockets and timers are served between long chains of tasks.
    private static let jobsPerTurn = 4096
    private static let eventsPerTurn = 256
    private static let eventsPerLook = 4
    /// When a turn takes no further event; by far more than one takes whose events are short.
    private static let turnNanoseconds: UInt64 = 20_000_000
    /// The most timer calls in a turn: users that come at the same time each open a connection, and
    /// the answers of the first must not wait, in a time that counts as the target's, for the last.
    private static let callsPerTurn = 32
    /// What epoll gives back for the loop's own descriptors; no watch has such a number.
    private static let wakeTag = UInt64.max
    private static let alarmTag = UInt64.max - 1

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
        endings.append(handler)
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

    // MARK: The loop's own thread

    private func run() {
        CurrentLoop.enter(self)
        name.withCString { _ = pthread_setname_np(pthread_self(), $0) }
        // The default slack of 50 µs would be lag of the generator's own making.
        _ = linux_set_timer_slack(1)
        let events = UnsafeMutableBufferPointer<epoll_event>.allocate(capacity: Self.eventsPerTurn)
        defer { events.deallocate() }
        // Events that are there to be handed out are `events[next..<count]`.
        var next = 0
        var count = 0
        now = clock.nowNanoseconds
        defer {
            giveWay?.end()
            clock.manual?.remove(self)
        }
        while true {
            // What is due comes before what was answered, so that it is late by nothing but itself.
            resumeTimers()
            runJobs()
            endTurn()
            now = clock.nowNanoseconds
            if let begin = lookout.endTurn(at: now) { tellHoldUp(from: begin) }
            let hasWork = !jobs.isEmpty || !endings.isEmpty
            if !hasWork, isStopped { return }
            if next == count {
                next = 0
                count = max(0, hasWork || isTimerDue ? poll(events) : wait(for: events))
                counters.events += count
            }
            begin(isWaiting: false)
            counters.turns += 1
            next = dispatch(events, next..<count)
        }
    }

    /// Hands events to their handlers; those that have no time in this turn are left, so that a
    /// timer and a wish to stop wait for no more than a few of them.
    ///
    /// - Returns: the first that is left; the end of the range if none is.
    @inline(__always)
    private func dispatch(
        _ events: UnsafeMutableBufferPointer<epoll_event>, _ range: Range<Int>
    ) -> Int {
        var next = range.lowerBound
        while next < range.upperBound {
            dispatch(events[next])
            next += 1
            // The clock is not read for each.
            guard next % Self.eventsPerLook == 0 else { continue }
            if clock.nowNanoseconds - now > Self.turnNanoseconds { return next }
        }
        return next
    }

    /// Takes what other threads have sent; they wake the loop whenever there is something.
    private func takeIncoming() {
        incoming.withLock { incoming in
            incoming.isWakePending = false
            isStopped = incoming.isStopped
            jobs.append(contentsOf: incoming.jobs)
            incoming.jobs.removeAll(keepingCapacity: true)
        }
    }

    private func runJobs() {
        var left = Self.jobsPerTurn
        while !jobs.isEmpty, left > 0 {
            swap(&jobs, &runningJobs)
            let executor = asUnownedTaskExecutor()
            for job in runningJobs { job.runSynchronously(on: executor) }
            left -= runningJobs.count
            runningJobs.removeAll(keepingCapacity: true)
        }
    }

    private func endTurn() {
        guard !endings.isEmpty else { return }
        swap(&endings, &runningEndings)
        for handler in runningEndings { handler.turnEnds() }
        runningEndings.removeAll(keepingCapacity: true)
    }

    private func resumeTimers() {
        guard let earliest = earliestTimer else { return }
        let now = clock.nowNanoseconds
        guard earliest <= now else { return }
        while let continuation = timers.popDue(at: now) { continuation.resume() }
        for _ in 0..<Self.callsPerTurn {
            guard let handler = calls.popDue(at: now) else { return }
            handler.timerFired(at: now)
        }
    }

    private var earliestTimer: UInt64? {
        guard let call = calls.earliest else { return timers.earliest }
        return min(call, timers.earliest ?? call)
    }

    private var isTimerDue: Bool { earliestTimer.map { $0 <= now } ?? false }

    /// What is ready at once.
    private func poll(_ events: UnsafeMutableBufferPointer<epoll_event>) -> Int {
        linux_wait(epoll, events.baseAddress, Int32(events.count), 0)
    }

    /// Waits for events, or for the earliest timer.
    private func wait(for events: UnsafeMutableBufferPointer<epoll_event>) -> Int {
        if let manual = clock.manual {
            guard rests(manual) else { return poll(events) }
        } else {
            setAlarms()
        }
        giveWay?.stop()
        begin(isWaiting: true)
        let count = linux_wait(epoll, events.baseAddress, Int32(events.count), -1)
        clock.manual?.works(self)
        giveWay?.start()
        let before = now
        now = clock.nowNanoseconds
        waitedNanoseconds += now - before
        let earliest = earliestTimer
        if let begin = lookout.endWait(at: now, earliest: earliest) { tellHoldUp(from: begin) }
        // A thread that is held up may have slept through both alarms.
        if let earliest, earliest >= before, earliest <= now, count > 0,
            events[..<count].allSatisfy({ $0.data.u64 == Self.alarmTag })
        {
            let overshoot = now - earliest
            counters.timerWakes += 1
            counters.overshootNanoseconds += overshoot
            counters.maximumOvershootNanoseconds = max(
                counters.maximumOvershootNanoseconds, overshoot)
        }
        return count
    }

    /// Tells a clock that is turned by hand that this loop waits; false if it has work after all.
    private func rests(_ manual: ManualClock) -> Bool {
        let (isResting, ended) = incoming.withLock { incoming in
            incoming.isWakePending ? (false, nil) : manual.rests(self, until: earliestTimer)
        }
        ended?.resume()
        // Who turns the clock may be a task of this loop.
        guard isResting, !jobs.isEmpty else { return isResting }
        manual.works(self)
        return false
    }

    /// Begins to wait or to work; there is one writer, so that no addition need be atomic.
    @inline(__always)
    private func begin(isWaiting: Bool) {
        let last = round.load(ordering: .relaxed)
        round.store((last | 1) &+ (isWaiting ? 1 : 2), ordering: .relaxed)
    }

    private func tellHoldUp(from begin: UInt64) {
        holdUpHandler?.loopWasHeldUp(
            from: begin, to: now, isCallDue: calls.earliest.map { $0 <= now } ?? false)
    }

    private func setAlarms() {
        let earliest = earliestTimer ?? UInt64.max
        if nextAlarm.isSet(to: earliest) { swap(&alarm, &nextAlarm) }
        alarm.set(to: earliest)
        if expected > earliest { nextAlarm.set(to: expected) }
    }

    private func dispatch(_ event: epoll_event) {
        if event.data.u64 >= Self.alarmTag {
            if event.data.u64 == Self.alarmTag { return }
            var count: UInt64 = 0
            _ = read(wake, &count, 8)
            return takeIncoming()
        }
        let descriptor = Int(event.data.u64 & 0xFFFF_FFFF)
        guard let watch = watched[descriptor],
            watch.generation == UInt32(event.data.u64 >> 32)
        else { return }  // The descriptor was closed, and perhaps reused, in this very turn.
        watch.handler.handle(Readiness(events: event.events))
    }
}
