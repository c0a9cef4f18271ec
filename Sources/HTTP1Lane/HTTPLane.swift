import ContentCodings
public import EventLoops
public import Exchanges
public import Measurements
public import Sockets

/// The HTTP/1.1 lane of one event loop, in clear text or with TLS: its keep-alive connections.
///
/// An exchange takes the idle connection that was used last; an arrival else one that comes free
/// with the answers that are there to be read; else it opens one, up to the bound; else it waits in
/// line, which shows as connection wait. Where each user has a connection of its own, it takes that
/// one, or one in the place of an idle one of another user; where each request has, it always opens
/// one.
public final class HTTPLane: Transport {
    let loop: EventLoop
    private let endpoint: Endpoint
    private let maximumConnections: Int
    private let reuse: Network.Reuse
    private var idle = Places()
    private var busy = Places()
    /// The connection whose answer is being taken: idle already, and first to be used again, but
    /// still in the list of busy ones, since its user mostly goes on at once.
    private var atHand: Uncounted<Connection>?
    private var waiting = WaitingLine()
    /// How many of those in line have had all answers read since they came.
    private var passedOver = 0
    private var isTurnAwaited = false
    /// Connections whose request goes out at the end of the turn.
    private var queued = ContiguousArray<Uncounted<Connection>>()
    /// Connections that have closed while some were queued; kept as long as `queued` may have them.
    private var closed = ContiguousArray<Connection>()
    private var nextSource = 0
    let readBuffer: UnsafeMutableRawBufferPointer
    let knownHeads = KnownHeads()
    /// Unpack bodies; `nil` if they are left as they come.
    let decoders: DecoderPool?
    /// The TLS of its connections; `nil` for clear text.
    let tls: TLSClient?
    /// The way through a proxy; `nil` if connections go to the target.
    let proxy: ProxyRoute?
    /// The TLS with the proxy; `nil` if it speaks clear text.
    let proxyTLS: TLSClient?
    var statistics = TransportStatistics()

    /// Opening a connection takes longer than sending: due requests must not wait for many.
    private static let opensPerTurn = 8

    /// A lane to `endpoint`, with TLS where it is given one; `start` and `endAll` only on `loop`.
    ///
    /// - Parameters:
    ///   - network: who may use a connection again, and whether bodies in a content coding are
    ///     unpacked; the rest of it says where `endpoint` is.
    ///   - proxy: the way to the target where `endpoint` is a proxy's.
    public init(
        loop: EventLoop, endpoint: Endpoint, maximumConnections: Int,
        network: Network = Network(), tls: TLSContext? = nil, proxy: ProxyRoute? = nil
    ) {
        precondition(maximumConnections > 0, "\(maximumConnections) connections")
        self.loop = loop
        self.endpoint = endpoint
        self.maximumConnections = maximumConnections
        reuse = network.connections
        self.tls = tls.map(TLSClient.init)
        self.proxy = proxy
        proxyTLS = proxy?.tls.map(TLSClient.init)
        decoders = network.isCompressed ? DecoderPool() : nil
        readBuffer = .allocate(byteCount: 64 << 10, alignment: 64)
    }

    deinit { readBuffer.deallocate() }

    /// Sends at the end of the loop's turn, or as soon as a connection is free.
    ///
    /// So all answers of a turn are read before the first request is sent: none of them waits, in a
    /// time that counts as the target's, for the sending of others.
    public func start(_ exchange: Exchange) {
        if let connection = atHand {
            atHand = nil
            connection.with { queue(exchange, on: $0) }
        } else if let connection = idleConnection(for: exchange) {
            busy.add(connection)
            queue(exchange, on: connection)
        } else if mayOpen(behind: waiting.count) {
            guard exchange.isArrival, reuse == .pool, !busy.isEmpty else {
                open(for: exchange)
                return
            }
            waiting.append(exchange)
            awaitTurn()
        } else {
            exchange.stamps.ready = loop.nowNanoseconds
            waiting.append(exchange)
            giveUpOwn()
        }
    }

    /// Closes an idle connection of a user for who waits in line.
    private func giveUpOwn() {
        guard reuse == .user, let connection = idle.first else { return }
        connection.fail(.unfinished, "another user needed the place")
    }

    private func mayOpen(behind others: Int = 0) -> Bool {
        // Any idle connection of a pool is taken before one is opened.
        busy.count + (reuse == .user ? idle.count : 0) + others < maximumConnections
    }

    private func queue(_ exchange: Exchange, on connection: Connection) {
        connection.take(exchange)
        awaitTurn()
        queued.append(Uncounted(connection))
    }

    private func awaitTurn() {
        if !isTurnAwaited { loop.callAtEndOfTurn(self) }
        isTurnAwaited = true
    }

