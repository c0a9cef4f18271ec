import EventLoops
import Exchanges
import Requests
import Statistics

/// One in-flight iteration at a time, with the state that its steps share; reused for arrivals.
///
/// A state machine rather than a task: an answer leads to the next request in the very call that
/// reads it, without a job in between. Confined to its loop.
final class VirtualUser {
    /// What a user sleeps for.
    enum Wait {
        /// It does not.
        case none
        /// Its coming, or its pace.
        case iteration
        /// Think time.
        case request
    }

    let number: Int
    let exchange: Exchange
    /// Its shard, which outlives all that it waits for.
    private let shard: Uncounted<Shard>?
    /// The closed phase that it is of; `nil` for the open model.
    let closed: ClosedUser?
    /// What it sleeps for; set by the shard, which its timer calls.
    var wait = Wait.none
    /// The indices of the present iteration's scenario and phase, and of its present instruction.
    var scenario = 0
    var phase = 0
    var position = 0
    /// When the next request is due, monotonic nanoseconds.
    var due: UInt64 = 0
    /// Whether the lane is being given a request, so that an end within that call is seen.
    var isStarting = false
    /// Whether the present iteration has sent a request.
    var hasSent = false
    /// The number of the present iteration.
    var iteration: UInt64 = 0
    /// The random numbers of the present iteration.
    var random = SeededRandom(seed: 0)
    /// Values saved by the steps of the present iteration, by variable.
    var variables: [[UInt8]] = []
    /// What each of them, and the cookies, have of the memory.
    var variablesReserved: [Int] = []
    var cookiesReserved = 0
    /// The row of each feed that the present iteration has, by feed.
    var rows: [Int] = []
    /// The rounds left of each loop of the scenario.
    var rounds: [Int] = []
    /// The groups under way, the innermost last.
    var groups: [OpenGroup] = []
    var jar = CookieJar()
    /// Working space for what answers are compared with.
    var scratch: [UInt8] = []
    /// When the last iteration and the pause behind it ended, monotonic nanoseconds.
    var freeAt: UInt64 = 0
    /// Whether the next request is due after a pause, so that the clock has to be looked at.
    var hasToWait = false
    /// Whether it goes on without think time.
    var ignoresDelays = false
    /// Nanoseconds that the present iteration has spent on think time.
    var thought: UInt64 = 0
    /// What it has in hand of a checked scenario.
    var checked = CheckedState()
    /// The request's buffer that the exchange does not have at present.
    private var spareBuffer: [UInt8] = []
    /// The step whose template's bytes the exchange has; `nil` if it has others.
    private var fixedStep: ObjectIdentifier?

    /// A group that has begun.
    struct OpenGroup {
        /// Its index in the plan.
        let index: Int
        let begun: UInt64
        /// What had been spent on think time then.
        let thought: UInt64
    }

    init(number: Int, shard: Shard? = nil, closed: ClosedUser? = nil) {
        exchange = shard.map { Exchange(memory: $0.memory) } ?? Exchange()
        self.number = number
        self.shard = shard.map { Uncounted($0) }
        self.closed = closed
        exchange.handler = self
        exchange.isArrival = closed == nil
    }

    /// Writes a step's request into the exchange, unless it is there already; a problem where there
    /// is no memory for it.
    @inline(__always)
    func render(_ step: CompiledStep, values: inout ValueSource) -> AnswerProblem? {
        if fixedStep == ObjectIdentifier(step) { return nil }
        render(step.template, values: &values)
        fixedStep = step.template.fixed == nil ? nil : ObjectIdentifier(step)
        return exchange.ownsRequest ? exchange.countRequest() : nil
    }

    /// Writes a request into the exchange.
    func render(_ template: Template, values: inout ValueSource) {
        if let fixed = template.fixed {
            if exchange.ownsRequest { swapBuffers() }
            // A reference to the template's own bytes; nothing is copied.
            exchange.request = fixed
            return
        }
        // The buffer is this user's alone, so that nothing is copied before it is written to.
        if !exchange.ownsRequest { swapBuffers() }
        exchange.request.removeAll(keepingCapacity: true)
        template.render(into: &exchange.request, for: self, values: &values)
    }

    private func swapBuffers() {
        swap(&exchange.request, &spareBuffer)
        exchange.ownsRequest.toggle()
    }
}

extension VirtualUser: ExchangeHandler, TimerHandler {
    func exchangeEnded() {
        if !isStarting { shard?.with { $0.answered(self) } }
    }

    func timerFired(at now: UInt64) {
        // The shard may be gone once its users wait for nothing.
        if wait != .none { shard?.with { $0.wake(self) } }
    }
}
