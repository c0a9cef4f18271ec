import CLinux
import EventLoops
import Exchanges
import Glibc
import Measurements
import Sockets

/// One connection of the loops lane, in clear text or with TLS; confined to its loop.
final class Connection: EventHandler {
    enum State {
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
    let lane: HTTPLane
    let descriptor: Int32
    /// What its requests go through; `nil` in clear text.
    let tls: TLSSession?
    /// The TLS with the proxy; `nil` if there is none.
    let proxyTLS: TLSSession?
    /// What a proxy gets that forwards requests; `nil` if the target gets them as they are.
    private let forwarded: ForwardedRequest?
    /// What opens the way through a proxy; `nil` once it is open, or if there is none to open.
    var tunnel: ProxyTunnel?
    var state = State.connecting
    let parser: AnswerParser
    var written = 0
    private var isPartlySent = false
    /// Whether the peer will send no more than what is there to read; for `turnEnds`.
    var isPeerDone = false
    /// Whether it has carried a request before this one.
    private var isReused = false
    /// The exchange under way, which its user keeps; `nil` while idle.
    var current: Uncounted<Exchange>?
    /// Likewise, counted.
    var exchange: Exchange? { current?.with { $0 } }
    /// When it began to connect, and then to shake hands.
    var begun: UInt64
    /// Whether a read is to go on at the end of the turn.
    var isReadPending = false
    /// Its place among the lane's busy connections, or its idle ones; -1 where it is in neither.
    var place = -1

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

    func beginRequest(_ exchange: Exchange, at now: UInt64) {
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
    func outgoing(_ exchange: Exchange) -> UnsafeRawBufferPointer {
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
    func words(_ call: String, _ number: Int32) -> String {
        if let tls, number == EPROTO, !tls.failure.isEmpty { return tls.failure }
        return SystemCallError(call: call, number: number).description
    }

    /// The peer had closed the idle connection, and nothing was sent.
    func retry(_ exchange: Exchange) {
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

    func close() {
        guard state != .closed else { return }
        state = .closed
        tls?.close()
        lane.loop.forget(descriptor)
        Glibc.close(descriptor)
        lane.connectionClosed(self)
    }
}
