import EventLoops
import Exchanges
import LibcurlLane
import Profiles
import Sockets

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
                "network.transport: loops speaks HTTP/1.1 alone; leave transport out, or http: 2")
        }
        if network.transport == .curl, network.http == .one, network.proxy != nil {
            problems.append(
                "network.proxy: HTTP/1.1 goes through a proxy on the event loops alone; leave "
                    + "transport: curl out, or add http: 2")
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
        let route = Route(url: url, network: network)
        settings.proxy = try route.proxy()?.proxy
        if let proxy = settings.proxy {
            let place = try route.place(behind: proxy)
            // A proxy may read a number otherwise that it is to connect to, as 0177.0.0.1.
            if place.endpoint == nil, network.connectTo == nil { settings.host = place.host }
        }
        if settings.proxy?.scheme == .https, network.connections == .user {
            throw Route.error([
                "network.connections: per user does not go with an https:// proxy over libcurl; "
                    + "use an http:// or socks5:// proxy, connections: pool, or HTTP/1.1"
            ])
        }
        if let problem = settings.problem() {
            throw Route.error(["network: libcurl does not take \(problem); leave that key out"])
        }
        return settings
    }
}
