import Collector
import EventLoops
import Exchanges
import Generator
import Measurements

/// What came of one request.
struct LaneAnswer: Sendable {
    let outcome: Outcome
    let detail: String
    let status: Int
    let contentType: String
    let body: [UInt8]
    let fields: [String]
    let due: UInt64
    let sent: UInt64
    let firstByte: UInt64
    let done: UInt64
    let connect: UInt64
    let tls: UInt64

    var text: String { String(decoding: body, as: UTF8.self) }
}

/// A lane under test on its loop, with users that send over it.
///
/// Confined to the loop.
final class LaneDriver {
    private let lane: any Transport
    private let loop: EventLoop

    /// More than any answer takes that is to come, on a busy machine too.
    static let patienceNanoseconds: UInt64 = 60_000_000_000

    init(_ lane: any Transport, loop: EventLoop) {
        self.lane = lane
        self.loop = loop
    }

    /// Runs `body` with a driver of a new lane on a loop of its own, and closes both.
    static func run<Value: Sendable>(
        make: @Sendable (EventLoop) throws -> any Transport,
        body: @Sendable (LaneDriver) async throws -> Value
    ) async throws -> Value {
        let loop = try EventLoop(name: "conformance")
        defer { loop.stop() }
        return try await withTaskExecutorPreference(loop) {
            let driver = LaneDriver(try make(loop), loop: loop)
            let value: Value
            do { value = try await body(driver) } catch {
                driver.close()
                throw error
            }
            driver.close()
            return value
        }
    }

    /// Ends everything in flight.
    func close() { lane.endAll(.unfinished, detail: "the test has closed the lane") }

    /// Sends one request and waits for its end.
    func send(
        _ request: String, as user: Exchange = Exchange(),
        timeoutNanoseconds: UInt64 = patienceNanoseconds
    ) async -> LaneAnswer {
        begin(request, as: user, timeoutNanoseconds: timeoutNanoseconds)
        return await end(user)
    }

    /// Sends a request as each of `count` users at once, and waits for all ends.
    func sendTogether(_ count: Int, _ request: String) async -> [LaneAnswer] {
        let users = (0..<count).map { _ in Exchange() }
        for user in users { begin(request, as: user) }
        var answers: [LaneAnswer] = []
        for user in users { answers.append(await end(user)) }
        return answers
    }

    /// Sends one request.
    func begin(
        _ request: String, as user: Exchange, timeoutNanoseconds: UInt64 = patienceNanoseconds
    ) {
        let now = loop.nowNanoseconds
        user.prepare(due: now, deadline: now + timeoutNanoseconds)
        user.stamps.ready = now
        user.wantsHeaders = true
        user.request = Array(request.utf8)
        user.isHead = request.hasPrefix("HEAD ")
        lane.start(user)
    }

    /// Waits for the end of a request.
    func end(_ user: Exchange) async -> LaneAnswer {
        if !user.isFinished {
            await withCheckedContinuation { continuation in
                loop.call(Ending(of: user, on: lane, continuation), at: user.deadline)
            }
        }
        await turn()
        let fields = (0..<user.headers.count).map {
            String(decoding: user.headers.value(at: $0), as: UTF8.self)
        }
        return LaneAnswer(
            outcome: user.outcome, detail: user.detail, status: user.status,
            contentType: user.contentType, body: user.body, fields: fields,
            due: user.stamps.due, sent: user.stamps.sent, firstByte: user.stamps.firstByte,
            done: user.stamps.done,
            connect: user.stamps.setup.connect,
            tls: user.stamps.setup.tls)
    }

    /// Tells the lane that a user sends no more.
    func release(_ user: Exchange) { lane.release(user) }

    /// What the lane did since the last call.
    func takeStatistics() -> TransportStatistics { lane.takeStatistics() }

    /// Tells the lane that the time of these requests has come: a clock that is turned by hand.
    ///
    /// A moment before, none of them may end.
    func expire(_ users: Exchange...) { expire(users) }

    /// Tells the lane that the time of these requests has come.
    func expire(_ users: [Exchange]) {
        let first = users.map(\.deadline).min() ?? 0
        let open = users.count { !$0.isFinished }
        lane.sweep(now: first - 1)
        precondition(users.count { !$0.isFinished } == open, "a request ended before its time")
        lane.sweep(now: users.map(\.deadline).max() ?? 0)
    }

    /// Comes back once the loop has looked at its sockets once more.
    func turn() async { await withCheckedContinuation { loop.call(Resumption($0), at: 0) } }

    /// Lets the loop serve its sockets until something holds, and then once more.
    ///
    /// Within a minute; what has not come by then does not come.
    func wait(until isTrue: () -> Bool) async {
        let bound = loop.nowNanoseconds + Self.patienceNanoseconds
        while !isTrue(), loop.nowNanoseconds < bound {
            await loop.sleep(until: loop.nowNanoseconds + 1_000_000)
        }
        await turn()
    }
}

/// Resumes a task when a request has ended, which its lane sees to by the deadline.
private final class Ending: ExchangeHandler, TimerHandler {
    private let user: Exchange
    private let lane: any Transport
    /// Who is told, too.
    private let handler: (any ExchangeHandler)?
    private var continuation: CheckedContinuation<Void, Never>?

    init(
        of user: Exchange, on lane: any Transport,
        _ continuation: CheckedContinuation<Void, Never>
    ) {
        self.user = user
        self.lane = lane
        self.continuation = continuation
        handler = user.handler
        user.handler = self
    }

    func exchangeEnded() {
        user.handler = handler
        handler?.exchangeEnded()
        continuation?.resume()
        continuation = nil
    }

    func timerFired(at now: UInt64) {
        guard continuation != nil else { return }
        lane.sweep(now: now)
        precondition(continuation == nil, "the lane forgot a request")
    }
}

/// Resumes a task when a timer calls it.
private final class Resumption: TimerHandler {
    private let continuation: CheckedContinuation<Void, Never>

    init(_ continuation: CheckedContinuation<Void, Never>) { self.continuation = continuation }

    func timerFired(at now: UInt64) { continuation.resume() }
}
