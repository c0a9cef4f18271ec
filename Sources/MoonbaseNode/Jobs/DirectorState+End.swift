extension DirectorState {
    // MARK: The end of a job

    /// Starts what waits for the container.
    mutating func dispatch(
        _ key: ContainerKey, _ moment: Moment, _ actions: inout [Action]
    ) {
        while let container = pods[key.pod]?.containers[key.container], !container.queue.isEmpty,
            container.running < limits.runningPerContainer
        {
            let next = withContainer(key) {
                ($0.queue.popFirst(), $0.breaker.admits(at: moment.now))
            }
            guard let serial = next.0, jobs[serial] != nil else { continue }
            if next.1 {
                start(serial, moment, &actions)
            } else {
                let message = "the circuit of \(key.container) is open"
                finish(
                    serial, .dead, Refusal(503, message).answer, error: message, moment, &actions)
            }
        }
    }

    mutating func finish(
        _ serial: UInt64, _ state: JobRecord.State, _ answer: Answer, error: String?,
        _ moment: Moment, _ actions: inout [Action]
    ) {
        guard var job = jobs.removeValue(forKey: serial) else { return }
        let key = job.order.key
        pods[key.pod]?.live -= 1
        job.error = error
        let record = record(of: job, state, finished: moment.wall)
        log.add(record)
        switch state {
        case .succeeded: succeeded += 1
        case .dead: bury(DeadLetter(record: record, call: job.order.call), &actions)
        default: failed += 1
        }
        if state != .succeeded, let undo = job.order.undo { actions.append(.undo(undo)) }
        var answer = answer
        answer.job = job.name
        actions.append(.answer(job.answered, answer))
        if let container = pods[key.pod]?.containers[key.container] {
            if container.isIdle, container.breaker.isPristine {
                pods[key.pod]?.containers[key.container] = nil
                if pods[key.pod]?.containers.isEmpty == true, pods[key.pod]?.live == 0 {
                    pods[key.pod] = nil
                }
            } else {
                dispatch(key, moment, &actions)
            }
        }
    }

    private mutating func bury(_ letter: DeadLetter, _ actions: inout [Action]) {
        letters.append(letter)
        actions.append(.bury(letter))
        if letters.count > limits.deadLetters {
            actions.append(.drop(letters.removeFirst().record.name))
        }
    }

    /// A pod or one of its containers is gone: what waits for it has nowhere to go.
    mutating func forget(
        pod: String, container: String?, _ moment: Moment, _ actions: inout [Action]
    ) {
        let names = container.map { [$0] } ?? (pods[pod]?.containers.keys.sorted() ?? [])
        for name in names {
            let waiting = pods[pod]?.containers[name]?.queue.removeAll() ?? []
            for serial in waiting {
                finish(
                    serial, .failed, Refusal(404, "\(name) is gone").answer,
                    error: "\(name) is gone",
                    moment, &actions)
            }
            if pods[pod]?.containers[name]?.running == 0 { pods[pod]?.containers[name] = nil }
        }
    }
}
