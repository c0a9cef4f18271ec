import Collector
import EventLoops
import Evidence
import Generator

/// Single GET requests beside the load: the first contact, and the target's metrics.
///
/// Confined to the control loop.
final class ControlLane {
    private let lane: any Transport
    private let loop: EventLoop
    private let authority: String

    init(loop: EventLoop, lanes: LaneFactory) {
        self.loop = loop
        authority = lanes.authority
        lane = lanes.lane(on: loop, maximumConnections: 2, isForControl: true)
    }

    /// What it may hold of an answer, in bytes; metrics are shorter.
    private static let maximumBytes = 16 << 20

    /// What a GET came to: the outcome, the status, and the body or what went wrong.
    struct Answer {
        let outcome: Outcome
        let status: Int
        let text: String
    }

    func get(_ path: String, timeoutNanoseconds: UInt64) async -> Answer {
        let exchange = Exchange(memory: MemoryBudget(limitBytes: Self.maximumBytes))
        let now = MonotonicClock.nowNanoseconds
        exchange.prepare(due: now, deadline: now + timeoutNanoseconds)
        exchange.stamps.ready = now
        exchange.request = Array(
            "GET \(path) HTTP/1.1\r\nHost: \(authority)\r\nAccept: */*\r\n\r\n".utf8)
        lane.start(exchange)
        // The sweep ends it at the deadline, so this loop is bounded by the timeout.
        var nap: UInt64 = 500_000
        while !exchange.isFinished {
            await loop.sleep(until: MonotonicClock.nowNanoseconds + nap)
            nap = min(nap * 2, 10_000_000)
            lane.sweep(now: MonotonicClock.nowNanoseconds)
        }
        let text =
            exchange.outcome == .ok
            ? String(decoding: exchange.body, as: UTF8.self) : exchange.detail
        return Answer(outcome: exchange.outcome, status: exchange.status, text: text)
    }

    func close() { lane.endAll(.unfinished, detail: "the run has ended") }
}
