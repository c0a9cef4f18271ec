import Collector
import EventLoops
import Exchanges
import Measurements
import Profiles
import Requests
import Schedules

/// Users that begin an iteration when their last one has ended.
extension Shard {
    private static let backOffNanoseconds: UInt64 = 10_000_000

    func addClosedUsers() {
        for (phase, definition) in plan.phases.enumerated() {
            guard
                let users = definition.model.users(of: share, over: definition.duration)
            else { continue }
            let begin = startNanoseconds + plan.schedule.spans[phase].start
            for index in 0..<users.userCount {
                let user = addUser(
                    ClosedUser(
                        plan: users, index: index, phase: phase,
                        choice: ScenarioChoice(plan, phase: phase)))
                user.ignoresDelays = users.ignoresDelays
                closedUsersLeft += 1
                sleep(user, until: begin + users.begin(of: index), for: .iteration)
            }
        }
    }

    /// Begins a closed user's next iteration, or lets it go.
    ///
    /// One that ends before it has to wait asks for the next from within this very call: a loop, so
    /// that many of them take no more stack than one.
    func startNext(_ user: VirtualUser, _ closed: ClosedUser) {
        closed.isNextWanted = true
        guard !closed.isStarting else { return }
        closed.isStarting = true
        while closed.isNextWanted {
            closed.isNextWanted = false
            begin(user, closed)
        }
        closed.isStarting = false
    }

    private func begin(_ user: VirtualUser, _ closed: ClosedUser) {
        let span = plan.schedule.spans[closed.phase]
        // A user without a pause is due again when its last iteration has ended.
        if closed.completed == 0 { closed.due = now }
        let elapsed = closed.due &- (startNanoseconds + span.start)
        guard !isStopped, closed.due < startNanoseconds + span.end,
            closed.plan.begins(
                closed.index, completed: closed.completed, elapsed: elapsed)
        else { return finish(user) }
        recorder.recordIteration()
        inFlight += 1
        user.scenario = closed.choice.draw(&values)
        user.phase = closed.phase
        user.due = closed.due
        let number = UInt64(user.number) << 32 + UInt64(closed.completed)
        guard begin(user, number: number) else {
            inFlight -= 1
            return finish(user)
        }
        advance(user)
    }

    /// A closed user begins no more iterations.
    private func finish(_ user: VirtualUser) {
        closedUsersLeft -= 1
        if closedUsersLeft == 0 { loop.wakeSleepers() }
        transport.release(user.exchange)
    }

    /// What follows an iteration of a closed user.
    func goOn(_ user: VirtualUser, _ closed: ClosedUser) {
        closed.completed += 1
        var due = nextDue(user, scenario: user.scenario, begun: closed.due)
        var wakes = user.hasToWait
        // A target that refuses at once must not turn the loop into a busy one, nor a scenario
        // whose conditions leave nothing to send.
        if user.exchange.outcome == .refused || !user.hasSent {
            due = max(due, now) + Self.backOffNanoseconds
            wakes = true
        }
        closed.due = due
        let end = startNanoseconds + plan.schedule.spans[closed.phase].end
        if wakes, now < min(due, end) {
            sleep(user, until: min(due, end), for: .iteration)
        } else {
            startNext(user, closed)
        }
    }
}
