public import Collector
public import EventLoops
import Evidence
import Profiles
import Schedules

/// One event loop's part of the load: every n-th arrival, and its share of the users.
///
/// Confined to its loop; `run` and everything below it are tasks of that loop.
public final class Shard {
    /// Which part of the load a shard has.
    public struct Share: Sendable {
        /// From 0.
        public var index: Int
        /// How many shards there are.
        public var count: Int

        /// A share from its parts.
        public init(index: Int, count: Int) {
            precondition(index >= 0 && index < count, "share \(index) of \(count)")
            self.index = index
            self.count = count
        }

        /// This share of a whole number, so that the shares add up.
        func of(_ total: Int) -> Int { total / count + (index < total % count ? 1 : 0) }
    }

    /// What this shard records.
    public let recorder: Recorder
    /// Requests and waits of iterations under way.
    public internal(set) var inFlight = 0
    /// Users that pause between two requests of an iteration; they are not in flight.
    var thinking = 0
    let plan: GeneratorPlan
    /// The lane to the target.
    public let transport: any Transport
    let loop: EventLoop
    let startNanoseconds: UInt64
    let timeoutNanoseconds: UInt64
    var values: ValueSource
    private let share: Share
    private var idleUsers = ContiguousArray<VirtualUser>()
    private var userCount = 0
    /// Users of the closed model that have not ended yet.
    private var closedUsersLeft = 0
    private var closedUsers: [ClosedUser] = []
    private(set) var isStopped = false
    private var isOver = false

    /// A shard of `plan` on `loop`, whose load starts at `startNanoseconds` (monotonic).
    public init(
        plan: GeneratorPlan, share: Share, loop: EventLoop, transport: any Transport,
        startNanoseconds: UInt64
    ) {
        self.plan = plan
        self.share = share
        self.loop = loop
        self.transport = transport
        self.startNanoseconds = startNanoseconds
        timeoutNanoseconds = plan.limits.timeout.nanoseconds
        values = ValueSource(plan, share: share)
        recorder = Recorder(
            phases: plan.phases.map(\.name), operations: plan.operations,
            thresholds: plan.thresholds, groups: plan.groups)
    }

