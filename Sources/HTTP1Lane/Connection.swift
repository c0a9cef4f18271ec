import CLinux
import EventLoops
import Exchanges
import Glibc
import Measurements
import Sockets

/// One connection of the loops lane, in clear text or with TLS; confined to its loop.
final class Connection: EventHandler {
    private enum State {
        case connecting
        /// A proxy opens the way to the target.
        case tunnelling
        /// In the TLS handshake.
        case securing
        case idle
        /// It has a request, which goes out at the end of the loop's turn.
        case queued
        case busy
        case closed
    }

    /// Its lane, which lets go of it when it closes.
    private let lane: HTTPLane
    private let descriptor: Int32
    /// What its requests go through; `nil` in clear text.
    private let tls: TLSSession?
    /// The TLS with the proxy; `nil` if there is none.
    private let proxyTLS: TLSSession?
    /// What a proxy gets that forwards requests; `nil` if the target gets them as they are.
    private let forwarded: ForwardedRequest?
    /// What opens the way through a proxy; `nil` once it is open, or if there is none to open.
    private var tunnel: ProxyTunnel?
    private var state = State.connecting
    private let parser: AnswerParser
    private var written = 0
    private var isPartlySent = false
    /// Whether the peer will send no more than what is there to read; for `turnEnds`.
    private var isPeerDone = false
    /// Whether it has carried a request before this one.
    private var isReused = false
    /// The exchange under way, which its user keeps; `nil` while idle.
    private var current: Uncounted<Exchange>?
    /// Likewise, counted.
    var exchange: Exchange? { current?.with { $0 } }
    /// When it began to connect, and then to shake hands.
    private var begun: UInt64
    /// Whether a read is to go on at the end of the turn.
    private var isReadPending = false
    /// Its place among the lane's busy connections, or its idle ones; -1 where it is in neither.
    var place = -1

    /// What ends an exchange whose peer spoke first.
    private static let early = "bytes before the request was sent, which are no answer to it"
    /// The most reads in a turn, 1 MiB in all.
    private static let readsPerTurn = 16

    /// Starts to connect, for `exchange`.
    init(to address: SocketAddress, lane: HTTPLane, for exchange: Exchange) throws(SystemCallError)
    {
        self.lane = lane
        begun = lane.loop.nowNanoseconds
        current = Uncounted(exchange)
        parser = AnswerParser(
            placeholder: exchange, known: lane.knownHeads, decoders: lane.decoders)
        let type = Int32(SOCK_STREAM.rawValue | SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue)
        descriptor = socket(address.family, type, 0)
        guard descriptor >= 0 else { throw SystemCallError(call: "socket", number: errno) }
        guard let layers = lane.layers(over: descriptor) else {
            Glibc.close(descriptor)
            throw SystemCallError(call: "SSL_new", number: ENOMEM)
        }
        (proxyTLS, tls) = layers
        tunnel = lane.proxy?.makeTunnel()
        forwarded = lane.proxy?.makeForwardedRequest()
        var one: Int32 = 1
        setsockopt(
            descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &one, socklen_t(MemoryLayout<Int32>.size))
        if address.isLoopback { Self.sendUnpaced(descriptor) }
        if let number = lane.bind(descriptor) {
            Glibc.close(descriptor)
            state = .closed
            throw SystemCallError(call: "bind", number: number)
        }
        let result = systemCall {
            address.withPointer { Int(connect(descriptor, $0, $1)) } ?? -1
        }
        if let number = Self.refusal(result, of: address) {
            Glibc.close(descriptor)
            state = .closed
            throw SystemCallError(call: "connect", number: number)
        }
        do { try lane.loop.watch(descriptor, handler: self) } catch {
            Glibc.close(descriptor)
            state = .closed
            throw error
        }
    }

    /// Whether it is open and carries nothing.
    var isIdle: Bool { state == .idle }

    /// Takes the next request on this idle connection; the lane has it sent at the end of the turn.
    func take(_ exchange: Exchange) {
        precondition(state == .idle, "the connection is in use")
        isReused = true
        current = Uncounted(exchange)
        state = .queued
    }

    /// Sends the request that it has taken, if that has not ended meanwhile.
    func sendQueued() {
        guard state == .queued, let current else { return }
        state = .busy
        let now = lane.loop.nowNanoseconds
        current.with { exchange in
            // One that did not wait for a connection is ready now; nothing lies between the stamps.
            if exchange.stamps.ready == 0 { exchange.stamps.ready = now }
            beginRequest(exchange, at: now)
        }
    }

    private func beginRequest(_ exchange: Exchange, at now: UInt64) {
        written = 0
        isPartlySent = false
        forwarded?.take(exchange.requestBytes)
        parser.expectAnswer(to: exchange)
        tls?.markUnsent()
        exchange.stamps.sent = now
        writeMore(exchange)
    }

