/// A target's address: `http[s]://HOST[:PORT][/PREFIX]`.
public struct TargetURL: Sendable, Equatable {
    /// Whether the target speaks TLS.
    public let isSecure: Bool
    /// The host as written; an IPv6 address in brackets.
    public let host: String
    /// The port; 80 where none is written, and 443 with TLS.
    public let port: Int
    /// What stands before every path of the contract; `nil` for the contract's own.
    public let prefix: String?

    /// Reads a URL.
    ///
    /// - Throws: `CampaignError` that says what is allowed.
    public init(_ text: String) throws(CampaignError) {
        func wrong(_ why: String) -> CampaignError {
            CampaignError(
                .usage, "the target \"\(text)\" \(why)",
                hint: "write http://HOST:PORT, as in http://127.0.0.1:4343")
        }
        isSecure = text.hasPrefix("https://")
        guard isSecure || text.hasPrefix("http://") else {
            throw wrong("is not an http:// or https:// URL")
        }
        let rest = text.dropFirst(isSecure ? "https://".count : "http://".count)
        let authority = rest.prefix { $0 != "/" }
        let path = rest.dropFirst(authority.count)
        guard !path.contains(where: { "?# \r\n".contains($0) }), !authority.contains("@") else {
            throw wrong("has a user, a query or a fragment")
        }
        let bracket = authority.lastIndex(of: "]") ?? authority.startIndex
        if let colon = authority[bracket...].lastIndex(of: ":") {
            guard let number = Int(authority[authority.index(after: colon)...]),
                (1...65535).contains(number)
            else { throw wrong("has a port outside 1 to 65535") }
            host = String(authority[..<colon])
            port = number
        } else {
            host = String(authority)
            port = isSecure ? 443 : 80
        }
        guard !host.isEmpty else { throw wrong("has no host") }
        guard host.utf8.allSatisfy({ $0 > 0x20 && $0 != 0x7F }) else {
            throw wrong("has a host with a space or a control character")
        }
        let trimmed = path.hasSuffix("/") ? path.dropLast() : path
        prefix = trimmed.isEmpty ? nil : String(trimmed)
    }

    /// Scheme, host and port.
    var origin: String { "\(isSecure ? "https" : "http")://\(host):\(port)" }
}
