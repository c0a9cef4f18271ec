import CLinux
import EventLoops
import Glibc
import Sockets

extension Connection {
    /// The errno of a connect that is not under way; a unix socket's is done at once or not at all.
    static func refusal(_ result: SystemCallResult, of address: SocketAddress) -> Int32? {
        switch result {
        case .value: nil
        case .wouldBlock: address.family == AF_UNIX ? EAGAIN : nil
        case .failed(let number): number
        }
    }

    /// Takes a loopback connection from the system's congestion control, which may pace what it
    /// sends (BBR does): a request held back by the client's own kernel would count as the target's
    /// time.
    static func sendUnpaced(_ descriptor: Int32) {
        let name: StaticString = "reno"  // It is in every kernel, and allowed to everyone.
        setsockopt(
            descriptor, Int32(IPPROTO_TCP), TCP_CONGESTION, name.utf8Start,
            socklen_t(name.utf8CodeUnitCount))
    }
}

extension HTTPLane {
    /// The TLS with the proxy, and what requests go through: the TLS with the target, inside the
    /// other one where there is that, or else the TLS with the proxy.
    ///
    /// - Returns: `nil` if no memory is left.
    func layers(over descriptor: Int32) -> (proxy: TLSSession?, last: TLSSession?)? {
        let outer = proxyTLS?.session(over: descriptor)
        if proxyTLS != nil, outer == nil { return nil }
        guard let tls else { return (outer, outer) }
        let inner =
            outer.map { tls.session(within: $0) } ?? tls.session(over: descriptor)
        return inner.map { (outer, $0) }
    }
}
