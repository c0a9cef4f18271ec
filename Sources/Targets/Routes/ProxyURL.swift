import Exchanges
import Glibc
import Profiles
import Sockets

/// A proxy as a profile names it: `SCHEME://[USER:${env:NAME}@]HOST:PORT`.
struct ProxyURL {
    private let scheme: Proxy.Scheme
    private let host: String
    private let port: Int
    private let credentials: Proxy.Credentials?

    init(_ text: String) throws(CampaignError) {
        func wrong(_ why: String) -> CampaignError {
            Route.error([
                "network.proxy: \(why); write it as in http://127.0.0.1:3128 or "
                    + "socks5h://USER:${env:PASSWORD}@127.0.0.1:1080"
            ])
        }
        let parts = text.split(separator: "://", maxSplits: 1).map(String.init)
        guard parts.count == 2, let scheme = Proxy.Scheme(rawValue: parts[0]) else {
            let schemes = Proxy.Scheme.allCases.map(\.rawValue)
            throw wrong("it is none of \(schemes.joined(separator: ", "))")
        }
        self.scheme = scheme
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
        let login = Proxy.Credentials(user: secrets[0], password: String(cString: password))
        guard scheme.isHTTP || login.fitsSOCKS else {
            throw wrong("a SOCKS proxy takes a user and a password of 1 to 255 bytes")
        }
        credentials = login
    }

    /// NAME of `${env:NAME}`.
    private static func variable(_ text: String) -> String? {
        guard text.hasPrefix("${env:"), text.hasSuffix("}") else { return nil }
        return String(text.dropFirst("${env:".count).dropLast())
    }

    /// The proxy, and where it is; it must be as allowed as a target.
    func located(_ network: Network) throws(CampaignError) -> (proxy: Proxy, endpoint: Endpoint) {
        var own = Network()
        own.allowedHosts = network.allowedHosts
        own.sourceAddresses = network.sourceAddresses
        let route = Route(url: try TargetURL("http://\(host):\(port)"), network: own)
        let endpoint = try route.endpoint()
        let proxy = Proxy(
            scheme: scheme, host: host, address: endpoint.literal, port: port,
            credentials: credentials)
        return (proxy, endpoint)
    }
}
