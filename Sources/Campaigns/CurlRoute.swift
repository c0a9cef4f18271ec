import EventLoops
import Glibc
import HTTPTransport
import Profiles

/// From a target and a profile's network section to the settings of the curl lane.
struct CurlRoute {
    let url: TargetURL
    let network: Network

    /// Looks at what can be told without an address.
    ///
    /// - Throws: `CampaignError` with everything that cannot work, and what to do about each.
    func check() throws(CampaignError) {
        var problems: [String] = []
        if network.transport == .loops {
            problems.append(
                "network.transport: loops speaks HTTP/1.1 alone, without proxies; leave transport "
                    + "out, or http: 2 and proxy")
        }
        if url.isSecure { problems += TLSCheck.problems(of: network.tls).map(\.description) }
        guard problems.isEmpty else { throw Route.error(problems) }
    }

    /// The settings for where the target is.
    ///
    /// - Throws: `CampaignError` with what cannot work, and what to do about it.
    func settings(to endpoint: Endpoint) throws(CampaignError) -> CurlSettings {
        var settings = CurlSettings(
            isSecure: url.isSecure, host: url.host, port: url.port,
            place: endpoint.unixPath.map { .unix($0) }
                ?? .address(endpoint.literal, port: endpoint.port),
            network: network)
        settings.sources = endpoint.sources
        settings.proxy = try network.proxy.map { text throws(CampaignError) in
            try ProxyURL(text).proxy(allowedHosts: network.allowedHosts)
        }
        if settings.proxy != nil, case .unix(let path) = settings.place {
            throw Route.error([
                "network.connect to: the proxy does not reach the unix socket \(path); leave one "
                    + "of the two out"
            ])
        }
        if settings.proxy?.scheme == "https", network.connections == .user {
            throw Route.error([
                "network.connections: per user does not go with an https:// proxy; use an http:// "
                    + "or socks5:// proxy, or connections: pool"
            ])
        }
        if let problem = settings.problem() {
            throw Route.error(["network: libcurl does not take \(problem); leave that key out"])
        }
        return settings
    }
}

/// A proxy as a profile names it: `SCHEME://[USER:${env:NAME}@]HOST:PORT`.
struct ProxyURL {
    private let scheme: String
    private let host: String
    private let port: Int
    private let credentials: CurlSettings.Credentials?

    private static let schemes = ["http", "https", "socks4", "socks4a", "socks5", "socks5h"]

    init(_ text: String) throws(CampaignError) {
        func wrong(_ why: String) -> CampaignError {
            Route.error([
                "network.proxy: \(why); write it as in http://127.0.0.1:3128 or "
                    + "socks5h://USER:${env:PASSWORD}@127.0.0.1:1080"
            ])
        }
        let parts = text.split(separator: "://", maxSplits: 1).map(String.init)
        guard parts.count == 2, Self.schemes.contains(parts[0]) else {
            throw wrong("it is none of \(Self.schemes.joined(separator: ", "))")
        }
        scheme = parts[0]
        let authority = parts[1].split(separator: "@", omittingEmptySubsequences: false)
        guard authority.count <= 2, let last = authority.last else {
            throw wrong("it has more than one @")
        }
        let place: TargetURL
        do { place = try TargetURL("http://\(last)") } catch {
            throw wrong("\"\(last)\" is no HOST:PORT")
        }
        guard place.prefix == nil, last.contains(/:[0-9]+\/?$/) else {
            throw wrong("\"\(last)\" has no port, or a path")
        }
        (host, port) = (place.host, place.port)
        guard authority.count == 2 else {
            credentials = nil
            return
        }
        let secrets = authority[0].split(separator: ":", maxSplits: 1).map(String.init)
        guard secrets.count == 2, let variable = Self.variable(secrets[1]) else {
            // The profile is part of the evidence, which must not hold a password.
            throw wrong("its password must come from the environment")
        }
        guard let password = getenv(variable) else {
            throw wrong("the environment has no \(variable)")
        }
        credentials = CurlSettings.Credentials(
            user: secrets[0], password: String(cString: password))
    }

    /// NAME of `${env:NAME}`.
    private static func variable(_ text: String) -> String? {
        guard text.hasPrefix("${env:"), text.hasSuffix("}") else { return nil }
        return String(text.dropFirst("${env:".count).dropLast())
    }

    /// The proxy with its address; it must be as allowed as a target.
    func proxy(allowedHosts: [String]) throws(CampaignError) -> CurlSettings.Proxy {
        var network = Network()
        network.allowedHosts = allowedHosts
        let route = Route(url: try TargetURL("http://\(host):\(port)"), network: network)
        let endpoint = try route.endpoint()
        return CurlSettings.Proxy(
            scheme: scheme, host: host, address: endpoint.literal, port: port,
            credentials: credentials)
    }
}
