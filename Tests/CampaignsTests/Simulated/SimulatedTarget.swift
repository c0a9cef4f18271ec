import EventLoops
import Exchanges
import Measurements

@testable import Targets

/// A target without sockets, whose answers are a function of the time; any thread.
final class SimulatedTarget: Sendable {
    /// How a request ends.
    struct Answer {
        var outcome = Outcome.ok
        var status = 200
        var text = "pong"
        /// How long that takes.
        var nanoseconds: UInt64 = 2_000_000
    }

    /// A request.
    struct Request {
        /// When it came, in nanoseconds.
        let time: UInt64
        /// How many there were before it.
        let number: Int
        /// How many times lanes were asked for before it.
        let lanes: Int
        /// Whether it is none of the load's.
        let isControl: Bool
    }

    private let respond: @Sendable (Request) -> Answer?
    private let count = Locked(0)
    private let loads = Locked(0)

    /// A target that gives these answers, and none for `nil`.
    init(_ respond: @escaping @Sendable (Request) -> Answer?) { self.respond = respond }

    /// A target whose load is answered by a function of the seconds since its first request; what
    /// does not belong to the load is answered at once.
    static func loaded(_ respond: @escaping @Sendable (Double) -> Answer?) -> SimulatedTarget {
        let first = Locked<UInt64?>(nil)
        return SimulatedTarget { request in
            guard !request.isControl else { return Answer(nanoseconds: 0) }
            let start = first.withLock { first in
                if first == nil { first = request.time }
                return first ?? request.time
            }
            return respond(Double(request.time - start) / 1e9)
        }
    }

    /// How many times lanes to it were asked for.
    var laneRequests: Int { loads.withLock { $0 } }

    /// Lanes to it.
    var lanes: LaneFactory {
        loads.withLock { $0 += 1 }
        return LaneFactory(authority: "simulated:1") { SimulatedLane(self, on: $0) }
    }

    fileprivate func answer(at time: UInt64, isControl: Bool) -> Answer? {
        let number = count.withLock { count in
            defer { count += 1 }
            return count
        }
        return respond(
            Request(time: time, number: number, lanes: laneRequests, isControl: isControl))
    }
}

/// A lane to a simulated target.
private final class SimulatedLane: Transport {
    private final class Pending: TimerHandler {
        let exchange: Exchange
        private let answer: SimulatedTarget.Answer
        private unowned let lane: SimulatedLane

        init(_ exchange: Exchange, _ answer: SimulatedTarget.Answer, _ lane: SimulatedLane) {
            self.exchange = exchange
            self.answer = answer
            self.lane = lane
        }

        func timerFired(at now: UInt64) { lane.end(self, answer, at: now) }
    }

    private let target: SimulatedTarget
    private let loop: EventLoop
    private var open: [ObjectIdentifier: (exchange: Exchange, pending: Pending?)] = [:]
    private var statistics = TransportStatistics()

    init(_ target: SimulatedTarget, on loop: EventLoop) {
        self.target = target
        self.loop = loop
    }

    func start(_ exchange: Exchange) {
        let now = loop.nowNanoseconds
        exchange.stamps.ready = now
        exchange.stamps.sent = now
        statistics.sent += 1
        let isControl = String(decoding: exchange.request, as: UTF8.self).contains(
            "\r\nAccept: */*")
        let answer = target.answer(at: now, isControl: isControl)
        if let answer, answer.nanoseconds == 0 {
            open[ObjectIdentifier(exchange)] = (exchange, nil)
            return end(exchange, answer, at: now)
        }
        let pending = answer.map { Pending(exchange, $0, self) }
        open[ObjectIdentifier(exchange)] = (exchange, pending)
        if let pending, let answer { loop.call(pending, at: now + answer.nanoseconds) }
    }

    private func end(_ pending: Pending, _ answer: SimulatedTarget.Answer, at now: UInt64) {
        let exchange = pending.exchange
        // It may have ended, and carry another request.
        guard open[ObjectIdentifier(exchange)]?.pending === pending else { return }
        end(exchange, answer, at: now)
    }

    private func end(_ exchange: Exchange, _ answer: SimulatedTarget.Answer, at now: UInt64) {
        open[ObjectIdentifier(exchange)] = nil
        guard answer.outcome == .ok else {
            return exchange.finish(answer.outcome, detail: answer.text, at: now)
        }
        exchange.stamps.firstByte = now
        exchange.status = answer.status
        exchange.contentType = "text/plain"
        _ = Array(answer.text.utf8).withUnsafeBytes { exchange.takeBody($0) }
        exchange.finish(at: now)
    }

    func sweep(now: UInt64) {
        end(.timeout, "no whole answer within the timeout", at: now) { $0.deadline <= now }
    }

    func endAll(_ outcome: Outcome, detail: String) {
        end(outcome, detail, at: loop.nowNanoseconds) { _ in true }
    }

    private func end(
        _ outcome: Outcome, _ detail: String, at now: UInt64, where isMeant: (Exchange) -> Bool
    ) {
        let ended = open.filter { isMeant($0.value.exchange) }
        for identifier in ended.keys { open[identifier] = nil }
        for (exchange, _) in ended.values.sorted(by: {
            $0.exchange.stamps.due < $1.exchange.stamps.due
        }) { exchange.finish(outcome, detail: detail, at: now) }
    }

    func takeStatistics() -> TransportStatistics {
        defer { statistics = TransportStatistics() }
        return statistics
    }
}
