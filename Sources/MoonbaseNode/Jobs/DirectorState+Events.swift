extension DirectorState {
    /// What a call of a container meets.
    enum CallEffect: Equatable, Sendable {
        case none
        case delay(UInt64)
        case failure(String)
        /// No answer at all.
        case hang
    }

    /// The clock of one event: monotonic nanoseconds, and seconds since 1970.
    struct Moment {
        let now: UInt64
        let wall: Double
        let director: JobDirector
        let effect: @Sendable (Order) -> CallEffect
    }

    /// Takes a job, or refuses it.
    mutating func submit(
        _ order: Order, name: String?, attempts: Int, _ moment: Moment,
        answered: @escaping @Sendable (Answer) -> Void, _ actions: inout [Action]
    ) throws(Refusal) -> String {
        let now = moment.now
        budget.earn(at: now)
        try admit(order, at: now)
        let serial = nextSerial
        nextSerial += 1
        let job = Job(
            serial: serial, name: name ?? "\(epoch)-\(String(serial, radix: 36))", order: order,
            answered: answered, created: moment.wall, deadline: now + limits.deadline,
            queuedAt: now, attempts: attempts)
        jobs[serial] = job
        pods[order.key.pod, default: Pod()].live += 1
        deadlines.append(Timer(at: job.deadline, serial: serial, attempt: 0))
        let most = limits.runningPerContainer
        let mustWait = withContainer(order.key) { container in
            container.lastUsed = now
            guard container.running >= most else { return false }
            container.queue.append(serial)
            return true
        }
        if !mustWait { start(serial, moment, &actions) }
        return job.name
    }

    private mutating func admit(_ order: Order, at now: UInt64) throws(Refusal) {
        let pod = order.key.pod
        guard jobs.count < limits.live, (pods[pod]?.live ?? 0) < limits.livePerPod else {
            refused += 1
            throw Refusal(
                503,
                "too many jobs are under way\(jobs.count < limits.live ? " on the pod \(pod)" : "")"
            )
        }
        guard var container = pods[pod]?.containers[order.key.container] else { return }
        guard container.queue.count < limits.queuedPerContainer else {
            refused += 1
            throw Refusal(503, "the queue of \(order.key.container) is full")
        }
        if let first = container.queue.first.flatMap({ jobs[$0] }),
            now - min(now, first.queuedAt) > limits.wait
        {
            refused += 1
            throw Refusal(503, "the queue of \(order.key.container) is slow")
        }
        let isAdmitted = container.breaker.admits(at: now)
        pods[pod]?.containers[order.key.container] = container
        guard isAdmitted else {
            refused += 1
            throw Refusal(503, "the circuit of \(order.key.container) is open")
        }
    }

    /// Begins an attempt; the breaker has admitted it.
    mutating func start(_ serial: UInt64, _ moment: Moment, _ actions: inout [Action]) {
        guard var job = jobs[serial] else { return }
        job.attempts += 1
        let attempt = Attempt(job: serial, number: job.attempts, director: moment.director)
        job.attempt = attempt
        withContainer(job.order.key) { $0.running += 1 }
        let effect = moment.effect(job.order)
        job.isDelivered = effect == .none
        jobs[serial] = job
        switch effect {
        case .none: actions.append(.run(attempt, job.order))
        case .failure(let message):
            callFailed(serial, message, moment, &actions)
        case .hang:
            calls.append(Timer(at: moment.now + limits.call, serial: serial, attempt: job.attempts))
        case .delay(let delay):
            calls.append(Timer(at: moment.now + limits.call, serial: serial, attempt: job.attempts))
            if delay < limits.call { wake(serial, at: moment.now + delay, attempt: job.attempts) }
        }
    }

    private mutating func wake(_ serial: UInt64, at time: UInt64, attempt: Int) {
        let place = later.firstIndex { $0.at > time } ?? later.endIndex
        later.insert(Timer(at: time, serial: serial, attempt: attempt), at: place)
    }

    /// The container did not take the call: its breaker hears of it.
    private mutating func callFailed(
        _ serial: UInt64, _ message: String, _ moment: Moment, _ actions: inout [Action]
    ) {
        guard let job = jobs[serial] else { return }
        let (hasOpened, waiting) = withContainer(job.order.key) { container in
            let before = container.breaker.state
            container.running -= 1
            container.breaker.failed(at: moment.now)
            let hasOpened = before != .open && container.breaker.state == .open
            return (hasOpened, hasOpened ? container.queue.removeAll() : [])
        }
        if hasOpened {
            opened += 1
            actions.append(
                .log(
                    "the circuit of \(job.order.key.container) is open: \(message)", level: "warn",
                    pod: job.order.key.pod))
        }
        attemptFailed(serial, Refusal(503, message), moment, &actions)
        for serial in waiting {
            finish(serial, .dead, Refusal(503, message).answer, error: message, moment, &actions)
        }
    }

    /// Tries again where that is allowed and may help; else the job is dead.
    private mutating func attemptFailed(
        _ serial: UInt64, _ refusal: Refusal, _ moment: Moment, _ actions: inout [Action]
    ) {
        guard var job = jobs[serial] else { return }
        job.attempt = nil
        job.isDelivered = false
        job.error = refusal.message
        jobs[serial] = job
        let isOpen = withContainer(job.order.key) { $0.breaker.state != .closed }
        let delay = RetryBudget.delayNanoseconds(before: job.attempts + 1, using: &random)
        if job.order.isIdempotent, job.attempts < limits.attempts, !isOpen,
            moment.now + delay < job.deadline, budget.spend(at: moment.now)
        {
            retried += 1
            wake(serial, at: moment.now + delay, attempt: 0)
            dispatch(job.order.key, moment, &actions)
        } else {
            finish(serial, .dead, refusal.answer, error: refusal.message, moment, &actions)
        }
    }

    /// An attempt has ended, on whatever thread it was carried out.
    mutating func ended(
        _ attempt: Attempt, _ outcome: Attempt.Outcome, _ moment: Moment, _ actions: inout [Action]
    ) {
        guard let job = jobs[attempt.job], job.attempt === attempt else { return }
        let hasClosed = withContainer(job.order.key) { container in
            let before = container.breaker.state
            container.running -= 1
            container.breaker.succeeded()
            return before != .closed
        }
        if hasClosed {
            actions.append(
                .log(
                    "the circuit of \(job.order.key.container) is closed", level: "info",
                    pod: job.order.key.pod))
        }
        switch outcome {
        case .succeeded(let answer):
            finish(attempt.job, .succeeded, answer, error: nil, moment, &actions)
        case .failed(let refusal) where refusal.isTransient && !refusal.isOverload:
            attemptFailed(attempt.job, refusal, moment, &actions)
        case .failed(let refusal):
            // Retries and dead letters would be more work in an overload.
            if refusal.isOverload { refused += 1 }
            finish(attempt.job, .failed, refusal.answer, error: refusal.message, moment, &actions)
        }
    }

    // MARK: Time

    /// Calls and jobs whose time is over, and what was to begin by now.
    mutating func tick(_ moment: Moment, _ actions: inout [Action]) {
        let now = moment.now
        while let timer = later.first, timer.at <= now {
            later.removeFirst()
            begin(timer, moment, &actions)
        }
        while let timer = calls.first {
            let job = jobs[timer.serial]
            let isWaiting = job?.attempts == timer.attempt && job?.isDelivered == false
            guard timer.at <= now || !isWaiting else { break }
            _ = calls.popFirst()
            guard isWaiting, let job, let attempt = job.attempt, attempt.abandon() else { continue }
            timedOut += 1
            callFailed(
                timer.serial, "\(job.order.key.container) did not answer in 500 ms", moment,
                &actions)
        }
        while let timer = deadlines.first, timer.at <= now || jobs[timer.serial] == nil {
            _ = deadlines.popFirst()
            expire(timer.serial, moment, &actions)
        }
        prune(at: now)
    }

    /// A delayed call arrives, or a retry is due.
    private mutating func begin(_ timer: Timer, _ moment: Moment, _ actions: inout [Action]) {
        guard var job = jobs[timer.serial] else { return }
        if let attempt = job.attempt {
            guard job.attempts == timer.attempt, !job.isDelivered else { return }
            job.isDelivered = true
            jobs[timer.serial] = job
            actions.append(.run(attempt, job.order))
        } else if timer.attempt == 0 {
            jobs[timer.serial]?.queuedAt = moment.now
            withContainer(job.order.key) { $0.queue.append(timer.serial) }
            dispatch(job.order.key, moment, &actions)
        }
    }

    private mutating func expire(_ serial: UInt64, _ moment: Moment, _ actions: inout [Action]) {
        guard let job = jobs[serial] else { return }
        let message = "\(job.order.command) took longer than 7 s"
        if let attempt = job.attempt {
            // What is being carried out is answered when that is done: it is executed, not timed
            // out.
            guard attempt.abandon() || job.order.changesNothing else { return }
            withContainer(job.order.key) { container in
                container.running -= 1
                if job.isDelivered {
                    container.breaker.withdraw()
                } else {
                    container.breaker.failed(at: moment.now)
                }
            }
        }
        finish(serial, .dead, Refusal(504, message).answer, error: message, moment, &actions)
    }
}
