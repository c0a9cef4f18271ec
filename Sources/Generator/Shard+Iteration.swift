import Collector
import EventLoops
import Evidence
import Profiles

extension Shard {
    /// Runs one iteration; a step is due when the one before was answered, and thought about.
    ///
    /// False where it was not started, because a feed that gives each row once is used up.
    @discardableResult
    func iterate(
        _ user: VirtualUser, scenario: Int, phase: Int, number: UInt64, due firstDue: UInt64
    ) async -> Bool {
        let compiled = plan.scenarios[scenario]
        guard begin(user, compiled, number: number, phase: phase) else {
            recorder.recordUnfed()
            return false
        }
        var due = firstDue
        var position = 0
        while position < compiled.instructions.count {
            if case .request(let step) = compiled.instructions[position] {
                if user.hasToWait { guard await think(until: due) else { break } }
                await send(step, user, phase: phase, due: due)
                guard user.exchange.outcome == .ok else {
                    fail(step, user, compiled, phase: phase)
                    break
                }
                due = user.exchange.stamps.done
                user.hasToWait = false
                if let pause = step.think { due += draw(pause, user) }
                position += 1
            } else {
                position = follow(
                    compiled.instructions[position], at: position, user, phase: phase, due: &due)
            }
        }
        if !user.groups.isEmpty { user.groups.removeAll(keepingCapacity: true) }
        user.freeAt = max(due, user.exchange.stamps.done)
        return true
    }

    /// Gets a user ready for an iteration.
    private func begin(
        _ user: VirtualUser, _ compiled: CompiledScenario, number: UInt64, phase: Int
    ) -> Bool {
        while user.variables.count < compiled.variableCount { user.variables.append([]) }
        while user.rounds.count < compiled.loops.count { user.rounds.append(0) }
        while user.rows.count < plan.feeds.count { user.rows.append(0) }
        guard values.begin(user, compiled, number: number) else { return false }
        user.hasToWait = false
        user.thought = 0
        if compiled.clearsVariables {
            for index in user.variables.indices {
                user.variables[index].removeAll(keepingCapacity: true)
            }
        }
        // An arrival is a visitor of its own; a user of the closed model comes again.
        if compiled.keepsCookies, plan.phases[phase].model.isOpen { user.jar.removeAll() }
        return true
    }

    /// Sends a request and takes its answer.
    private func send(
        _ step: CompiledStep, _ user: VirtualUser, phase: Int, due: UInt64
    ) async {
        let exchange = user.exchange
        let phaseDeadline = phaseDeadline(phase)
        exchange.wantsHeaders = step.wantsHeaders
        exchange.isHead = step.isHead
        exchange.prepare(due: due, deadline: min(due + timeoutNanoseconds, phaseDeadline))
        user.render(step.template, values: &values)
        exchange.stamps.ready = MonotonicClock.nowNanoseconds
        transport.start(exchange)
        await exchange.wait()
        if exchange.outcome == .ok { check(step, user) }
        if exchange.outcome == .timeout, exchange.deadline == phaseDeadline {
            exchange.outcome = .unfinished
            exchange.detail = "in flight when its phase and graceful stop ended"
        }
        recorder.record(
            exchange.stamps, phase: phase, operation: step.operationIndex,
            outcome: exchange.outcome)
    }

    /// Follows an instruction that sends nothing, and gives the place of the next.
    private func follow(
        _ instruction: CompiledScenario.Instruction, at position: Int, _ user: VirtualUser,
        phase: Int, due: inout UInt64
    ) -> Int {
        switch instruction {
        case .request: break
        case .think(let pause): due += draw(pause, user)
        case .beginGroup(let index):
            user.groups.append(
                VirtualUser.OpenGroup(index: index, begun: due, thought: user.thought))
        case .endGroup:
            if let group = user.groups.popLast() {
                record(group, user, phase: phase, ended: due, isFailed: false)
            }
        case .branch(let condition, let otherwise):
            return holds(condition, user) ? position + 1 : otherwise
        case .jump(let target): return target
        case .beginLoop(let loop, let rounds): user.rounds[loop] = rounds - 1
        case .endLoop(let loop, let start, let until):
            if user.rounds[loop] > 0, until.map({ !holds($0, user) }) ?? true {
                user.rounds[loop] -= 1
                return start
            }
            user.rounds[loop] = 0
        }
        return position + 1
    }

    /// When a closed model's user is due again after an iteration that was due at `begun`.
    func nextDue(_ user: VirtualUser, scenario: Int, begun: UInt64) -> UInt64 {
        guard let pacing = plan.scenarios[scenario].pacing, !user.ignoresDelays else {
            return user.freeAt
        }
        user.hasToWait = true
        return max(user.freeAt, begun + pacing.draw(&user.random))
    }

    /// A pause's length; 0 where the load model leaves pauses out.
    private func draw(_ pause: Delay, _ user: VirtualUser) -> UInt64 {
        guard !user.ignoresDelays else { return 0 }
        let length = pause.draw(&user.random)
        user.thought += length
        user.hasToWait = true
        return length
    }

    /// Waits until a time without being in flight; false where the load has ended meanwhile.
    private func think(until due: UInt64) async -> Bool {
        user(isThinking: true)
        defer { user(isThinking: false) }
        while !isStopped, MonotonicClock.nowNanoseconds < due { await loop.sleep(until: due) }
        return !isStopped
    }

    private func user(isThinking: Bool) {
        thinking += isThinking ? 1 : -1
        inFlight += isThinking ? -1 : 1
    }

    // MARK: Groups and failures

    /// A group's time, from the first request's due time to the last one's answer, without pauses.
    private func record(
        _ group: VirtualUser.OpenGroup, _ user: VirtualUser, phase: Int, ended: UInt64,
        isFailed: Bool
    ) {
        let nanoseconds = ended &- group.begun &- (user.thought - group.thought)
        recorder.recordGroup(nanoseconds, phase: phase, group: group.index, isFailed: isFailed)
    }

    /// The end of an iteration whose step has failed.
    private func fail(
        _ step: CompiledStep, _ user: VirtualUser, _ compiled: CompiledScenario, phase: Int
    ) {
        describe(step, user, scenario: compiled.name, phase: phase)
        while let group = user.groups.popLast() {
            record(
                group, user, phase: phase, ended: user.exchange.stamps.done, isFailed: true)
        }
        let left = step.loops.reduce(step.following) { sum, loop in
            sum + user.rounds[loop] * compiled.loops[loop]
        }
        if left > 0 { recorder.recordSkipped(left) }
    }
}
