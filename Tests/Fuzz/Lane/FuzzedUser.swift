import Collector
import EventLoops
import Exchanges
import Generator
import Measurements

/// The one user of a lane; confined to its loop.
final class FuzzedUser: ExchangeHandler, TimerHandler {
    private let lane: any Transport
    private let loop: EventLoop
    private let exchange = Exchange()
    private var continuation: CheckedContinuation<Void, Never>?

    /// The lane's time, in sweeps: a process that gets no processor for long has no answer late.
    private var sweeps: UInt64 = 0

    /// Some 10 s, short of libFuzzer's own limit.
    private static let timeoutSweeps: UInt64 = 100

    init(_ lane: any Transport, on loop: EventLoop) {
        (self.lane, self.loop) = (lane, loop)
        exchange.handler = self
        loop.call(self, at: 0)
    }

    func send(_ number: Int) async -> FuzzedLane.Result {
        let now = MonotonicClock.system.nowNanoseconds
        exchange.prepare(due: now, deadline: sweeps + Self.timeoutSweeps)
        exchange.stamps.ready = now
        exchange.wantsHeaders = number % 2 == 0
        exchange.request = Array("GET /\(number) HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".utf8)
        await withCheckedContinuation { continuation in
            self.continuation = continuation
            lane.start(exchange)
        }
        return FuzzedLane.Result(outcome: exchange.outcome, body: exchange.body)
    }

    func exchangeEnded() {
        continuation?.resume()
        continuation = nil
    }

    /// Looks for what has passed its deadline.
    func timerFired(at now: UInt64) {
        sweeps += 1
        lane.sweep(now: sweeps)
        loop.call(self, at: now + 100_000_000)
    }
}
