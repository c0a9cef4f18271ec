import EventLoops
import Exchanges
import Generator
import HTTP1Lane
import LibcurlLane
import Profiles
import Sockets
import Testing

/// The lanes that the suite holds to the same conduct.
enum LaneKind: String, CaseIterable, Sendable, CustomTestStringConvertible {
    case loops
    case curl
    case loopsTLS = "loops with TLS"
    case curlTLS = "curl with TLS"

    /// Those that speak TLS.
    static let secure = [loopsTLS, curlTLS]

    var testDescription: String { rawValue }

    /// Whether it speaks TLS.
    var isSecure: Bool { self == .loopsTLS || self == .curlTLS }

    /// Runs `body` with a driver of a new lane on a loop of its own, and closes both.
    ///
    /// A lane with TLS trusts the authority of the tests.
    func run<Value: Sendable>(
        host: String = "127.0.0.1", port: Int, maximumConnections: Int = 8,
        network: Network = Network(), body: @Sendable (LaneDriver) async throws -> Value
    ) async throws -> Value {
        var setup = LaneSetup(kind: self, host: host, port: port, network: network)
        setup.maximumConnections = maximumConnections
        if isSecure { setup.network.tls.authorities = try Certificates.shared().authority }
        return try await setup.run(body: body)
    }
}

/// A lane that a test makes, and the place that it connects to.
struct LaneSetup: Sendable {
    var kind: LaneKind
    /// The address.
    var host = "127.0.0.1"
    var port: Int
    /// The URL's host, where it is not the address.
    var name: String?
    var maximumConnections = 8
    var network: Network
    /// The proxy that it goes through; `nil` if it goes straight to the target.
    var proxy: Proxy?

    /// Runs `body` with a driver of the lane on a loop of its own, and closes both.
    func run<Value: Sendable>(
        body: @Sendable (LaneDriver) async throws -> Value
    ) async throws -> Value {
        try await LaneDriver.run(make: { try make(on: $0) }, body: body)
    }

    private var unixPath: String? {
        guard let path = network.connectTo, path.hasPrefix("unix:") else { return nil }
        return String(path.dropFirst("unix:".count))
    }

    private var urlHost: String { name ?? (host.contains(":") ? "[\(host)]" : host) }

    private func route(through proxy: Proxy) throws -> ProxyRoute {
        var trust = Network.TLS()
        trust.authorities = try Certificates.shared().authority
        return ProxyRoute(
            proxy, toHost: proxy.scheme.looksUpNames ? urlHost : host, port: port,
            isForwarded: proxy.scheme.isHTTP && !kind.isSecure && network.connectTo == nil,
            tls: proxy.scheme == .https ? try TLSContext(trust, host: proxy.host) : nil)
    }

    private func make(on loop: EventLoop) throws -> any Transport {
        switch kind {
        case .loops, .loopsTLS:
            var endpoint = try Endpoint(
                host: host, port: port, sources: SourceAddresses(network.sourceAddresses))
            if let unixPath { endpoint = try Endpoint(unixPath: unixPath, authority: host) }
            if let proxy { endpoint = try Endpoint(host: proxy.address, port: proxy.port) }
            return HTTPLane(
                loop: loop, endpoint: endpoint, maximumConnections: maximumConnections,
                network: network,
                tls: kind.isSecure ? try TLSContext(network.tls, host: urlHost) : nil,
                proxy: try proxy.map { try route(through: $0) })
        case .curl, .curlTLS:
            var settings = CurlSettings(
                isSecure: kind.isSecure, host: urlHost, port: port,
                place: unixPath.map { .unix($0) } ?? .address(host, port: port), network: network)
            settings.sources = try SourceAddresses(network.sourceAddresses)
            settings.proxy = proxy
            return CurlLane(loop: loop, settings: settings, maximumConnections: maximumConnections)
        }
    }
}

extension CurlSettings {
    /// Runs `body` with a driver of a libcurl lane on a loop of its own, and closes both.
    func run<Value: Sendable>(
        maximumConnections: Int = 8, body: @Sendable (LaneDriver) async throws -> Value
    ) async throws -> Value {
        try await LaneDriver.run(
            make: { CurlLane(loop: $0, settings: self, maximumConnections: maximumConnections) },
            body: body)
    }
}

extension Network {
    /// A section with one key that differs from the defaults.
    init(connections: Reuse = .pool, connectTo: String? = nil, sourceAddresses: [String] = []) {
        self.init()
        self.connections = connections
        self.connectTo = connectTo
        self.sourceAddresses = sourceAddresses
    }
}
