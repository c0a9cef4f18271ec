/// A proxy between a lane and its target.
public struct Proxy: Sendable, Equatable {
    /// How a proxy is spoken to.
    public enum Scheme: String, Sendable, CaseIterable {
        /// HTTP/1.1: whole URLs for clear text, CONNECT for TLS.
        case http
        /// The same inside TLS.
        case https
        /// SOCKS 4, which takes IPv4 addresses.
        case socks4
        /// SOCKS 4 with names.
        case socks4a
        /// SOCKS 5, given an address that was looked up here.
        case socks5
        /// SOCKS 5, given a name.
        case socks5h

        /// Whether it speaks HTTP, with TLS around it or not.
        public var isHTTP: Bool { self == .http || self == .https }

        /// Whether the proxy itself looks up the target's name.
        public var looksUpNames: Bool { self != .socks4 && self != .socks5 }
    }

    /// What a proxy lets in.
    public struct Credentials: Sendable, Equatable {
        /// The user.
        public var user: String
        /// The password.
        public var password: String

        /// Credentials from their parts.
        public init(user: String, password: String) {
            self.user = user
            self.password = password
        }

        /// Whether their lengths are ones that SOCKS 5 can say, and SOCKS 4 can end with a NUL.
        public var fitsSOCKS: Bool {
            [user, password].allSatisfy { text in
                (1...Proxy.maximumNameBytes).contains(text.utf8.count)
                    && !text.utf8.contains(0)
            }
        }

        /// The value of a Proxy-Authorization field.
        ///
        /// - Source: RFC 7617, section 2.
        public var basic: String { "Basic \(base64(Array("\(user):\(password)".utf8)))" }
    }

    /// The longest name, user or password that SOCKS 5 can say, in bytes.
    public static let maximumNameBytes = 255

    /// How it is spoken to.
    public var scheme: Scheme
    /// The host as written.
    public var host: String
    /// Its address in numbers, without brackets.
    public var address: String
    /// Its port.
    public var port: Int
    /// User and password; `nil` if it asks for none.
    public var credentials: Credentials?

    /// A proxy from its parts.
    public init(
        scheme: Scheme, host: String, address: String, port: Int, credentials: Credentials?
    ) {
        self.scheme = scheme
        self.host = host
        self.address = address
        self.port = port
        self.credentials = credentials
    }
}

/// - Source: RFC 4648, section 4.
private func base64(_ bytes: [UInt8]) -> String {
    let digits = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
    var text: [UInt8] = []
    for start in stride(from: 0, to: bytes.count, by: 3) {
        let group = bytes[start..<min(start + 3, bytes.count)]
        let bits = group.reduce(0) { $0 << 8 | Int($1) } << (8 * (3 - group.count))
        for place in 0..<4 {
            text.append(
                place > group.count
                    ? UInt8(ascii: "=") : digits[bits >> (18 - 6 * place) & 63])
        }
    }
    return String(decoding: text, as: UTF8.self)
}
