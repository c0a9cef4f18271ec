import Exchanges
import JSON

extension Network {
    /// The keys of the profile that differ from the defaults.
    var json: JSONValue {
        var keys: [JSONValue.Member] = []
        func add(_ name: String, _ value: String?) {
            if let value { keys.append(.init(name, .string(value))) }
        }
        add("transport", transport?.rawValue)
        add("connections", connections == .pool ? nil : connections.rawValue)
        add("connect to", connectTo)
        for (name, texts) in [
            ("source addresses", sourceAddresses), ("allow hosts", allowedHosts),
        ] where !texts.isEmpty {
            keys.append(.init(name, .array(texts.map { .string($0) })))
        }
        add("http", http == .one ? nil : http.rawValue)
        if streams != Network().streams { keys.append(.init("streams", .integer(Int64(streams)))) }
        add("proxy", proxy)
        if isCompressed { keys.append(.init("compression", .bool(true))) }
        if tls != TLS() { keys.append(.init("tls", tls.json)) }
        return .object(keys)
    }
}

extension Network.TLS {
    fileprivate var json: JSONValue {
        var keys: [JSONValue.Member] = []
        for (name, value) in [
            ("authorities", authorities), ("certificate", certificate), ("key", key),
            ("server name", serverName), ("least", least), ("most", most), ("ciphers", ciphers),
        ] {
            if let value { keys.append(.init(name, .string(value))) }
        }
        if isInsecure { keys.append(.init("insecure", .bool(true))) }
        return .object(keys)
    }
}
