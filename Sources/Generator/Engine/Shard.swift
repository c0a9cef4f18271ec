public import Collector
public import EventLoops
public import Exchanges
import Measurements
public import Profiles
import Requests
import Schedules

/// One event loop's part of the load: every n-th arrival, and its share of the users.
///
/// Confined to its loop; `run` and everything below it are tasks of that loop.
public final class Shard {
    /// What this shard records.
    public let recorder: Recorder
    /// Requests and waits of iterations under way.
    public internal(set) var inFlight = 0
    /// Users that pause between two requests of an iteration; they are not in flight.
    var thinking = 0
    let plan: GeneratorPlan
    /// The plan's scenarios.
    let programs: [Uncounted<CompiledScenario>]
    /// The lane to the target.
    public let transport: any Transport
    let loop: EventLoop
    let startNanoseconds: UInt64
    let timeoutNanoseconds: UInt64
    var values: ValueSource
    let rightAnswers: RightAnswers
    /// Limits the memory that its users may use for answers.
    let memory: MemoryBudget
    /// How much the evidence tells of an answer whose body is not read, in bytes.
    let excerptBytes: Int
    /// The check that the current answer failed, in a few words; empty if it failed none.
    var failedCheck = ""
    let share: LoadShare
    private let maximumInFlight: Int
    private var users = ContiguousArray<VirtualUser>()
    private var idleUsers = ContiguousArray<VirtualUser>()
    /// Users of the closed model that have not ended yet.
    var closedUsersLeft = 0
    /// What checked requests did.
    var journal: OperationJournal
    /// Whether its load is to read keys back, and those of which an answer told.
    var isReadingBack = false
    var keysRead: Set<UInt32> = []
    private(set) var isStopped = false
    private(set) var isOver = false

    /// A shard of `plan` on `loop`, whose load starts at `startNanoseconds` (monotonic).
    public init(
        plan: GeneratorPlan, share: LoadShare, loop: EventLoop, transport: any Transport,
        startNanoseconds: UInt64
    ) {
        self.plan = plan
        programs = plan.scenarios.map { Uncounted($0) }
        self.share = share
        self.loop = loop
        self.transport = transport
        self.startNanoseconds = startNanoseconds
        timeoutNanoseconds = plan.limits.timeout.nanoseconds
        maximumInFlight = share.of(plan.limits.inFlight)
        values = ValueSource(plan, share: share)
        journal = OperationJournal(index: share.index, of: share.count)
        memory = MemoryBudget(limitBytes: max(1, share.of(plan.limits.memoryBytes)))
        excerptBytes = plan.mask.maximumBytes
        rightAnswers = RightAnswers(rows: plan.operations.count, memory: memory)
        recorder = Recorder(
            phases: plan.phases.map(\.name), operations: plan.operations,
            thresholds: plan.thresholds, groups: plan.groups,
            span: Recorder.Span(
                startNanoseconds: startNanoseconds, timeoutNanoseconds: timeoutNanoseconds),
            evidence: Recorder.EvidenceRules(
                startNanoseconds: startNanoseconds, mask: plan.mask, thread: share.index,
                seed: plan.seed))
    }

    /// Ends the load early: no arrival from now on, and a short graceful stop; on the loop only.
    public func stop() {
        isStopped = true
        loop.wakeSleepers()
        endThinking()
    }

    /// When an iteration of a phase is over at the latest, monotonic; `UInt64.max` for no bound.
    func phaseDeadline(_ phase: Int) -> UInt64 {
        guard let grace = plan.phases[phase].gracefulStop else { return .max }
        return startNanoseconds + plan.schedule.spans[phase].end + grace.nanoseconds
    }

    /// Fires the whole load and returns when the last request has ended.
    public static func run(_ shard: LoopBound<Shard>) async {
        await withDiscardingTaskGroup { group in
            let loop = shard.value.loop
            loop.holdUpHandler = shard.value
            group.addTask(executorPreference: loop) { await shard.value.sweepTimeouts() }
            shard.value.addClosedUsers()
            await shard.value.dispatch()
            await shard.value.drain()
        }
    }

    // MARK: The open model

    private func dispatch() async {
        let dispatcher = Dispatcher(self, loop: loop, share: share)
        dispatcher.timerFired(at: now)
        await pause(until: startNanoseconds + openEnd)
        // The last closed user to leave wakes this; no arrival is due after its phase.
        // Iterations that closed users have begun by then get the graceful stop, in `drain`.
        let end = startNanoseconds + plan.schedule.endNanoseconds
        while !isStopped, !dispatcher.isDone || (closedUsersLeft > 0 && now < end) {
            await loop.sleep(until: dispatcher.isDone ? end : now + Self.longPollNanoseconds)
        }
    }

