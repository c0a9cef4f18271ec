import Collector
import Contracts
import EventLoops
import Evidence
import JSON
import Profiles

extension Shard {
    /// Runs the steps of one iteration; a step is due when the one before was answered.
    func iterate(
        _ user: VirtualUser, scenario: Int, phase: Int, number: UInt64, due firstDue: UInt64
    ) async {
        let compiled = plan.scenarios[scenario]
        while user.variables.count < compiled.variableCount { user.variables.append([]) }
        var due = firstDue
        for position in compiled.steps.indices {
            let step = compiled.steps[position]
            let exchange = user.exchange
            let phaseDeadline = phaseDeadline(phase)
            exchange.prepare(due: due, deadline: min(due + timeoutNanoseconds, phaseDeadline))
            render(step, number: number, user: user)
            exchange.stamps.ready = MonotonicClock.nowNanoseconds
            transport.start(exchange)
            await exchange.wait()
            if exchange.outcome == .ok { check(exchange, step, user) }
            if exchange.outcome == .timeout, exchange.deadline == phaseDeadline {
                mark(exchange, .unfinished, "in flight when its phase and graceful stop ended")
            }
            recorder.record(
                exchange.stamps, phase: phase, operation: step.operationIndex,
                outcome: exchange.outcome)
            guard exchange.outcome == .ok else {
                describe(exchange, step, scenario: compiled.name, phase: phase)
                let left = compiled.steps.count - position - 1
                if left > 0 { recorder.recordSkipped(left) }
                return
            }
            due = exchange.stamps.done
        }
    }

    private func render(_ step: GeneratorPlan.CompiledStep, number: UInt64, user: VirtualUser) {
        let exchange = user.exchange
        exchange.isHead = step.operation.method == "HEAD"
        if let fixed = step.template.fixed {
            // A reference to the template's own bytes; nothing is copied.
            exchange.request = fixed
            return
        }
        step.template.render(into: &exchange.request, scratch: &user.scratch) {
            slot, encoding, output in
            switch slot {
            case .variable(let index): output.append(user.variables[index], as: encoding)
            case .secret(let secret): output.append(secret.utf8, as: encoding)
            case .iteration: output.appendDecimal(number)
            case .user: output.appendDecimal(UInt64(user.number))
            case .uuid: values.appendUUID(to: &output)
            }
        }
    }

    private func check(
        _ exchange: Exchange, _ step: GeneratorPlan.CompiledStep, _ user: VirtualUser
    ) {
        let result = step.operation.check(
            status: exchange.status, contentType: exchange.contentType, body: exchange.body,
            expectedStatus: step.expectedStatus)
        switch result {
        case .right: break
        case .wrongStatus(let detail): return mark(exchange, .wrongStatus, detail)
        case .wrongContent(let detail): return mark(exchange, .wrongContent, detail)
        }
        guard !step.saves.isEmpty else { return }
        guard let answer = try? JSONValue(parsing: exchange.body) else {
            return mark(exchange, .wrongContent, "the body to save a value from is not JSON")
        }
        for save in step.saves {
            guard let value = save.path.value(in: answer) else {
                return mark(exchange, .wrongContent, "the body has nothing at \(save.path)")
            }
            user.variables[save.variable] = Array((value.string ?? value.text).utf8)
        }
    }

    private func mark(_ exchange: Exchange, _ outcome: Outcome, _ detail: String) {
        exchange.outcome = outcome
        exchange.detail = detail
    }

    private func describe(
        _ exchange: Exchange, _ step: GeneratorPlan.CompiledStep, scenario: String, phase: Int
    ) {
        guard recorder.wantsFailures else { return }
        let stamps = exchange.stamps
        func fromStart(_ stamp: UInt64) -> Int64 {
            Int64(bitPattern: stamp &- startNanoseconds)
        }
        recorder.keep(
            FailureRecord(
                phase: plan.phases[phase].name, scenario: scenario,
                operation: plan.operations[step.operationIndex], outcome: exchange.outcome,
                detail: exchange.detail, dueNanoseconds: fromStart(stamps.due),
                readyNanoseconds: stamps.ready > 0 ? fromStart(stamps.ready) : nil,
                sentNanoseconds: stamps.sent > 0 ? fromStart(stamps.sent) : nil,
                doneNanoseconds: fromStart(stamps.done),
                status: exchange.status > 0 ? exchange.status : nil,
                request: plan.masked(exchange.request), answer: plan.masked(exchange.body)))
    }
}
