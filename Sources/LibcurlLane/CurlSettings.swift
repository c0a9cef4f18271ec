import CCurl
import COpenSSL
public import Exchanges
public import Sockets

/// Where the curl lane connects, and how: what all its transfers have in common.
public struct CurlSettings: Sendable {
    /// The place that a connection is made to.
    public enum Place: Sendable, Equatable {
        /// An address in numbers, without brackets, and a port.
        case address(String, port: Int)
        /// A unix socket by its path.
        case unix(String)
    }

    /// Whether the target speaks TLS.
    public var isSecure: Bool
    /// The host of the URL, in brackets where it is an IPv6 address.
    public var host: String
    /// The port of the URL.
    public var port: Int
    /// Where connections go; the URL's own host is looked up by nobody.
    public var place: Place
    /// The proxy; `nil` for none.
    public var proxy: Proxy?
    /// Where connections come from.
    public var sources = SourceAddresses()
    /// The profile's wishes.
    public var network: Network

    /// Settings from their parts.
    public init(isSecure: Bool, host: String, port: Int, place: Place, network: Network) {
        self.isSecure = isSecure
        self.host = host
        self.port = port
        self.place = place
        self.network = network
    }

    /// Whether connections speak HTTP/2.
    var isMultiplexed: Bool { network.http == .two }

    /// The most requests at once on one connection.
    var streams: Int {
        network.http == .two && network.connections == .pool ? network.streams : 1
    }

    /// What stands before a target in a URL.
    var origin: String {
        "\(isSecure ? "https" : "http")://\(network.tls.serverName ?? host):\(port)"
    }

    /// Whether transfers start one after another on a connection that is not open yet, so that they
    /// find it; a connection for each request needs no such care.
    var sharesSlots: Bool { network.http == .two && network.connections != .request }

    /// Whether a transfer must know if its connection is new, and say HTTP/2 only then.
    var mustKnowReuse: Bool {
        sharesSlots && !isSecure && CurlLibrary.breaksPriorKnowledge
    }

    /// Says what libcurl does not take, in its words; `nil` if it takes everything.
    public func problem() -> String? {
        CurlLibrary.start()
        let easy = CurlEasy()
        apply(to: easy, slot: CurlSlot(number: 0, settings: self))
        return easy.problem
    }

    // MARK: Into an easy handle

    /// Sets every option that does not depend on the request.
    func apply(to easy: CurlEasy, slot: CurlSlot) {
        easy.set(CURLOPT_URL, slot.url)
        easy.set(CURLOPT_PROTOCOLS_STR, "http,https")
        easy.set(CURLOPT_NOSIGNAL, 1)
        easy.set(CURLOPT_PATH_AS_IS, 1)
        easy.set(CURLOPT_HTTP_VERSION, httpVersion)
        easy.set(CURLOPT_PIPEWAIT, streams > 1 ? 1 : 0)
        easy.set(CURLOPT_SUPPRESS_CONNECT_HEADERS, 1)
        // The lane has its own deadlines; curl's only must not come before them.
        easy.set(CURLOPT_CONNECTTIMEOUT, 86_400)
        easy.set(CURLOPT_MAXAGE_CONN, 86_400)
        // Every name has its address from us, for good.
        easy.set(CURLOPT_DNS_CACHE_TIMEOUT, -1)
        if network.connections == .request {
            easy.set(CURLOPT_FRESH_CONNECT, 1)
            easy.set(CURLOPT_FORBID_REUSE, 1)
        }
        applyRoute(to: easy, slot: slot)
        if isSecure { applyTLS(to: easy, slot: slot) }
    }

    private var httpVersion: Int {
        if network.http == .one { return Int(CURL_HTTP_VERSION_1_1) }
        // Where reuse must be known, a transfer says so itself, once it is to open a connection.
        let isAsked = isSecure || mustKnowReuse
        return Int(isAsked ? CURL_HTTP_VERSION_2TLS : CURL_HTTP_VERSION_2_PRIOR_KNOWLEDGE)
    }

