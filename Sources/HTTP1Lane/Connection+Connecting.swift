import EventLoops
import Exchanges
import Glibc
import Measurements
import Sockets

/// The way to the first request: the socket, the proxy, TLS.
extension Connection {
    /// The attempt to connect has ended.
    func connected(_ readiness: Readiness) {
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
    func openTunnel(_ readiness: Readiness) {
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
    func secure(_ readiness: Readiness) {
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
}
