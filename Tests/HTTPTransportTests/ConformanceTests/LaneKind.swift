import EventLoops
import Generator
import HTTPTransport
import Profiles
import Testing

/// The lanes that the suite holds to the same conduct.
enum LaneKind: String, CaseIterable, Sendable, CustomTestStringConvertible {
    case loops
    case curl

    var testDescription: String { rawValue }

    /// A lane to a port of loopback, or as a network section says.
    private func make(
        on loop: EventLoop, host: String, port: Int, mostConnections: Int, network: Network
    ) throws -> any Transport {
        switch self {
        case .loops:
            var endpoint = try Endpoint(
                host: host, port: port, sources: SourceAddresses(network.sourceAddresses))
            if let path = network.connectTo, path.hasPrefix("unix:") {
                endpoint = try Endpoint(
                    unixPath: String(path.dropFirst("unix:".count)), authority: host)
            }
            return HTTPLane(
                loop: loop, endpoint: endpoint, mostConnections: mostConnections,
                reuse: network.connections)
        case .curl:
            var place = CurlSettings.Place.address(host, port: port)
            if let path = network.connectTo, path.hasPrefix("unix:") {
                place = .unix(String(path.dropFirst("unix:".count)))
            }
            let name = host.contains(":") ? "[\(host)]" : host
            var settings = CurlSettings(
                isSecure: false, host: name, port: port, place: place, network: network)
            settings.sources = try SourceAddresses(network.sourceAddresses)
            return CurlLane(loop: loop, settings: settings, mostConnections: mostConnections)
        }
    }

    /// Runs `body` with a driver of a new lane on a loop of its own, and closes both.
    func run<Value: Sendable>(
        host: String = "127.0.0.1", port: Int, mostConnections: Int = 8,
        network: Network = Network(), body: @Sendable (LaneDriver) async throws -> Value
    ) async throws -> Value {
        try await LaneDriver.run(
            make: {
                try make(
                    on: $0, host: host, port: port, mostConnections: mostConnections,
                    network: network)
            }, body: body)
    }
}

extension CurlSettings {
    /// Runs `body` with a driver of a libcurl lane on a loop of its own, and closes both.
    func run<Value: Sendable>(
        mostConnections: Int = 8, body: @Sendable (LaneDriver) async throws -> Value
    ) async throws -> Value {
        try await LaneDriver.run(
            make: { CurlLane(loop: $0, settings: self, mostConnections: mostConnections) },
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
