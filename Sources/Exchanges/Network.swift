/// How requests travel: lanes, connections, TLS and HTTP versions.
public struct Network: Sendable, Equatable {
    /// The lane; `nil` for the one that the target's URL and the other keys need.
    public var transport: Lane?
    /// Who shares a connection.
    public var connections = Reuse.pool
    /// Where to connect instead of the URL's host and port: `HOST:PORT` or `unix:/PATH`.
    public var connectTo: String?
    /// Local addresses to connect from, each `ADDRESS` or `FIRST-LAST`; empty for the system's own.
    ///
    /// Each address has some 28,000 ports to one target.
    public var sourceAddresses: [String] = []
    /// Hosts beside this machine that load may go to, as the target's URL, `connect to` or the
    /// proxy write them.
    public var allowedHosts: [String] = []
    /// The HTTP version that is spoken.
    public var http = HTTPVersion.one
    /// The most requests at once on one HTTP/2 connection; 1 to 1000.
    public var streams = 100
    /// TLS, for `https://` targets.
    public var tls = TLS()
    /// The URL of a proxy; `nil` for none.
    public var proxy: String?
    /// Whether answers may come compressed (gzip, deflate, Brotli, zstd), and are unpacked.
    public var isCompressed = false

    /// The defaults.
    public init() {}

    /// A lane to the target.
    public enum Lane: String, Sendable, CaseIterable {
        /// HTTP/1.1 in clear text and with TLS, and through proxies, on the event loops.
        case loops
        /// libcurl on the same loops: HTTP/2, and HTTP/1.1 where asked for.
        case curl
    }

    /// Who shares a connection.
    public enum Reuse: String, Sendable, CaseIterable {
        /// Every user takes the idle connection that was used last.
        case pool
        /// Each virtual user has its own, kept from one request to the next.
        case user = "per user"
        /// Every request makes its own.
        case request = "per request"
    }

    /// A version of HTTP.
    public enum HTTPVersion: String, Sendable, CaseIterable {
        /// HTTP/1.1.
        case one = "1.1"
        /// HTTP/2: by ALPN with TLS, by prior knowledge without.
        case two = "2"
    }

    /// What a TLS connection needs; a path is read when the run starts.
    public struct TLS: Sendable, Equatable {
        /// A file of authorities in PEM; `nil` for the system's.
        public var authorities: String?
        /// The client's certificate in PEM.
        public var certificate: String?
        /// The client's private key in PEM.
        public var key: String?
        /// The name to ask for and to check, instead of the URL's host.
        public var serverName: String?
        /// The lowest version: `1.0`, `1.1`, `1.2` or `1.3`; `nil` for OpenSSL's default.
        public var least: String?
        /// The highest version.
        public var most: String?
        /// Ciphers in OpenSSL's form, `:` between them; names with `TLS_` are those of TLS 1.3.
        public var ciphers: String?
        /// Whether the certificate of the target is not checked.
        public var isInsecure = false

        /// The defaults.
        public init() {}
    }

    /// Whether a host that is not this machine is one of those; an IPv6 address may have brackets.
    public func allows(_ host: String) -> Bool {
        func bare(_ name: String) -> Substring {
            name.hasPrefix("[") && name.hasSuffix("]") ? name.dropFirst().dropLast() : name[...]
        }
        return allowedHosts.contains { bare($0) == bare(host) }
    }

    /// What a report says of hosts that load may go to beside this machine; `nil` if there are
    /// none.
    public var allowance: String? {
        guard !allowedHosts.isEmpty else { return nil }
        return "load was allowed to leave this machine, to "
            + allowedHosts.joined(separator: ", ")
    }

    /// Whether only libcurl can do what is asked, whatever the URL's scheme.
    public var needsCurl: Bool { http == .two }
}
