import Collector
import EventLoops
import Exchanges
import Measurements
import Profiles
import Requests

extension Shard {
    /// Goes on with an iteration up to its next request or pause; a step is due when the one before
    /// was answered, and thought about.
    func advance(_ user: VirtualUser) {
        programs[user.scenario].with { advance(user, through: $0) }
    }

    private func advance(_ user: VirtualUser, through program: CompiledScenario) {
        while user.position < program.requests.count {
            guard let request = program.requests[user.position] else {
                user.position = follow(program.instructions[user.position], user)
                continue
            }
            if user.hasToWait, now < user.due { return think(user) }
            request.with { send($0, user) }
            guard user.exchange.isFinished else { return }
            guard request.with({ take($0, user, program) }) else { break }
        }
        end(user)
    }

    /// The answer to a user's request has come, or its failure.
    func answered(_ user: VirtualUser) {
        programs[user.scenario].with { program in
            guard let request = program.requests[user.position] else {
                preconditionFailure("an answer came to no request")
            }
            if request.with({ take($0, user, program) }) {
                advance(user, through: program)
            } else {
                end(user)
            }
        }
    }

    /// Ends an iteration.
    func end(_ user: VirtualUser) {
        if !user.groups.isEmpty { user.groups.removeAll(keepingCapacity: true) }
        user.freeAt = max(user.due, user.exchange.stamps.done)
        ended(user)
    }

    /// Gets a user ready for an iteration of its scenario.
    ///
    /// False where it is not started, because a feed that gives each row once is used up.
    func begin(_ user: VirtualUser, number: UInt64) -> Bool {
        programs[user.scenario].with { begin(user, $0, number: number) }
    }

    private func begin(
        _ user: VirtualUser, _ compiled: CompiledScenario, number: UInt64
    ) -> Bool {
        while user.variables.count < compiled.variableCount {
            user.variables.append([])
            user.variablesReserved.append(0)
        }
        while user.rounds.count < compiled.loops.count { user.rounds.append(0) }
        while user.rows.count < plan.feeds.count { user.rows.append(0) }
        user.position = 0
        user.hasSent = false
        user.hasToWait = false
        guard values.begin(user, compiled, number: number) else {
            recorder.recordUnfed(isArrival: user.closed == nil)
            return false
        }
        user.thought = 0
        if let key = compiled.key { takeKey(key, user) }
        if compiled.clearsVariables {
            for index in user.variables.indices { clear(index, of: user) }
        }
        // An arrival is a visitor of its own; a user of the closed model comes again.
        if compiled.keepsCookies, user.closed == nil { user.jar.removeAll() }
        return true
    }

    private func send(_ step: CompiledStep, _ user: VirtualUser) {
        let exchange = user.exchange
        exchange.wantsHeaders = step.wantsHeaders
        exchange.isHead = step.isHead
        exchange.keptBodyBytes = step.readsBody ? .max : excerptBytes
        exchange.prepare(
            due: user.due, deadline: min(user.due + timeoutNanoseconds, phaseDeadline(user.phase)))
        let problem = user.render(step, values: &values)
        user.hasSent = true
        user.isStarting = true
        if let problem {
            exchange.finish(problem.outcome, detail: problem.detail, at: now)
        } else {
            transport.start(exchange)
        }
        user.isStarting = false
    }

    /// Takes an answer; false where it is not right, which ends the iteration.
    private func take(
        _ step: CompiledStep, _ user: VirtualUser, _ compiled: CompiledScenario
    ) -> Bool {
        let exchange = user.exchange
        defer { exchange.giveBack() }
        if exchange.outcome == .ok {
            if exchange.stamps.done > exchange.deadline {
                exchange.outcome = .timeout
                exchange.detail = "the whole answer came after the timeout"
            } else if !isKnownRight(exchange, step) {
                if !parsing(exchange, step, { check(step, user) }) { mark(exchange, .overBudget) }
            }
        }
        if exchange.outcome == .timeout, exchange.deadline == phaseDeadline(user.phase) {
            exchange.outcome = .unfinished
            exchange.detail = "in flight when its phase and graceful stop ended"
        }
        guard exchange.outcome == .ok else {
            if let access = step.access { recordFailed(access, user) }
            fail(step, user, compiled)
            return false
        }
        recorder.record(
            exchange.stamps, phase: user.phase, operation: step.operationIndex, outcome: .ok)
        if recorder.isOverLimit(exchange.stamps, operation: step.operationIndex) {
            recorder.keepOverLimit(
                whole(exchange, scenario: compiled.name), phase: user.phase,
                operation: step.operationIndex)
        }
        user.due = exchange.stamps.done
        user.hasToWait = false
        if let pause = step.think { user.due += draw(pause, user) }
        user.position += step.access.map { recordAnswered($0, step, user) } ?? 1
        return true
    }

    @inline(__always)
    private func isKnownRight(_ exchange: Exchange, _ step: CompiledStep) -> Bool {
        step.judgesAnswerAlone && rightAnswers.hold(exchange, of: step)
    }

    /// Follows an instruction that sends nothing, and gives the place of the next.
    private func follow(
        _ instruction: CompiledScenario.Instruction, _ user: VirtualUser
    ) -> Int {
        let position = user.position
        switch instruction {
        case .request: break
        case .think(let pause): user.due += draw(pause, user)
        case .beginGroup(let index):
            user.groups.append(
                VirtualUser.OpenGroup(index: index, begun: user.due, thought: user.thought))
        case .endGroup:
            if let group = user.groups.popLast() {
                record(group, user, ended: user.due, outcome: .ok)
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

    /// Waits for the next request's time without being in flight.
    private func think(_ user: VirtualUser) {
        // One that would think on past the end of its phase has sent its last request.
        guard !isStopped, user.due < phaseDeadline(user.phase) else { return end(user) }
        thinking += 1
        inFlight -= 1
        sleep(user, until: user.due, for: .request)
    }

    // MARK: Groups and failures

    /// A group's time, from the first request's due time to the last one's answer, without pauses.
    private func record(
        _ group: VirtualUser.OpenGroup, _ user: VirtualUser, ended: UInt64, outcome: Outcome
    ) {
        let nanoseconds = ended &- group.begun &- (user.thought - group.thought)
        recorder.recordGroup(
            nanoseconds, phase: user.phase, group: group.index, outcome: outcome)
    }

    /// The end of an iteration whose step has failed.
    private func fail(
        _ step: CompiledStep, _ user: VirtualUser, _ compiled: CompiledScenario
    ) {
        recorder.recordFailure(
            whole(user.exchange, scenario: compiled.name), phase: user.phase,
            operation: step.operationIndex, failure(user.exchange))
        while let group = user.groups.popLast() {
            record(
                group, user, ended: user.exchange.stamps.done, outcome: user.exchange.outcome)
        }
        let left = step.loops.reduce(step.following) { sum, loop in
            sum + user.rounds[loop] * compiled.loops[loop]
        }
        if left > 0 { recorder.recordSkipped(left) }
    }
}