    /// What goes out for an exchange.
    @inline(__always)
    private func outgoing(_ exchange: Exchange) -> UnsafeRawBufferPointer {
        forwarded?.bytes ?? exchange.requestBytes
    }

    private func writeMore(_ exchange: Exchange) {
        let bytes = outgoing(exchange)
        while written < bytes.count {
            let result = send(UnsafeRawBufferPointer(rebasing: bytes[written...]))
            switch result {
            case .value(let count):
                if written == 0 { lane.statistics.sent += 1 }
                written += count
                if written < bytes.count || isPartlySent {
                    isPartlySent = true
                    exchange.stamps.setup.send =
                        lane.loop.nowNanoseconds - exchange.stamps.sent
                }
            case .wouldBlock: return
            case .failed(let number):
                let isClosed = number == EPIPE || number == ECONNRESET
                let isUnsent = written == 0 && tls?.hasSent != true
                if isClosed, isReused, isUnsent { return retry(exchange) }
                // An answer may have come before the peer closed; reading tells.
                if isClosed {
                    tls?.becomeReadable(toEnd: true)
                    return readMore(toEnd: true)
                }
                return fail(.reset, words("send", number))
            }
        }
    }

    /// Sends what fits.
    @inline(__always)
    private func send(_ bytes: UnsafeRawBufferPointer) -> SystemCallResult {
        if let tls { return tls.write(bytes) }
        return directCall { linux_send(descriptor, bytes.baseAddress, UInt(bytes.count)) }
    }

    /// What went wrong, in the words of TLS where it was that.
    private func words(_ call: String, _ number: Int32) -> String {
        if let tls, number == EPROTO, !tls.failure.isEmpty { return tls.failure }
        return SystemCallError(call: call, number: number).description
    }

    /// The peer had closed the idle connection, and nothing was sent.
    private func retry(_ exchange: Exchange) {
        current = nil
        exchange.stamps.sent = 0
        // First, or the place of this one would go to who waits in line.
        lane.retry(exchange)
        close()
    }

    func handle(_ readiness: Readiness) {
        if state == .connecting {
            if readiness.isWritable { connected(readiness) }
            return
        }
        if readiness.isReadable { tls?.becomeReadable(toEnd: readiness.isPeerDone) }
        if state == .securing { return secure(readiness) }
        if state == .tunnelling { return openTunnel(readiness) }
        // A step of TLS that reads may have to write first, and the other way round.
        if readiness.isReadable || tls != nil { readMore(toEnd: readiness.isPeerDone) }
        if state == .busy, readiness.isWritable || tls != nil, let exchange,
            written < outgoing(exchange).count
        {
            writeMore(exchange)
        }
    }