    @inline(__always)
    private func idleConnection(for exchange: Exchange) -> Connection? {
        if reuse == .pool { return idle.popLast() }
        guard reuse == .user, let own = exchange.carrier as? Connection, own.isIdle else {
            return nil
        }
        idle.remove(own)
        return own
    }

    /// False where that failed at once.
    @discardableResult
    private func open(for exchange: Exchange) -> Bool {
        if exchange.stamps.ready == 0 { exchange.stamps.ready = loop.nowNanoseconds }
        do {
            let connection = try Connection(to: endpoint.address, lane: self, for: exchange)
            statistics.opened += 1
            if reuse == .user { exchange.carrier = connection }
            busy.add(connection)
            return true
        } catch {
            exchange.finish(
                .refused, detail: error.description, at: loop.nowNanoseconds)
            return false
        }
    }

    /// Binds a new connection to the source address whose turn it is; an errno where it fails.
    func bind(_ descriptor: Int32) -> Int32? {
        nextSource &+= 1
        return endpoint.sources.bind(descriptor, turn: nextSource)
    }

    /// Sends on a new connection what a connection that the peer had closed did not take.
    func retry(_ exchange: Exchange) {
        statistics.reconnects += 1
        open(for: exchange)
    }

    /// Whether a connection is kept after an answer that lets it be.
    var keepsConnections: Bool { reuse != .request }

    func connectionIsIdle(_ connection: Connection) {
        if reuse == .user {
            busy.remove(connection)
            idle.add(connection)
            if waiting.count > 0 { giveUpOwn() }
        } else if let next = nextInLine() {
            queue(next, on: connection)
        } else {
            atHand = Uncounted(connection)
        }
    }

    private func nextInLine() -> Exchange? {
        guard let next = waiting.popFirst() else { return nil }
        passedOver = max(0, passedOver - 1)
        return next
    }

    /// The answer of a connection has been taken, and what follows from it was begun.
    func settle(_ connection: Connection) {
        guard let last = atHand, last.isSame(as: connection) else { return }
        atHand = nil
        busy.remove(connection)
        idle.add(connection)
    }

    /// A connection has closed, and its place goes to the next in line.
    func connectionClosed(_ connection: Connection) {
        if !queued.isEmpty { closed.append(connection) }
        if let last = atHand, last.isSame(as: connection) { atHand = nil }
        if busy.holds(connection) { busy.remove(connection) }
        if idle.holds(connection) { idle.remove(connection) }
        // One that cannot be opened at all leaves the place free for the one behind it.
        while mayOpen(), let next = nextInLine() {
            if open(for: next) { break }
        }
        if waiting.count > 0, mayOpen() { awaitTurn() }
    }

    /// Ends what has passed its deadline; call it as often as that is to be found out.
    public func sweep(now: UInt64) {
        // Those in line first, or a connection would be opened for one that is too late already.
        for exchange in waiting.takeExpired(at: now) {
            exchange.finish(
                .timeout, detail: "no connection was free within the timeout", at: now)
        }
        for connection in busy.all.reversed() {
            if let exchange = connection.exchange, exchange.deadline <= now {
                connection.expire()
            }
        }
    }

    /// Ends everything in flight, and closes.
    public func endAll(_ outcome: Outcome, detail: String) {
        while let exchange = waiting.popFirst() {
            exchange.finish(outcome, detail: detail, at: loop.nowNanoseconds)
        }
        for connection in busy.all.reversed() { connection.fail(outcome, detail) }
        for connection in idle.all.reversed() { connection.fail(outcome, detail) }
    }

    /// Closes the idle connection of a user that sends no more.
    public func release(_ exchange: Exchange) {
        guard reuse == .user, let own = exchange.carrier as? Connection else { return }
        exchange.carrier = nil
        if own.isIdle { own.fail(.unfinished, "its user has ended") }
    }

    /// What the lane did since the last call.
    public func takeStatistics() -> TransportStatistics {
        defer { statistics = TransportStatistics() }
        statistics.openConnections = busy.count + idle.count
        return statistics
    }
}

extension HTTPLane: TurnHandler {
    /// Sends the requests that were queued in this turn, and opens connections for those in line
    /// that no answer of this turn has freed one for.
    public func turnEnds() {
        isTurnAwaited = false
        // What a failure starts meanwhile comes behind.
        var index = 0
        while index < queued.count {
            queued[index].with { $0.sendQueued() }
            index += 1
        }
        queued.removeAll(keepingCapacity: true)
        if !closed.isEmpty { closed.removeAll(keepingCapacity: true) }
        for _ in 0..<min(passedOver, Self.opensPerTurn) where mayOpen() {
            if let next = waiting.popFirst() { open(for: next) }
        }
        passedOver = waiting.count
        if passedOver > 0, mayOpen() { awaitTurn() }
    }
}
