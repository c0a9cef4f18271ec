public import Sockets

/// How the connections of the loops lane reach the target through a proxy.
///
/// An HTTP proxy forwards requests in clear text, which then name the whole URL; for everything
/// else the proxy opens a tunnel, in which the target is spoken to as if there were no proxy.
public struct ProxyRoute: Sendable {
    /// What the proxy does.
    enum Service: Sendable {
        /// It reads and forwards each request, whose target begins with this origin.
        case forward(origin: String)
        /// It opens a tunnel to this host, in brackets where it is an IPv6 address, and port.
        case tunnel(host: String, port: Int)
    }

    let proxy: Proxy
    let service: Service
    /// The TLS with the proxy itself; `nil` if it speaks clear text.
    let tls: TLSContext?

    /// A route to a target.
    ///
    /// - Parameters:
    ///   - host: the target's host, in brackets where it is an IPv6 address; in numbers for
    ///     `socks4` and `socks5`.
    ///   - isForwarded: whether an HTTP proxy reads and forwards each request, which must be in
    ///     clear text.
    ///   - tls: the TLS with an `https` proxy.
    public init(
        _ proxy: Proxy, toHost host: String, port: Int, isForwarded: Bool, tls: TLSContext? = nil
    ) {
        precondition((proxy.scheme == .https) == (tls != nil), "TLS is for https:// proxies")
        precondition(!isForwarded || proxy.scheme.isHTTP, "\(proxy.scheme) forwards nothing")
        self.proxy = proxy
        self.tls = tls
        service =
            isForwarded
            ? .forward(origin: "http://\(host):\(port)") : .tunnel(host: host, port: port)
    }

    /// The same to another host.
    public func toHost(_ host: String) -> ProxyRoute {
        switch service {
        case .forward: preconditionFailure("a proxy that forwards looks up names")
        case .tunnel(_, let port):
            ProxyRoute(proxy, toHost: host, port: port, isForwarded: false, tls: tls)
        }
    }

    /// What a connection writes instead of its requests; `nil` if it writes them as they are.
    func makeForwardedRequest() -> ForwardedRequest? {
        guard case .forward(let origin) = service else { return nil }
        return ForwardedRequest(origin: origin, credentials: proxy.credentials)
    }

    /// What opens the tunnel of a new connection; `nil` if there is none to open.
    func makeTunnel() -> ProxyTunnel? {
        guard case .tunnel(let host, let port) = service else { return nil }
        return ProxyTunnel(
            proxy.scheme.isHTTP
                ? ConnectNegotiation(host: host, port: port, credentials: proxy.credentials)
                : SOCKSNegotiation(proxy, host: host, port: port))
    }
}