    /// Starts an arrival, or drops it at the cap.
    func start(_ arrival: Arrival) {
        if inFlight >= maximumInFlight || inFlight + thinking >= Self.maximumUsers {
            let first = plan.scenarios[arrival.scenario].steps[0]
            recorder.recordDrop(
                phase: arrival.phase, operation: first.operationIndex,
                due: startNanoseconds + arrival.dueNanoseconds)
        } else {
            recorder.recordStart()
            start(idleUsers.popLast() ?? addUser(), arrival)
        }
    }

    private func start(_ user: VirtualUser, _ arrival: Arrival) {
        inFlight += 1
        user.scenario = arrival.scenario
        user.phase = arrival.phase
        user.due = startNanoseconds + arrival.dueNanoseconds
        if begin(user, number: arrival.number) { advance(user) } else { ended(user) }
    }

    /// A user that has nothing to do.
    func userForReading() -> VirtualUser { idleUsers.popLast() ?? addUser() }

    func addUser(_ closed: ClosedUser? = nil) -> VirtualUser {
        // Numbers of all shards together are 1, 2, 3, ... as long as users come evenly.
        let number = users.count * share.count + share.index + 1
        let user = VirtualUser(number: number, shard: self, closed: closed)
        users.append(user)
        return user
    }

    /// When the last open phase ends; 0 if there is none.
    private var openEnd: UInt64 {
        zip(plan.phases, plan.schedule.spans).map { $0.model.isOpen ? $1.end : 0 }.max() ?? 0
    }

    // MARK: What users call

    /// An iteration has ended.
    func ended(_ user: VirtualUser) {
        inFlight -= 1
        if let closed = user.closed { goOn(user, closed) } else { idleUsers.append(user) }
    }

    /// Lets a user wait; `wake` follows.
    func sleep(_ user: VirtualUser, until time: UInt64, for wait: VirtualUser.Wait) {
        user.wait = wait
        loop.call(user, at: time)
    }

    /// A user's wait is over.
    func wake(_ user: VirtualUser) {
        let wait = user.wait
        user.wait = .none
        if wait == .request {
            thinking -= 1
            inFlight += 1
            if isStopped { end(user) } else { advance(user) }
        } else if let closed = user.closed {
            startNext(user, closed)
        }
    }

    private func endThinking() {
        for user in users where user.wait == .request { wake(user) }
    }

    // MARK: The end

    /// Now, by the loop's clock.
    var now: UInt64 { loop.nowNanoseconds }

    /// Sleeps until a time, or until `stop`.
    private func pause(until deadline: UInt64) async {
        while !isStopped, now < deadline { await loop.sleep(until: deadline) }
    }

    /// The most users of a shard: users that think do not count against the cap in flight.
    private static let maximumUsers = 1_000_000
    private static let longPollNanoseconds: UInt64 = 20_000_000
    private static let pollNanoseconds: UInt64 = 1_000_000
    private static let interruptedGraceNanoseconds: UInt64 = 300_000_000

    func drain() async {
        let grace = plan.graceNanoseconds
        let begun = now
        while inFlight + thinking > 0 {
            let now = now
            let bound = isStopped ? min(grace, Self.interruptedGraceNanoseconds) : grace
            guard now < begun + bound else { break }
            await loop.sleep(until: now + Self.pollNanoseconds)
        }
        isStopped = true
        isOver = true
        // Requests past their deadline are timeouts.
        transport.sweep(now: now)
        transport.endAll(.unfinished, detail: "in flight when the run ended")
        endThinking()
        loop.wakeSleepers()
        for user in users { user.wait = .none }
    }

    /// Looks for what is too late a hundred times in the shortest time that is allowed, but at
    /// most every 10 ms: each look wakes the loop, and goes through all that is in flight.
    func sweepTimeouts() async {
        let graces = plan.phases.compactMap { $0.gracefulStop?.nanoseconds }
        let shortest = graces.reduce(timeoutNanoseconds, min)
        let interval = max(10_000_000, min(shortest / 100, 50_000_000))
        while !isOver {
            transport.sweep(now: now)
            await loop.sleep(until: now + interval)
        }
    }
}