    private func applyRoute(to easy: CurlEasy, slot: CurlSlot) {
        if !slot.isResolved { easy.set(CURLOPT_RESOLVE, slot.resolve) }
        easy.set(CURLOPT_CONNECT_TO, slot.connectTo)
        if case .unix(let path) = place { easy.set(CURLOPT_UNIX_SOCKET_PATH, path) }
        // Without these two, libcurl would follow http_proxy and no_proxy of the environment.
        easy.set(CURLOPT_NOPROXY, "")
        easy.set(CURLOPT_PROXY, slot.proxyURL)
        // HTTP/2 goes through no proxy but in a tunnel.
        easy.set(CURLOPT_HTTPPROXYTUNNEL, 1)
        if let credentials = proxy?.credentials {
            easy.set(CURLOPT_PROXYUSERNAME, credentials.user)
            easy.set(CURLOPT_PROXYPASSWORD, credentials.password)
        }
    }

    /// The name or address that a target's certificate is looked at for.
    ///
    /// `nil` if any certificate will do, and where a proxy has one, too, which comes by the same
    /// way.
    var expectedName: TLSName? {
        guard isSecure, !network.tls.isInsecure, proxy?.scheme != .https else { return nil }
        return TLSName(network.tls.serverName ?? host)
    }

    private func applyTLS(to easy: CurlEasy, slot: CurlSlot) {
        let tls = network.tls
        easy.set(CURLOPT_SHARE, slot.sessions)
        easy.setTLSCallback(
            { _, context, slot in curlPrepareTLS(context, slot) },
            Unmanaged.passUnretained(slot).toOpaque())
        easy.set(CURLOPT_SSL_VERIFYPEER, tls.isInsecure ? 0 : 1)
        easy.set(CURLOPT_SSL_VERIFYHOST, tls.isInsecure ? 0 : 2)
        if let authorities = tls.authorities { easy.set(CURLOPT_CAINFO, authorities) }
        // With a folder of authorities, libcurl reads all of them for every connection; without
        // one, it reads the file once.
        easy.set(CURLOPT_CAPATH, nil as String?)
        if let certificate = tls.certificate { easy.set(CURLOPT_SSLCERT, certificate) }
        if let key = tls.key { easy.set(CURLOPT_SSLKEY, key) }
        let least = Self.version(tls.least) ?? Int(CURL_SSLVERSION_DEFAULT)
        let most = Self.version(tls.most).map { $0 << 16 } ?? 0
        easy.set(CURLOPT_SSLVERSION, least | most)
        let ciphers = tls.cipherLists
        if let list = ciphers.before13 { easy.set(CURLOPT_SSL_CIPHER_LIST, list) }
        if let list = ciphers.of13 { easy.set(CURLOPT_TLS13_CIPHERS, list) }
    }

    private static func version(_ text: String?) -> Int? {
        switch text {
        case "1.0": Int(CURL_SSLVERSION_TLSv1_0)
        case "1.1": Int(CURL_SSLVERSION_TLSv1_1)
        case "1.2": Int(CURL_SSLVERSION_TLSv1_2)
        case "1.3": Int(CURL_SSLVERSION_TLSv1_3)
        default: nil
        }
    }
}

/// Makes libcurl's TLS as strict as that of the event loops.
private func curlPrepareTLS(
    _ context: UnsafeMutableRawPointer?, _ slot: UnsafeMutableRawPointer?
) -> CURLcode {
    guard let context = context.map({ OpaquePointer($0) }), let slot else {
        return CURLE_SSL_CONNECT_ERROR
    }
    // A slot outlives its connections.
    let own = Unmanaged<CurlSlot>.fromOpaque(slot).takeUnretainedValue()
    // libcurl takes any end of a connection for the end of an answer.
    own.tlsEnd.pointee = 0
    loadgen_tls_watch_end(context, own.tlsEnd)
    // libcurl is content with a certificate's subject where it has no names.
    return own.expectedName?.expect(by: context) == false ? CURLE_SSL_CERTPROBLEM : CURLE_OK
}
