import Exchanges
import YAML

extension ProfileDecoder {
    private static let networkKeys = [
        "transport", "connections", "connect to", "source addresses", "allow hosts", "http",
        "streams", "tls", "proxy", "compression",
    ]
    private static let tlsKeys = [
        "authorities", "certificate", "key", "server name", "least", "most", "ciphers", "insecure",
    ]
    private static let tlsVersions = ["1.0", "1.1", "1.2", "1.3"]

    mutating func network(_ node: YAMLNode?) -> Network {
        var network = Network()
        guard let node else { return network }
        check(node, "network", keys: Self.networkKeys)
        network.transport = choice(node["transport"], "transport")
        network.connections = choice(node["connections"], "way to share connections") ?? .pool
        network.connectTo = value(node["connect to"], "HOST:PORT or unix:/PATH") { text in
            text.contains(":") ? text : nil
        }
        network.sourceAddresses = texts(node["source addresses"])
        network.allowedHosts = texts(node["allow hosts"])
        network.http = choice(node["http"], "version of HTTP") ?? .one
        network.streams =
            number(
                node["streams"], Int.self, "a whole number from 1 to 1000",
                where: { (1...1000).contains($0) }) ?? network.streams
        network.proxy = value(node["proxy"], "a URL as in http://127.0.0.1:3128") { text in
            text.contains("://") ? text : nil
        }
        network.isCompressed = flag(node["compression"]) ?? false
        network.tls = tls(node["tls"])
        if network.transport == .loops, network.needsCurl {
            problems.add(
                node.position,
                "transport: loops speaks HTTP/1.1 alone; leave transport out, or http: 2")
        }
        return network
    }

    /// One text, or a list of them.
    private mutating func texts(_ node: YAMLNode?) -> [String] {
        guard let node else { return [] }
        guard let elements = node.elements else { return text(node).map { [$0] } ?? [] }
        return elements.compactMap { text($0) }
    }

    private mutating func tls(_ node: YAMLNode?) -> Network.TLS {
        var tls = Network.TLS()
        guard let node else { return tls }
        check(node, "tls", keys: Self.tlsKeys)
        tls.authorities = text(node["authorities"])
        tls.certificate = text(node["certificate"])
        tls.key = text(node["key"])
        tls.serverName = text(node["server name"])
        tls.least = tlsVersion(node["least"])
        tls.most = tlsVersion(node["most"])
        tls.ciphers = text(node["ciphers"])
        tls.isInsecure = flag(node["insecure"]) ?? false
        if (tls.certificate == nil) != (tls.key == nil) {
            problems.add(node.position, "a client certificate needs both certificate and key")
        }
        return tls
    }

    private mutating func tlsVersion(_ node: YAMLNode?) -> String? {
        value(node, "a version of TLS: \(Self.tlsVersions.joined(separator: ", "))") { text in
            Self.tlsVersions.contains(text) ? text : nil
        }
    }

    /// One of an enumeration's words, or a problem that lists them.
    mutating func choice<Choice: RawRepresentable<String> & CaseIterable>(
        _ node: YAMLNode?, _ what: String
    ) -> Choice? {
        guard let node, let text = text(node) else { return nil }
        if let choice = Choice(rawValue: text) { return choice }
        problems.add(
            node.position, unknown: text, what, allowed: Choice.allCases.map(\.rawValue))
        return nil
    }

    /// true or false.
    mutating func flag(_ node: YAMLNode?) -> Bool? {
        value(node, "true or false") { ["true": true, "false": false][$0] }
    }
}
