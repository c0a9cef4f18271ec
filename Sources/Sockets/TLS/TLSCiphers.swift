public import Exchanges

extension Network.TLS {
    /// The ciphers up to TLS 1.2 and those of TLS 1.3, which OpenSSL takes apart; `nil` for its own
    /// choice.
    public var cipherLists: (before13: String?, of13: String?) {
        let names = (ciphers ?? "").split(separator: ":")
        let of13 = names.filter { $0.hasPrefix("TLS_") }.joined(separator: ":")
        let before13 = names.filter { !$0.hasPrefix("TLS_") }.joined(separator: ":")
        return (before13.isEmpty ? nil : before13, of13.isEmpty ? nil : of13)
    }
}
