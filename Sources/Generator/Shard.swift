public import Collector
public import EventLoops
import Evidence
import Profiles
import Schedules
import Synchronization

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
    public private(set) var inFlight = 0
    let plan: GeneratorPlan
    let transport: any Transport
    let loop: EventLoop
    let startNanoseconds: UInt64
    let timeoutNanoseconds: UInt64
    var values: ValueSource
    private let share: Share
    private var idleUsers = ContiguousArray<VirtualUser>()
    private var userCount = 0
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
        values = ValueSource()
        recorder = Recorder(
            phases: plan.phases.map(\.name), operations: plan.operations,
            thresholds: plan.thresholds)
    }

    /// Ends the load early: no arrival from now on, and a short graceful stop.
    public func stop() { isStopped = true }

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
            await pause(until: startNanoseconds + arrival.dueNanoseconds)
            if isStopped { return }
            if inFlight >= most {
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
        await pause(until: startNanoseconds + (plan.schedule.boundaries.last ?? 0))
    }

    private func addOpenUser(
        for arrival: Arrival, _ this: LoopBound<Shard>, to group: inout DiscardingTaskGroup
    ) {
        userCount += 1
        let number = userCount
        group.addTask(executorPreference: loop) {
            await this.value.liveOpen(VirtualUser(number: number), first: arrival)
        }
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
            guard case .constantUsers(let users) = definition.model else { continue }
            for _ in 0..<share.of(users) {
                userCount += 1
                let number = userCount
                group.addTask(executorPreference: loop) {
                    await this.value.liveClosed(VirtualUser(number: number), phase: phase)
                }
            }
        }
    }

    private func liveClosed(_ user: VirtualUser, phase: Int) async {
        let bounds = plan.schedule.boundaries
        await pause(until: startNanoseconds + bounds[phase])
        let end = startNanoseconds + bounds[phase + 1]
        var number = UInt64(user.number) << 32
        // A user without a pause is due again when its last iteration has ended.
        var due = MonotonicClock.nowNanoseconds
        while !isStopped, due < end {
            recorder.recordStart()
            inFlight += 1
            let scenario = values.drawScenario(plan.scenarios.count, weights: plan.weights)
            await iterate(user, scenario: scenario, phase: phase, number: number, due: due)
            inFlight -= 1
            number += 1
            due = user.exchange.stamps.done
            // A target that refuses at once must not turn the loop into a busy one.
            if user.exchange.outcome == .refused {
                due += 10_000_000
                await loop.sleep(until: due)
            }
        }
    }

    // MARK: The end

    /// Sleeps until a time, in slices that let `stop` through.
    private func pause(until deadline: UInt64) async {
        while !isStopped {
            let now = MonotonicClock.nowNanoseconds
            guard now < deadline else { return }
            await loop.sleep(until: min(deadline, now + Self.stopNanoseconds))
        }
    }

    private static let stopNanoseconds: UInt64 = 50_000_000
    private static let interruptedGraceNanoseconds: UInt64 = 300_000_000

    private func drain() async {
        let grace = (plan.limits.gracefulStop ?? plan.limits.timeout).nanoseconds
        let begun = MonotonicClock.nowNanoseconds
        while inFlight > 0 {
            let now = MonotonicClock.nowNanoseconds
            let bound = isStopped ? min(grace, Self.interruptedGraceNanoseconds) : grace
            guard now < begun + bound else { break }
            await loop.sleep(until: now + 1_000_000)
        }
        isStopped = true
        isOver = true
        transport.endAll(.unfinished, detail: "in flight when the run ended")
        for user in idleUsers { user.resume(with: nil) }
        idleUsers.removeAll()
    }

    private func sweepTimeouts() async {
        while !isOver {
            transport.sweep(now: MonotonicClock.nowNanoseconds)
            await loop.sleep(until: MonotonicClock.nowNanoseconds + 10_000_000)
        }
    }
}
