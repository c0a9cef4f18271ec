import JSON
import Testing

@testable import MoonbaseNode

/// The rules of the JobDirector over a manual clock.
@Suite struct DirectorStateTests {
    private static let millisecond: UInt64 = 1_000_000

    /// A state whose clock is moved by hand, and which keeps what it was told to do.
    private final class Bench {
        let folder = DataFolder()
        let director: JobDirector
        var state = DirectorState(limits: .init(), epoch: "job", seed: 1)
        var now: UInt64 = 1
        var effect = DirectorState.CallEffect.none
        let answers = Locked<[Int]>([])
        var attempts: [Attempt] = []
        var buried: [DeadLetter] = []

        init() throws {
            director = JobDirector(
                storage: try folder.storage(), logbooks: Logbooks(), letters: []
            ) { _ in .none }
        }

        func step<Result>(
            _ body: (inout DirectorState, DirectorState.Moment, inout [DirectorState.Action]) throws
                -> Result
        ) rethrows -> Result {
            let effect = effect
            let moment = DirectorState.Moment(
                now: now, wall: 0, director: director, effect: { _ in effect })
            var actions: [DirectorState.Action] = []
            defer { for action in actions { perform(action) } }
            return try body(&state, moment, &actions)
        }

        private func perform(_ action: DirectorState.Action) {
            switch action {
            case .run(let attempt, _): attempts.append(attempt)
            case .answer(let answered, let answer): answered(answer)
            case .bury(let letter): buried.append(letter)
            case .undo, .drop, .log: break
            }
        }

        func submit(pod: String = "p", isIdempotent: Bool = true) throws {
            let call = Call(operation: "commandDatabase", path: [:], query: [:], body: .null)
            let order = Order(
                command: "put", key: ContainerKey(pod: pod, container: "database:d"), calls: [],
                isIdempotent: isIdempotent, call: call,
                step: .write { _ in Change(answer: .text("")) })
            let answers = answers
            _ = try step { state, moment, actions in
                try state.submit(
                    order, name: nil, attempts: 0, moment,
                    answered: { answer in answers.withLock { $0.append(answer.status) } }, &actions)
            }
        }

        func tick(after milliseconds: UInt64) {
            now += milliseconds * DirectorStateTests.millisecond
            step { $0.tick($1, &$2) }
        }

        func end(_ index: Int, _ outcome: Attempt.Outcome) {
            step { $0.ended(attempts[index], outcome, $1, &$2) }
        }

        var statuses: [Int] { answers.withLock { $0 } }
    }

    @Test func `a job that succeeds is answered once and logged`() throws {
        let bench = try Bench()
        try bench.submit()
        bench.end(0, .succeeded(.text("ok")))
        bench.end(0, .succeeded(.text("ok")))
        #expect(bench.statuses == [200])
        #expect(bench.state.log.record(named: "job-1")?.state == .succeeded)
        #expect(bench.state.pods.isEmpty)
    }

    @Test func `a job that is not taken up in 7 s is answered 504, and never carried out`() throws {
        let bench = try Bench()
        try bench.submit()
        bench.tick(after: 6999)
        #expect(bench.statuses.isEmpty)
        bench.tick(after: 1)
        #expect(bench.statuses == [504])
        #expect(!bench.attempts[0].claim())
        #expect(bench.buried.map(\.record.state) == [.dead])
    }

    @Test func `a change that is being carried out is not timed out`() throws {
        let bench = try Bench()
        try bench.submit()
        #expect(bench.attempts[0].claim())
        bench.tick(after: 8000)
        #expect(bench.statuses.isEmpty)
        bench.end(0, .succeeded(.text("ok")))
        #expect(bench.statuses == [200])
    }

    @Test func `a container that hangs fails calls after 500 ms, and its circuit opens`() throws {
        let bench = try Bench()
        bench.effect = .hang
        for _ in 0..<5 { try bench.submit(isIdempotent: false) }
        bench.tick(after: 499)
        #expect(bench.statuses.isEmpty)
        bench.tick(after: 1)
        #expect(bench.statuses == [503, 503, 503, 503, 503])
        #expect(bench.buried.count == 5)
        #expect(throws: Refusal.self) { try bench.submit() }
        #expect(bench.buried.count == 5)
        // Another pod's container is not touched by it.
        bench.effect = .none
        try bench.submit(pod: "q")
        #expect(bench.attempts.count == 1)
        // After a second one call goes through, and closes the circuit.
        bench.tick(after: 1000)
        try bench.submit()
        #expect(throws: Refusal.self) { try bench.submit() }
        bench.end(1, .succeeded(.text("ok")))
        try bench.submit()
        #expect(bench.attempts.count == 3)
    }

    @Test func `trouble is tried again where that is harmless, and only there`() throws {
        for isIdempotent in [true, false] {
            let bench = try Bench()
            try bench.submit(isIdempotent: isIdempotent)
            bench.end(0, .failed(Refusal(503, "storage is busy")))
            bench.tick(after: 20)
            #expect(bench.attempts.count == (isIdempotent ? 2 : 1))
            #expect(bench.buried.count == (isIdempotent ? 0 : 1))
        }
    }

    @Test func `a refusal is no trouble: it is answered and not tried again`() throws {
        let bench = try Bench()
        try bench.submit()
        bench.end(0, .failed(Refusal(404, "there is none")))
        bench.tick(after: 1000)
        #expect(bench.statuses == [404])
        #expect(bench.buried.isEmpty)
    }

    @Test func `a pod's share is bounded, and what is over it waits or is refused`() throws {
        let bench = try Bench()
        for _ in 0..<(256 + 1024) { try bench.submit() }
        #expect(bench.attempts.count == 256)
        #expect(throws: Refusal.self) { try bench.submit() }
        bench.end(0, .succeeded(.text("ok")))
        #expect(bench.attempts.count == 257)
        try bench.submit(pod: "q")
        #expect(bench.attempts.count == 258)
    }

    @Test func `a container whose queue is slow takes no job until the queue moves`() throws {
        let bench = try Bench()
        for _ in 0..<257 { try bench.submit() }
        bench.now += bench.state.limits.wait
        try bench.submit()
        bench.now += 1
        #expect(throws: Refusal.self) { try bench.submit() }
        #expect(bench.state.refused == 1)
        try bench.submit(pod: "q")
        bench.end(0, .succeeded(.text("ok")))
        try bench.submit()
        #expect(bench.statuses == [200])
    }

    @Test func `what an overload refuses is neither tried again nor a dead letter`() throws {
        let bench = try Bench()
        try bench.submit()
        bench.end(0, .failed(.overload(of: "writes")))
        #expect(bench.statuses == [503])
        #expect(bench.state.refused == 1 && bench.state.retried == 0)
        #expect(bench.buried.isEmpty)
    }

    @Test func `a dead letter survives as text`() throws {
        let call = Call(
            operation: "commandDatabase", path: ["id": "d"], query: [:],
            body: try JSONValue(
                parsing: "{\"command\":\"put\",\"args\":{\"key\":\"k\",\"value\":1}}".utf8))
        let record = JobRecord(
            name: "job-1", state: .dead, command: "put",
            key: ContainerKey(pod: "p", container: "database:d"), attempts: 2, error: "storage",
            created: 1.5, finished: 2.5)
        let letter = try #require(DeadLetter(text: DeadLetter(record: record, call: call).text))
        #expect(letter.record.json == record.json)
        #expect(letter.call.body == call.body)
        #expect(letter.call.path == ["id": "d"])
        #expect(DeadLetter(text: "{}") == nil)
    }
}
