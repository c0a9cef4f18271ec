import CLinux
import Glibc
import Synchronization

/// What the loop's own thread does, turn by turn.
extension EventLoop {
    /// The most jobs in a turn, so that sockets and timers are served between long chains of tasks.
    private static let jobsPerTurn = 4096
    private static let eventsPerTurn = 256
    private static let eventsPerLook = 4
    /// When a turn takes no further event; by far more than one takes whose events are short.
    private static let turnNanoseconds: UInt64 = 20_000_000
    /// The most timer calls in a turn: users that come at the same time each open a connection, and
    /// the answers of the first must not wait, in a time that counts as the target's, for the last.
    private static let callsPerTurn = 32

    func run() {
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
            yieldTimer?.end()
            clock.manual?.remove(self)
        }
        while true {
            // Due timers go before socket events, so that answers do not delay them.
            resumeTimers()
            runJobs()
            endTurn()
            now = clock.nowNanoseconds
            if let begin = lookout.endTurn(at: now) { tellHoldUp(from: begin) }
            let hasWork = !jobs.isEmpty || !turnHandlers.isEmpty
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
        guard !turnHandlers.isEmpty else { return }
        swap(&turnHandlers, &runningTurnHandlers)
        for handler in runningTurnHandlers { handler.turnEnds() }
        runningTurnHandlers.removeAll(keepingCapacity: true)
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
        yieldTimer?.stop()
        begin(isWaiting: true)
        let count = linux_wait(epoll, events.baseAddress, Int32(events.count), -1)
        clock.manual?.works(self)
        yieldTimer?.start()
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
