import Collector
public import EventLoops
public import Evidence
public import Generator

/// The clear-text HTTP/1.1 lane of one event loop: a pool of keep-alive connections.
///
/// An exchange takes the idle connection that was used last; else it opens one, up to the bound;
/// else
/// it waits in line, which shows as connection wait.
public final class HTTPLane: Transport {
    let loop: EventLoop
    private let endpoint: Endpoint
    private let mostConnections: Int
    private var idle = ContiguousArray<Connection>()
    private var busy = ContiguousArray<Connection>()
    private var waiting = WaitingLine()
    private var nextSweep: UInt64 = 0
    let readBuffer: UnsafeMutableRawBufferPointer

    /// How often timeouts are looked for; a timeout is at most this late.
    private static let sweepNanoseconds: UInt64 = 10_000_000

    /// A lane to `endpoint`; `start` and `endAll` only on `loop`.
    public init(loop: EventLoop, endpoint: Endpoint, mostConnections: Int) {
        precondition(mostConnections > 0, "\(mostConnections) connections")
        self.loop = loop
        self.endpoint = endpoint
        self.mostConnections = mostConnections
        readBuffer = .allocate(byteCount: 64 << 10, alignment: 64)
    }

    deinit { readBuffer.deallocate() }

    /// Sends now, or as soon as a connection is free.
    public func start(_ exchange: Exchange) {
        if let connection = idle.popLast() {
            makeBusy(connection)
            // Nothing lies between the two stamps here.
            connection.send(exchange, at: exchange.stamps.ready)
        } else if busy.count < mostConnections {
            open(for: exchange)
        } else {
            waiting.append(exchange)
        }
    }

    private func open(for exchange: Exchange) {
        do {
            makeBusy(try Connection(to: endpoint.address, lane: self, for: exchange))
        } catch {
            exchange.finish(
                .refused, detail: error.description, at: MonotonicClock.nowNanoseconds)
        }
    }

    private func makeBusy(_ connection: Connection) {
        connection.busyIndex = busy.count
        busy.append(connection)
    }

    private func removeBusy(_ connection: Connection) {
        let index = connection.busyIndex
        guard index >= 0 else { return }
        connection.busyIndex = -1
        guard let last = busy.popLast(), last !== connection else { return }
        busy[index] = last
        last.busyIndex = index
    }

    func connectionIsIdle(_ connection: Connection) {
        if let next = waiting.popFirst() {
            connection.send(next, at: MonotonicClock.nowNanoseconds)
        } else {
            removeBusy(connection)
            idle.append(connection)
        }
    }

    func connectionClosed(_ connection: Connection) {
        if connection.busyIndex >= 0 {
            removeBusy(connection)
            // A connection that fails at once leaves its place free for the next in line.
            while busy.count < mostConnections, let next = waiting.popFirst() { open(for: next) }
        } else if let index = idle.firstIndex(where: { $0 === connection }) {
            idle.remove(at: index)
        }
    }

    /// Ends what has passed its deadline; call it every few milliseconds.
    public func sweep(now: UInt64) {
        guard now >= nextSweep else { return }
        nextSweep = now + Self.sweepNanoseconds
        for connection in busy.reversed() {
            if let exchange = connection.exchange, exchange.deadline <= now {
                connection.fail(.timeout, "no whole answer within the timeout")
            }
        }
        while let exchange = waiting.popExpired(at: now) {
            exchange.finish(
                .timeout, detail: "no connection was free within the timeout", at: now)
        }
    }

    /// Ends everything in flight, and closes.
    public func endAll(_ outcome: Outcome, detail: String) {
        while let exchange = waiting.popFirst() {
            exchange.finish(outcome, detail: detail, at: MonotonicClock.nowNanoseconds)
        }
        for connection in busy.reversed() { connection.fail(outcome, detail) }
        for connection in idle.reversed() { connection.fail(outcome, detail) }
    }
}

/// Exchanges that wait for a connection, first come first served; O(1) in and out.
struct WaitingLine {
    private var exchanges = ContiguousArray<Exchange?>()
    private var first = 0

    mutating func append(_ exchange: Exchange) { exchanges.append(exchange) }

    mutating func popFirst() -> Exchange? {
        guard first < exchanges.count else { return nil }
        defer {
            exchanges[first] = nil
            first += 1
            // Half of it is spent: close the gap, at a cost that the pops before have earned.
            if first * 2 >= exchanges.count {
                exchanges.removeFirst(first)
                first = 0
            }
        }
        return exchanges[first]
    }

    mutating func popExpired(at now: UInt64) -> Exchange? {
        guard first < exchanges.count, let exchange = exchanges[first], exchange.deadline <= now
        else { return nil }
        return popFirst()
    }
}
