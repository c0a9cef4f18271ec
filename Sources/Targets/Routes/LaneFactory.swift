public import EventLoops
public import Exchanges
import Generator
import HTTP1Lane
import LibcurlLane
import Profiles
public import Sockets

/// Chooses the lane of a run by its target and its profile, and makes one for each loop.
public struct LaneFactory: Sendable {
    private enum Choice {
        /// The second endpoint is the target's, where a proxy at the first is given its address.
        case loops(Endpoint, TLSContext?, ProxyRoute?, target: Endpoint?)
        case curl(CurlSettings, Endpoint)
        /// What a test drives.
        case given(@Sendable (EventLoop) -> any Transport)
    }

    /// What makes the lanes to a target, by its network section.
    public typealias Maker =
        @Sendable (TargetURL, Network) throws(CampaignError) -> LaneFactory

    /// Host and port, for the Host field.
    public let authority: String
    private let choice: Choice
    private let network: Network

    /// Looks up where connections go, and refuses what cannot work or must not be loaded.
    ///
    /// - Throws: `CampaignError` with every reason.
    public init(_ url: TargetURL, network: Network) throws(CampaignError) {
        authority = "\(url.host):\(url.port)"
        self.network = network
        guard url.isSecure || network.tls == Network.TLS() else {
            throw Route.error([
                "network.tls: the target \(url.origin) does not use TLS; give an https:// target, "
                    + "or leave tls out"
            ])
        }
        let route = Route(url: url, network: network)
        guard network.needsCurl || network.transport == .curl else {
            let tls = try route.tls()
            guard let (proxy, endpoint) = try route.proxy() else {
                choice = .loops(try route.endpoint(), tls, nil, target: nil)
                return
            }
            let place = try route.place(behind: proxy)
            let proxied = ProxyRoute(
                proxy, toHost: place.host, port: place.port,
                isForwarded: proxy.scheme.isHTTP && !url.isSecure && network.connectTo == nil,
                tls: proxy.scheme == .https ? try Route.tls(Network.TLS(), proxy.host) : nil)
            choice = .loops(endpoint, tls, proxied, target: place.endpoint)
            return
        }
        let curl = CurlRoute(url: url, network: network)
        try curl.check()
        let endpoint = try route.endpoint()
        choice = .curl(try curl.settings(to: endpoint), endpoint)
    }

    /// The same by the next address of the target's host, as `localhost` by 127.0.0.1 after ::1;
    /// `nil` if it has no other.
    public var byNextAddress: LaneFactory? {
        switch choice {
        case .loops(let endpoint, let tls, let proxy, let target):
            if let proxy, let next = target?.byNextAddress {
                let onward = proxy.toHost(next.literal)
                return LaneFactory(self, choice: .loops(endpoint, tls, onward, target: next))
            }
            guard let next = endpoint.byNextAddress else { return nil }
            return LaneFactory(self, choice: .loops(next, tls, proxy, target: target))
        case .curl(var settings, let endpoint):
            guard let next = endpoint.byNextAddress else { return nil }
            settings.place = .address(next.literal, port: next.port)
            return LaneFactory(self, choice: .curl(settings, next))
        case .given: return nil
        }
    }

    /// Lanes to `authority` that `make` gives, for a test.
    init(
        authority: String, make: @escaping @Sendable (EventLoop) -> any Transport
    ) {
        self.authority = authority
        choice = .given(make)
        network = Network()
    }

    private init(_ other: LaneFactory, choice: Choice) {
        authority = other.authority
        self.choice = choice
        network = other.network
    }

    /// Where connections go first; `nil` if a test drives the lanes.
    public var address: SocketAddress? {
        switch choice {
        case .loops(let endpoint, _, _, _), .curl(_, let endpoint): endpoint.address
        case .given: nil
        }
    }

    /// The TCP port of this machine that connections go to; `nil` if they go elsewhere.
    public var loopbackPort: Int? {
        switch choice {
        case .loops(let endpoint, _, let proxy, _):
            endpoint.isLoopback && endpoint.unixPath == nil && proxy == nil
                ? endpoint.port : nil
        case .curl(let settings, let endpoint):
            endpoint.isLoopback && endpoint.unixPath == nil && settings.network.proxy == nil
                ? endpoint.port : nil
        case .given: nil
        }
    }

    /// Whether requests travel over libcurl.
    var isCurl: Bool { if case .curl = choice { true } else { false } }

    /// A lane of at most `maximumConnections`; one for control shares them whatever the profile
    /// says.
    public func lane(
        on loop: EventLoop, maximumConnections: Int, isForControl: Bool = false
    ) -> any Transport {
        switch choice {
        case .loops(let endpoint, let tls, let proxy, _):
            var network = network
            if isForControl { network.connections = .pool }
            return HTTPLane(
                loop: loop, endpoint: endpoint, maximumConnections: maximumConnections,
                network: network, tls: tls, proxy: proxy)
        case .curl(var settings, _):
            if isForControl { settings.network.connections = .pool }
            return CurlLane(loop: loop, settings: settings, maximumConnections: maximumConnections)
        case .given(let make): return make(loop)
        }
    }
}
