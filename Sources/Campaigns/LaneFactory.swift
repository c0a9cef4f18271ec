import EventLoops
import Generator
import HTTPTransport
import Profiles

/// Chooses the lane of a run by its target and its profile, and makes one for each loop.
struct LaneFactory: Sendable {
    private enum Choice {
        case loops(Endpoint)
        case curl(CurlSettings)
    }

    /// Host and port, for the Host field.
    let authority: String
    private let choice: Choice
    private let reuse: Network.Reuse

    /// Looks up where connections go, and refuses what cannot work or must not be loaded.
    ///
    /// - Throws: `CampaignError` with every reason.
    init(
        _ url: TargetURL, network: Network, allowedHosts: [String]
    ) throws(CampaignError) {
        authority = "\(url.host):\(url.port)"
        reuse = network.connections
        // Settings of TLS for a target without it are refused there, with the reason.
        let wantsTLS = url.isSecure || network.tls != Network.TLS()
        guard wantsTLS || network.needsCurl || network.transport == .curl else {
            let route = Route(url: url, network: network, allowedHosts: allowedHosts)
            choice = .loops(try route.endpoint())
            return
        }
        let route = CurlRoute(url: url, network: network, allowedHosts: allowedHosts)
        choice = .curl(try route.settings())
    }

    /// The same by the next address of the target's host, as `localhost` by 127.0.0.1 after ::1;
    /// absent where it has no other.
    var byNextAddress: LaneFactory? {
        guard case .loops(let endpoint) = choice, let next = endpoint.byNextAddress else {
            return nil
        }
        return LaneFactory(authority: authority, choice: .loops(next), reuse: reuse)
    }

    private init(authority: String, choice: Choice, reuse: Network.Reuse) {
        self.authority = authority
        self.choice = choice
        self.reuse = reuse
    }

    /// Whether requests travel over libcurl.
    var isCurl: Bool { if case .curl = choice { true } else { false } }

    /// A lane of at most `mostConnections`; one for control shares them whatever the profile says.
    func lane(
        on loop: EventLoop, mostConnections: Int, isForControl: Bool = false
    ) -> any Transport {
        switch choice {
        case .loops(let endpoint):
            return HTTPLane(
                loop: loop, endpoint: endpoint, mostConnections: mostConnections,
                reuse: isForControl ? .pool : reuse)
        case .curl(var settings):
            if isForControl { settings.network.connections = .pool }
            return CurlLane(loop: loop, settings: settings, mostConnections: mostConnections)
        }
    }
}