    /// Ends the load early: no arrival from now on, and a short graceful stop; on the loop only.
    public func stop() {
        isStopped = true
        loop.wakeSleepers()
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
            group.addTask(executorPreference: loop) { await shard.value.sweepTimeouts() }
            shard.value.addClosedUsers(shard, to: &group)
            await shard.value.dispatch(shard, in: &group)
            await shard.value.drain()
        }
    }

    // MARK: The open model

    private func dispatch(_ this: LoopBound<Shard>, in group: inout DiscardingTaskGroup) async {
        let most = share.of(plan.limits.inFlight)
        for arrival in plan.schedule where Int(arrival.number) % share.count == share.index {
            await pause(until: startNanoseconds + arrival.dueNanoseconds, together: together)
            if isStopped { return }
            if inFlight >= most || inFlight + thinking >= Self.mostUsers {
                let first = plan.scenarios[arrival.scenario].steps[0]
                recorder.recordDrop(phase: arrival.phase, operation: first.operationIndex)
            } else {
                recorder.recordStart()
                inFlight += 1
                if let user = idleUsers.popLast() {
                    user.resume(with: arrival)
                } else {
                    addOpenUser(for: arrival, this, to: &group)
                }
            }
        }
        await pause(until: startNanoseconds + openEnd)
        while closedUsersLeft > 0, !isStopped {
            await loop.sleep(until: now + Self.pollNanoseconds)
        }
    }

    /// When the last open phase ends; 0 where there is none.
    private var openEnd: UInt64 {
        zip(plan.phases, plan.schedule.spans).map { $0.model.isOpen ? $1.end : 0 }.max() ?? 0
    }

    /// How long an arrival may wait for others to be served with it.
    private var together: UInt64 { plan.pacing == .economical ? 500_000 : 0 }

    private func addOpenUser(
        for arrival: Arrival, _ this: LoopBound<Shard>, to group: inout DiscardingTaskGroup
    ) {
        let number = nextUserNumber()
        group.addTask(executorPreference: loop) {
            await this.value.liveOpen(VirtualUser(number: number), first: arrival)
        }
    }

    private func nextUserNumber() -> Int {
        defer { userCount += 1 }
        // Numbers of all shards together are 1, 2, 3, ... as long as users come evenly.
        return userCount * share.count + share.index + 1
    }

    private func liveOpen(_ user: VirtualUser, first: Arrival) async {
        var next: Arrival? = first
        while let arrival = next {
            await iterate(
                user, scenario: arrival.scenario, phase: arrival.phase, number: arrival.number,
                due: startNanoseconds + arrival.dueNanoseconds)
            inFlight -= 1
            if isOver { return }
            idleUsers.append(user)
            next = await user.nextArrival()
        }
    }

    // MARK: The closed model

    private func addClosedUsers(_ this: LoopBound<Shard>, to group: inout DiscardingTaskGroup) {
        for (phase, definition) in plan.phases.enumerated() {
            guard let model = share.closedModel(of: definition) else { continue }
            for index in 0..<model.userCount {
                let user = VirtualUser(number: nextUserNumber())
                let place = closedUsers.count
                closedUsers.append(
                    ClosedUser(
                        user: user, model: model, index: index, phase: phase,
                        choice: ScenarioChoice(plan, phase: phase)))
                group.addTask(executorPreference: loop) {
                    await this.value.liveClosed(this.value.closedUsers[place])
                }
            }
        }
        closedUsersLeft = closedUsers.count
    }

    private func liveClosed(_ user: ClosedUser) async {
        defer { closedUsersLeft -= 1 }
        let span = plan.schedule.spans[user.phase]
        let begin = startNanoseconds + span.start
        await pause(until: begin + user.model.begin(of: user.index))
        let end = startNanoseconds + span.end
        user.user.ignoresDelays = user.model.ignoresDelays
        var number = UInt64(user.user.number) << 32
        // A user without a pause is due again when its last iteration has ended.
        var due = now
        var completed = 0
        while !isStopped, due < end,
            user.model.begins(user.index, completed: completed, elapsed: due - begin)
        {
            recorder.recordStart()
            inFlight += 1
            let scenario = user.choice.draw(&values)
            let hasBegun = await iterate(
                user.user, scenario: scenario, phase: user.phase, number: number, due: due)
            inFlight -= 1
            guard hasBegun else { break }
            number += 1
            completed += 1
            due = nextDue(user.user, scenario: scenario, begun: due)
            if user.user.hasToWait { await pause(until: min(due, end)) }
            // A target that refuses at once must not turn the loop into a busy one.
            if user.user.exchange.outcome == .refused {
                due += 10_000_000
                await pause(until: due)
            }
        }
    }

    // MARK: The end

    private var now: UInt64 { MonotonicClock.nowNanoseconds }

    /// Sleeps until a time, or until `stop`; where it sleeps at all, for `extra` longer.
    private func pause(until deadline: UInt64, together extra: UInt64 = 0) async {
        guard now < deadline else { return }
        while !isStopped, now < deadline + extra { await loop.sleep(until: deadline + extra) }
    }

    /// The most users of a shard: those that think are not held by the cap on what is in flight.
    private static let mostUsers = 1_000_000
    private static let pollNanoseconds: UInt64 = 1_000_000
    private static let interruptedGraceNanoseconds: UInt64 = 300_000_000

    private func drain() async {
        let grace = (plan.limits.gracefulStop ?? plan.limits.timeout).nanoseconds
        let begun = now
        while inFlight + thinking > 0 {
            let now = now
            let bound = isStopped ? min(grace, Self.interruptedGraceNanoseconds) : grace
            guard now < begun + bound else { break }
            await loop.sleep(until: now + Self.pollNanoseconds)
        }
        isStopped = true
        isOver = true
        transport.endAll(.unfinished, detail: "in flight when the run ended")
        loop.wakeSleepers()
        for user in idleUsers { user.resume(with: nil) }
        idleUsers.removeAll()
    }

    private func sweepTimeouts() async {
        while !isOver {
            transport.sweep(now: now)
            await loop.sleep(until: now + 10_000_000)
        }
    }
}