    /// The attempt to connect has ended.
    private func connected(_ readiness: Readiness) {
        guard let exchange else { return }
        var number: Int32 = 0
        var size = socklen_t(MemoryLayout<Int32>.size)
        getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &number, &size)
        guard number == 0 else {
            return fail(.refused, SystemCallError(call: "connect", number: number).description)
        }
        let now = lane.loop.nowNanoseconds
        exchange.stamps.setup.connect = now - begun
        tls?.becomeReadable(toEnd: readiness.isPeerDone)
        if tunnel != nil {
            state = .tunnelling
            return openTunnel(readiness)
        }
        reached(exchange, at: now, readiness, isSecured: tls == nil)
    }

    /// Goes on with the way through the proxy, which counts as connecting.
    private func openTunnel(_ readiness: Readiness) {
        guard let tunnel, let exchange else { return }
        switch tunnel.advance(descriptor, proxyTLS, buffer: lane.readBuffer) {
        case .incomplete: return
        case .failed(let words): return fail(.refused, words)
        case .open: break
        }
        self.tunnel = nil
        let now = lane.loop.nowNanoseconds
        exchange.stamps.setup.connect = now - begun
        reached(exchange, at: now, readiness, isSecured: lane.tls == nil)
    }

    /// The target is reached, or a proxy that forwards requests to it.
    private func reached(
        _ exchange: Exchange, at now: UInt64, _ readiness: Readiness, isSecured: Bool
    ) {
        begun = now
        guard !isSecured else { return beginFirstRequest(exchange, at: now, readiness) }
        state = .securing
        secure(readiness)
    }

    /// Goes on with the TLS handshake.
    private func secure(_ readiness: Readiness) {
        guard let tls, let exchange else { return }
        switch tls.handshake() {
        case .incomplete: return
        case .failed(let words): return fail(.refused, words)
        case .done: break
        }
        let now = lane.loop.nowNanoseconds
        exchange.stamps.setup.tls = now - begun
        beginFirstRequest(exchange, at: now, readiness)
    }

    private func beginFirstRequest(_ exchange: Exchange, at now: UInt64, _ readiness: Readiness) {
        state = .busy
        // What came before the request is no answer to it.
        if readiness.isReadable { readMore(toEnd: readiness.isPeerDone) }
        if state == .busy { beginRequest(exchange, at: now) }
    }

    private func readMore(toEnd: Bool) {
        var left = Self.readsPerTurn
        while state == .busy || state == .idle || state == .queued {
            guard left > 0 else { return readOn(toEnd: toEnd) }
            left -= 1
            let buffer = lane.readBuffer
            switch receive(into: buffer) {
            case .wouldBlock: return
            // Whatever comes before the request was sent means that the peer is done with this one.
            case .failed where state == .queued, .value where state == .queued:
                if let exchange { retry(exchange) }
                return
            case .failed(let number): return fail(.reset, words("recv", number))
            case .value(0): return end()
            case .value(let count):
                lane.statistics.maximumReadBytes = max(lane.statistics.maximumReadBytes, count)
                guard state == .busy else { return close() }  // Nobody asked for these bytes.
                guard written > 0 else { return fail(.malformed, Self.early) }
                let now = lane.loop.nowNanoseconds
                current?.with { if $0.stamps.firstByte == 0 { $0.stamps.firstByte = now } }
                take(UnsafeRawBufferPointer(rebasing: buffer[..<count]), at: now, isLast: toEnd)
                // A short read has emptied the socket; a new edge tells of more, but not of an end
                // that came with this one.
                if tls?.isEmpty ?? (count < buffer.count && !toEnd) { return }
            }
        }
    }

    /// Reads on at the end of the turn, so that a peer that sends without end leaves the loop to
    /// others, and to the lane's sweep of what is too late.
    private func readOn(toEnd: Bool) {
        isPeerDone = toEnd
        if !isReadPending { lane.loop.callAtEndOfTurn(self) }
        isReadPending = true
    }

    /// The next bytes of the peer; 0 at the end.
    @inline(__always)
    private func receive(into buffer: UnsafeMutableRawBufferPointer) -> SystemCallResult {
        if let tls { return tls.read(into: buffer) }
        return directCall { linux_receive(descriptor, buffer.baseAddress, UInt(buffer.count)) }
    }

    /// Takes bytes that were read at `now`, monotonic nanoseconds; after the last ones of a peer
    /// that is done no request may follow.
    private func take(_ bytes: UnsafeRawBufferPointer, at now: UInt64, isLast: Bool) {
        switch parser.feed(bytes) {
        case .incomplete: break
        case .failed(let problem): fail(problem.outcome, problem.detail)
        case .complete(let keepAlive): complete(keepAlive: keepAlive && !isLast, at: now)
        }
    }

    /// The answer is whole; its last byte was read at `done`, so that parsing is no part of it.
    private func complete(keepAlive: Bool, at done: UInt64) {
        guard let exchange = current else { return }
        current = nil
        // An answer that came before the request was whole leaves the rest of it unsent.
        if keepAlive, lane.keepsConnections, written == exchange.with({ outgoing($0).count }) {
            state = .idle
            lane.connectionIsIdle(self)
        } else {
            close()
        }
        exchange.with { $0.finish(at: done) }
        lane.settle(self)
    }

    /// The peer has closed its side.
    private func end() {
        switch state == .busy ? parser.feedEnd() : nil {
        case .complete:
            guard tls?.isTruncated == true else {
                return complete(keepAlive: false, at: lane.loop.nowNanoseconds)
            }
            // Nothing but the end says that the answer is whole, and anybody can cause that one.
            fail(.reset, TLSSession.truncated)
        case .failed(let problem): fail(problem.outcome, problem.detail)
        case .incomplete, nil:
            fail(.reset, "the peer closed the connection before the answer was whole")
        }
    }

    /// Ends the exchange, whose time is over.
    func expire() {
        // A connection that is not made yet may be the proxy's or the target's fault.
        let missing = state == .tunnelling ? tunnel?.awaited(proxyTLS) : nil
        fail(
            .timeout,
            "no \(missing.map { "\($0) by the proxy" } ?? "whole answer") within the timeout")
    }

    /// Ends the exchange, if there is one, and closes.
    func fail(_ outcome: Outcome, _ detail: String) {
        let exchange = self.exchange
        current = nil
        close()
        exchange?.finish(outcome, detail: detail, at: lane.loop.nowNanoseconds)
    }

    private func close() {
        guard state != .closed else { return }
        state = .closed
        tls?.close()
        lane.loop.forget(descriptor)
        Glibc.close(descriptor)
        lane.connectionClosed(self)
    }
}

extension Connection: TurnHandler {
    /// Reads on where a turn's reads were not enough.
    func turnEnds() {
        isReadPending = false
        readMore(toEnd: isPeerDone)
    }
}
