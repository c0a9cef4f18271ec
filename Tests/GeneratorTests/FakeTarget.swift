import CJemalloc
import Collector
import Contracts
import EventLoops
import Measurements
import Profiles
import Testing

@testable import Exchanges
@testable import Generator

/// A transport that answers every request at once, by a function of it.
final class FakeTarget: Transport {
    /// An answer; the default is what the contract's `ping` wants.
    struct Answer {
        var status = 200
        var contentType = "text/plain"
        var body: [UInt8] = Array("pong".utf8)
        var headers: [(name: String, value: String)] = []
        /// Whether it comes a nanosecond after the timeout.
        var isLate = false

        /// JSON.
        static func json(_ text: String, status: Int = 200) -> Answer {
            Answer(status: status, contentType: "application/json", body: Array(text.utf8))
        }
    }

    /// What was sent, in order.
    private(set) var requests: [String] = []
    /// When each request was due and answered.
    private(set) var times: [(due: UInt64, done: UInt64)] = []
    /// Whether each request was due after it was sent; none may be.
    private(set) var early = 0
    /// The most requests that one turn of the loop has sent.
    private(set) var maximumInATurn = 0
    private var inThisTurn = 0
    /// What an answer takes.
    private static let answerNanoseconds: UInt64 = 1_000
    private let loop: EventLoop
    private let hand: ManualClock
    private let keepsRequests: Bool
    private let answer: (String, Int) -> Answer
    private var count = 0
    /// The number of requests with which `whenMost` is called.
    private let most: Int
    var whenMost: (() -> Void)?

    init(
        loop: EventLoop, hand: ManualClock, keepsRequests: Bool = true, most: Int = .max,
        _ answer: @escaping (String, Int) -> Answer
    ) {
        self.loop = loop
        self.hand = hand
        self.keepsRequests = keepsRequests
        self.most = most
        self.answer = answer
    }

    func start(_ exchange: Exchange) {
        let request = keepsRequests ? String(decoding: exchange.request, as: UTF8.self) : ""
        if keepsRequests { requests.append(request) }
        let answer = answer(request, count)
        count += 1
        if inThisTurn == 0 { loop.callAtEndOfTurn(self) }
        inThisTurn += 1
        maximumInATurn = max(maximumInATurn, inThisTurn)
        let now = loop.nowNanoseconds
        if exchange.stamps.due > now { early += 1 }
        exchange.stamps.ready = now
        exchange.stamps.sent = now
        exchange.stamps.firstByte = now
        exchange.status = answer.status
        exchange.contentType = answer.contentType
        let problem = answer.body.withUnsafeBytes { exchange.takeBody($0) }
        if exchange.wantsHeaders {
            for (name, value) in answer.headers {
                Array(name.utf8).withUnsafeBytes { exchange.headers.appendName($0) }
                Array(value.utf8).withUnsafeBytes { exchange.headers.appendValue($0) }
                exchange.headers.endField()
            }
        }
        hand.pass(Self.answerNanoseconds)
        let done = answer.isLate ? exchange.deadline + 1 : loop.nowNanoseconds
        if keepsRequests { times.append((exchange.stamps.due, done)) }
        if count == most { whenMost?() }
        if let problem { return exchange.finish(problem.outcome, detail: problem.detail, at: done) }
        exchange.finish(at: done)
    }

    func sweep(now: UInt64) {}
    func endAll(_ outcome: Outcome, detail: String) {}
}

extension FakeTarget: TurnHandler {
    func turnEnds() { inThisTurn = 0 }
}

/// Scenarios against a fake target, on a loop of their own.
enum FakeRun {
    /// What came of a run.
    struct Result {
        var requests: [String]
        /// When each of them was due and answered, in nanoseconds from the start of the load.
        var times: [(due: UInt64, done: UInt64)]
        var early: Int
        var maximumInATurn: Int
        var snapshot: IntervalSnapshot
        /// What checked requests did.
        var operations: OperationJournal.Part

        /// Requests by outcome.
        var outcomes: [Outcome: Int] {
            snapshot.counts.reduce(into: [:]) { $0.merge($1.outcomes, uniquingKeysWith: +) }
        }

        /// The first line of each request.
        var lines: [String] {
            requests.map { $0.split(separator: "\r\n").first.map(String.init) ?? "" }
        }
    }

    /// A profile with its contract; `load` is one user's one iteration where it is not given.
    static func profile(
        _ text: String, load: String = "{ users: 1, iterations per user: 1, for: 20s }"
    ) throws -> (Profile, Contract) {
        var decoder = ProfileDecoder { name throws(ContractError) in try Contract(builtIn: name) }
        let decoded = try decoder.decode(
            "load: [{ p: \(load) }]\n" + text, file: "t.yaml", name: "t")
        return (decoded.profile, decoded.contract)
    }

    /// The plan of a profile, for a target named `h:1`.
    static func plan(_ profile: (Profile, Contract)) throws -> GeneratorPlan {
        try GeneratorPlan(
            profile.0, contract: profile.1, authority: "h:1", prefix: profile.1.basePath)
    }

    /// Runs a plan to its end.
    ///
    /// - Parameters:
    ///   - late: for how long the load should have begun already, in nanoseconds.
    ///   - most: the number of requests at which the load is stopped.
    static func run(
        _ plan: GeneratorPlan, share: LoadShare = LoadShare(index: 0, count: 1),
        keepsRequests: Bool = true, late: UInt64 = 0, atMost most: Int = .max,
        _ answer: @escaping @Sendable (String, Int) -> FakeTarget.Answer
    ) async throws -> Result {
        let hand = ManualClock()
        let loop = try EventLoop(name: "fake", clock: hand.clock)
        defer { loop.stop() }
        return try await hand.turn {
            await withTaskExecutorPreference(loop) {
                let target = FakeTarget(
                    loop: loop, hand: hand, keepsRequests: keepsRequests, most: most, answer)
                let start = loop.nowNanoseconds - late
                let shard = Shard(
                    plan: plan, share: share, loop: loop, transport: target, startNanoseconds: start
                )
                let bound = LoopBound(shard, to: loop)
                bound.value.stopAtMost()
                await Shard.run(bound)
                return Result(
                    requests: bound.value.requests,
                    times: bound.value.times.map { ($0.due - start, $0.done - start) },
                    early: bound.value.early,
                    maximumInATurn: bound.value.maximumInATurn,
                    snapshot: bound.value.recorder.snapshot(),
                    operations: bound.value.takeOperations())
            }
        }
    }
}

extension Shard {
    fileprivate var requests: [String] { (transport as? FakeTarget)?.requests ?? [] }
    fileprivate var times: [(due: UInt64, done: UInt64)] {
        (transport as? FakeTarget)?.times ?? []
    }
    fileprivate var early: Int { (transport as? FakeTarget)?.early ?? 0 }
    fileprivate var maximumInATurn: Int { (transport as? FakeTarget)?.maximumInATurn ?? 0 }

    /// Ends the load with the most requests that its target is to have.
    fileprivate func stopAtMost() {
        (transport as? FakeTarget)?.whenMost = { [unowned self] in stop() }
    }
}
