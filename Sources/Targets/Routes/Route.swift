import EventLoops
import Exchanges
import Profiles
import Sockets

/// Where connections go, and from where, by the target and the profile's network section.
struct Route {
    let url: TargetURL
    let network: Network

    /// Looks up where to connect, and refuses a host that is neither loopback nor allowed.
    ///
    /// - Throws: `CampaignError` with the key, its value and what is allowed.
    func endpoint() throws(CampaignError) -> Endpoint {
        let authority = "\(url.host):\(url.port)"
        if let path = network.connectTo, path.hasPrefix("unix:") {
            do {
                return try Endpoint(
                    unixPath: String(path.dropFirst("unix:".count)), authority: authority)
            } catch {
                throw Self.error([
                    "network.connect to: \"\(path)\" is no socket; write unix:/PATH of at most "
                        + "107 bytes"
                ])
            }
        }
        let (host, port) = try place()
        let sources = try sources()
        let endpoint: Endpoint
        do {
            endpoint = try Endpoint(
                host: host, port: port, authority: authority, sources: sources)
        } catch {
            throw CampaignError(
                .usage, "the target's host \"\(host)\" has no address",
                hint: "check its spelling, or use an address")
        }
        guard endpoint.isLoopback || network.allows(host) else {
            throw Self.notAllowed(host)
        }
        return endpoint
    }

    /// The TLS of the event loops' lane; `nil` if the target speaks clear text.
    ///
    /// - Throws: `CampaignError` with everything that cannot work, and what to do about each.
    func tls() throws(CampaignError) -> TLSContext? {
        url.isSecure ? try Self.tls(network.tls, url.host) : nil
    }

    /// The TLS of a section with a host.
    static func tls(_ tls: Network.TLS, _ host: String) throws(CampaignError) -> TLSContext {
        do { return try TLSContext(tls, host: host) } catch {
            throw Self.error(error.problems.map(\.description))
        }
    }

    /// The profile's proxy, and where it is; `nil` if it names none.
    func proxy() throws(CampaignError) -> (proxy: Proxy, endpoint: Endpoint)? {
        guard let text = network.proxy else { return nil }
        return try ProxyURL(text).located(network)
    }

    /// What a proxy is asked for; it looks up names by itself, so that a name stands for this
    /// machine only where no name service has a say.
    ///
    /// - Returns: the host, an IPv6 address in brackets, and its further addresses where the proxy
    ///   is given one.
    /// - Throws: `CampaignError` where load must not go there, or the proxy cannot reach it.
    func place(
        behind proxy: Proxy
    ) throws(CampaignError) -> (host: String, port: Int, endpoint: Endpoint?) {
        if let path = network.connectTo, path.hasPrefix("unix:") {
            throw Self.error([
                "network.connect to: the proxy does not reach the unix socket "
                    + "\(path.dropFirst("unix:".count)); leave one of the two out"
            ])
        }
        guard proxy.scheme.looksUpNames else { return try looked(upFor: proxy) }
        let (host, port) = try place()
        guard proxy.scheme.isHTTP || host.utf8.count <= Proxy.maximumNameBytes else {
            throw Self.error([
                "network.proxy: SOCKS takes names of at most \(Proxy.maximumNameBytes) bytes; "
                    + "\"\(host)\" is longer"
            ])
        }
        let address = Endpoint.canonical(host)
        let isLoopback = address?.isLoopback ?? (host.lowercased() == "localhost")
        guard isLoopback || network.allows(host) else { throw Self.notAllowed(host) }
        return (address?.literal ?? host, port, nil)
    }

    /// The target's address, for a proxy that is given one.
    private func looked(
        upFor proxy: Proxy
    ) throws(CampaignError) -> (host: String, port: Int, endpoint: Endpoint?) {
        var target = try endpoint()
        while proxy.scheme == .socks4, target.literal.contains(":") {
            guard let next = target.byNextAddress else {
                throw Self.error([
                    "network.proxy: socks4 takes IPv4 addresses alone, and \(target.authority) "
                        + "has none; use socks5"
                ])
            }
            target = next
        }
        return (target.literal, target.port, target)
    }

    private static func notAllowed(_ host: String) -> CampaignError {
        CampaignError(
            .usage,
            "the target \(host) is not this machine, and load goes there only if allowed",
            hint: "if it is yours to load, add --allow-host \(host), or name it in the "
                + "profile's network.allow hosts")
    }

    private func place() throws(CampaignError) -> (host: String, port: Int) {
        guard let connectTo = network.connectTo else { return (url.host, url.port) }
        do {
            let there = try TargetURL("http://\(connectTo)")
            return (there.host, there.port)
        } catch {
            throw Self.error([
                "network.connect to: \"\(connectTo)\" is no HOST:PORT; write it as in "
                    + "127.0.0.1:8443, or unix:/PATH"
            ])
        }
    }

    private func sources() throws(CampaignError) -> SourceAddresses {
        do { return try SourceAddresses(network.sourceAddresses) } catch {
            throw Self.error([
                "network.source addresses: \"\(error.subject)\" is no address; write ADDRESS or "
                    + "FIRST-LAST, as in 127.0.0.1-127.0.0.8, of at most \(SourceAddresses.most)"
            ])
        }
    }

    /// An error of the network section, every problem a line.
    static func error(_ problems: [String]) -> CampaignError {
        CampaignError(
            .usage, problems.joined(separator: "\n"),
            hint: "docs/profiles.md describes the network section")
    }
}
