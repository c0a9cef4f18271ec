public import EventLoops
import Exchanges
import Generator
public import Measurements

/// Single GET requests beside the load: the first contact, and the target's metrics.
///
/// Confined to the control loop.
public final class ControlLane {
    private let lane: any Transport
    private let loop: EventLoop
    private let authority: String
    private let control: RunControl

    /// What an answer may take once the run is to stop.
    private static let stopNanoseconds: UInt64 = 50_000_000

    /// A lane of its own to the target, with two connections.
    public init(loop: EventLoop, lanes: LaneFactory, control: RunControl = RunControl()) {
        self.loop = loop
        self.control = control
        authority = lanes.authority
        lane = lanes.lane(on: loop, maximumConnections: 2, isForControl: true)
    }

    /// What it may hold of an answer, in bytes; metrics are shorter.
    private static let maximumBytes = 16 << 20

    /// What a GET came to: the outcome, the status, and the body or what went wrong.
    public struct Answer {
        /// How the exchange ended.
        public let outcome: Outcome
        /// The answer's status; 0 if there is none.
        public let status: Int
        /// The body; what went wrong if the outcome is not `ok`.
        public let text: String
    }

    /// Asks for a path, and waits for the end of the answer.
    public func get(_ path: String, timeoutNanoseconds: UInt64) async -> Answer {
        let exchange = Exchange(memory: MemoryBudget(limitBytes: Self.maximumBytes))
        let now = loop.nowNanoseconds
        exchange.prepare(due: now, deadline: now + timeoutNanoseconds)
        exchange.stamps.ready = now
        exchange.request = Array(
            "GET \(path) HTTP/1.1\r\nHost: \(authority)\r\nAccept: */*\r\n\r\n".utf8)
        lane.start(exchange)
        // The sweep ends it at the deadline, so this loop is bounded by the timeout.
        var nap: UInt64 = 500_000
        while !exchange.isFinished {
            await loop.sleep(until: loop.nowNanoseconds + nap)
            nap = min(nap * 2, 10_000_000)
            let present = loop.nowNanoseconds
            let isHurried = control.isStopRequested && present >= now + Self.stopNanoseconds
            lane.sweep(now: isHurried ? exchange.deadline : present)
        }
        let text =
            exchange.outcome == .ok
            ? String(decoding: exchange.body, as: UTF8.self) : exchange.detail
        return Answer(outcome: exchange.outcome, status: exchange.status, text: text)
    }

    /// Ends what is under way.
    public func close() { lane.endAll(.unfinished, detail: "the run has ended") }
}
