import EventLoops
import FoundationEssentials

/// Queues the jobs of all pods, runs them, and sees to it that each is answered once and in time.
///
/// Callable on any thread; the rules are `DirectorState`'s.
final class JobDirector: Sendable {
    private let state: Locked<DirectorState>
    private let storage: Storage
    private let logbooks: Logbooks
    private let effect: @Sendable (Order) -> DirectorState.CallEffect

    init(
        storage: Storage, logbooks: Logbooks, letters: [DeadLetter],
        limits: DirectorState.Limits = .init(),
        effect: @escaping @Sendable (Order) -> DirectorState.CallEffect
    ) {
        self.storage = storage
        self.logbooks = logbooks
        self.effect = effect
        let milliseconds = UInt64(Date().timeIntervalSince1970 * 1000)
        var initial = DirectorState(
            limits: limits, epoch: "job-\(String(milliseconds, radix: 36))",
            seed: UInt64.random(in: 0 ... .max))
        initial.letters = letters
        state = Locked(initial)
    }

    /// Takes a job; `answered` is called once, on any thread.
    ///
    /// - Returns: its name.
    /// - Throws: `Refusal` 503 where it is not taken; it is then no job.
    @discardableResult
    func submit(
        _ order: Order, name: String? = nil, attempts: Int = 0,
        answered: @escaping @Sendable (Answer) -> Void
    ) throws(Refusal) -> String {
        var refusal: Refusal?
        let result: String = change { state, moment, actions in
            do throws(Refusal) {
                return try state.submit(
                    order, name: name, attempts: attempts, moment, answered: answered, &actions)
            } catch {
                refusal = error
                return ""
            }
        }
        if let refusal {
            order.undo?()
            throw refusal
        }
        return result
    }

    /// A job that was done without waiting, for the log and the counts.
    func note(_ command: String, _ key: ContainerKey) {
        let wall = Date().timeIntervalSince1970
        state.withLock { state in
            let name = "\(state.epoch)-\(String(state.nextSerial, radix: 36))"
            state.nextSerial += 1
            state.succeeded += 1
            state.log.add(
                JobRecord(
                    name: name, state: .succeeded, command: command, key: key, attempts: 1,
                    created: wall, finished: wall))
        }
    }

    func ended(_ attempt: Attempt, _ outcome: Attempt.Outcome) {
        change { $0.ended(attempt, outcome, $1, &$2) }
    }

    /// Lets time pass; called about a hundred times a second.
    func tick() { change { $0.tick($1, &$2) } }

    /// A pod or one of its containers is gone.
    func forget(pod: String, container: String? = nil) {
        change { $0.forget(pod: pod, container: container, $1, &$2) }
    }

    private func change<Result>(
        _ body: (inout DirectorState, DirectorState.Moment, inout [DirectorState.Action]) -> Result
    ) -> Result {
        let moment = DirectorState.Moment(
            now: storage.settings.clock.nowNanoseconds, wall: Date().timeIntervalSince1970,
            director: self, effect: effect)
        var actions: [DirectorState.Action] = []
        let result = state.withLock { body(&$0, moment, &actions) }
        for action in actions { perform(action) }
        return result
    }

    private func perform(_ action: DirectorState.Action) {
        switch action {
        case .run(let attempt, let order): run(attempt, order.step)
        case .answer(let answered, let answer): answered(answer)
        case .undo(let undo): undo()
        case .bury(let letter): storage.keep(letter)
        case .drop(let name): storage.dropLetter(name)
        case .log(let text, let level, let pod): logbooks.log(text, level: level, pod: pod)
        }
    }

    private func run(_ attempt: Attempt, _ step: Order.Step) {
        switch step {
        case .memory(let body):
            guard attempt.claim() else { return }
            do throws(Refusal) { attempt.end(.succeeded(try body())) } catch {
                attempt.end(.failed(error))
            }
        case .read(let body):
            let isTaken = storage.read { reader in
                guard attempt.claim() else { return }
                do throws(Refusal) { attempt.end(.succeeded(try reader.use(body))) } catch {
                    attempt.end(.failed(error))
                }
            }
            if !isTaken { attempt.end(.failed(.overload(of: "reads"))) }
        case .write(let body):
            do throws(Refusal) {
                try storage.submit(
                    Storage.Write(body: body, claim: { attempt.claim() }) { result in
                        switch result {
                        case .success(let answer): attempt.end(.succeeded(answer))
                        case .failure(let refusal): attempt.end(.failed(refusal))
                        }
                    })
            } catch { attempt.end(.failed(error)) }
        }
    }

    // MARK: Queries

    /// A job that lives, or one of the newest that have ended, or a dead letter.
    func record(named name: String) -> JobRecord? {
        state.withLock { state in
            if let job = state.jobs.values.first(where: { $0.name == name }) {
                return state.record(of: job, job.attempt == nil ? .queued : .running)
            }
            return state.letters.last { $0.record.name == name }?.record
                ?? state.log.record(named: name)
        }
    }

    /// The newest dead letters, the oldest of them first.
    func letters(most: Int) -> [JobRecord] {
        state.withLock { $0.letters.suffix(most).map(\.record) }
    }

    /// A dead letter, taken out of the list; `nil` if there is none of that name.
    func takeLetter(_ name: String) -> DeadLetter? {
        state.withLock { state in
            state.letters.firstIndex { $0.record.name == name }.map { state.letters.remove(at: $0) }
        }
    }

    /// Puts a dead letter back that could not be tried again.
    func putBack(_ letter: DeadLetter) { state.withLock { $0.letters.append(letter) } }

    /// Counts, for /jobs, /readyz and /metrics.
    struct Counts: Sendable {
        var queued = 0
        var running = 0
        var succeeded = 0
        var failed = 0
        var dead = 0
        var opened = 0
        var retried = 0
        var refused = 0
        var timedOut = 0
        var open = 0
        var halfOpen = 0
        var containers = 0
    }

    var counts: Counts {
        state.withLock { state in
            var counts = Counts()
            counts.queued = state.queued
            counts.running = state.jobs.count - counts.queued
            counts.succeeded = state.succeeded
            counts.failed = state.failed
            counts.dead = state.letters.count
            counts.opened = state.opened
            counts.retried = state.retried
            counts.refused = state.refused
            counts.timedOut = state.timedOut
            for container in state.pods.values.flatMap(\.containers.values) {
                counts.containers += 1
                if container.breaker.state == .open { counts.open += 1 }
                if container.breaker.state == .halfOpen { counts.halfOpen += 1 }
            }
            return counts
        }
    }
}
