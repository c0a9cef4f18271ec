import Glibc
import Sockets

/// SOCKS 4, 4a and 5: a proxy is asked for a connection to the target.
///
/// - Source: Y.-D. Lee, SOCKS protocol version 4 and 4A; RFC 1928; RFC 1929.
final class SOCKSNegotiation: ProxyNegotiation {
    private enum Awaited {
        case method
        case login
        case reply
    }

    let opening: [UInt8]
    private let proxy: Proxy
    private let host: String
    private let port: [UInt8]
    private var state: Awaited
    private var pending: [UInt8] = []

    private static let connect: UInt8 = 1
    private static let withPassword: UInt8 = 2

    /// A connection to a host, in brackets where it is an IPv6 address.
    init(_ proxy: Proxy, host: String, port: Int) {
        self.proxy = proxy
        let isBracketed = host.hasPrefix("[") && host.hasSuffix("]")
        self.host = isBracketed ? String(host.dropFirst().dropLast()) : host
        self.port = [UInt8(truncatingIfNeeded: port >> 8), UInt8(truncatingIfNeeded: port)]
        switch proxy.scheme {
        case .socks4, .socks4a:
            state = .reply
            // 0.0.0.1 says that a name follows.
            let address = SOCKSNegotiation.address(AF_INET, self.host)
            let name = address == nil ? Array(self.host.utf8) + [0] : []
            opening =
                [4, SOCKSNegotiation.connect] + self.port + (address ?? [0, 0, 0, 1])
                + Array((proxy.credentials?.user ?? "").utf8) + [0] + name
        default:
            state = .method
            opening =
                proxy.credentials == nil ? [5, 1, 0] : [5, 2, 0, SOCKSNegotiation.withPassword]
        }
    }

    var awaited: String { "answer to SOCKS" }

    func take(_ bytes: UnsafeRawBufferPointer) -> ProxyNegotiationStep {
        pending += bytes
        switch state {
        case .method: return takeMethod()
        case .login: return takeLogin()
        case .reply: return opening[0] == 4 ? takeReply4() : takeReply5()
        }
    }

    private func takeMethod() -> ProxyNegotiationStep {
        guard pending.count >= 2 else { return .incomplete }
        guard pending.count == 2, pending[0] == 5 else { return isNoProxy }
        let method = pending[1]
        pending = []
        if method == Self.withPassword, let login = proxy.credentials {
            state = .login
            return .send([1] + Self.counted(login.user) + Self.counted(login.password))
        }
        guard method == 0 else {
            return .failed(
                "the SOCKS proxy opens no way to the target: "
                    + (proxy.credentials == nil
                        ? "it wants a user and password in network.proxy"
                        : "it takes no user and password"))
        }
        return askForTarget()
    }

    private func takeLogin() -> ProxyNegotiationStep {
        guard pending.count >= 2 else { return .incomplete }
        guard pending.count == 2, pending[1] == 0 else {
            return .failed(
                "the SOCKS proxy opens no way to the target: it does not take the user and "
                    + "password of network.proxy")
        }
        pending = []
        return askForTarget()
    }

    private func askForTarget() -> ProxyNegotiationStep {
        state = .reply
        let place: [UInt8]
        if let address = Self.address(AF_INET, host) {
            place = [1] + address
        } else if let address = Self.address(AF_INET6, host) {
            place = [4] + address
        } else {
            place = [3] + Self.counted(host)
        }
        return .send([5, Self.connect, 0] + place + port)
    }

    private func takeReply4() -> ProxyNegotiationStep {
        guard pending.count >= 8 else { return .incomplete }
        guard pending.count == 8, pending[0] == 0 else { return isNoProxy }
        return pending[1] == 90 ? .open : refusal(pending[1], Self.words4[pending[1]])
    }

    private func takeReply5() -> ProxyNegotiationStep {
        guard pending.count >= 5 else { return .incomplete }
        guard pending[0] == 5 else { return isNoProxy }
        guard pending[1] == 0 else { return refusal(pending[1], Self.words5[pending[1]]) }
        let addressCount: Int
        switch pending[3] {
        case 1: addressCount = 4
        case 3: addressCount = 1 + Int(pending[4])
        case 4: addressCount = 16
        default: return isNoProxy
        }
        let count = 4 + addressCount + 2
        guard pending.count >= count else { return .incomplete }
        // Through a new tunnel the client speaks first.
        return pending.count == count ? .open : isNoProxy
    }

    private var isNoProxy: ProxyNegotiationStep {
        .failed("the proxy's answer is none of SOCKS \(opening[0])")
    }

    private func refusal(_ code: UInt8, _ words: String?) -> ProxyNegotiationStep {
        .failed(
            "the SOCKS proxy opens no way to the target: code \(code)"
                + (words.map { ", \($0)" } ?? ""))
    }

    private static let words4: [UInt8: String] = [
        91: "rejected or failed", 92: "no identd of the client", 93: "another user in identd",
    ]
    private static let words5: [UInt8: String] = [
        1: "general failure", 2: "not allowed by its rules", 3: "network unreachable",
        4: "host unreachable", 5: "connection refused", 6: "time to live expired",
        7: "command not supported", 8: "address type not supported",
    ]

    private static func counted(_ text: String) -> [UInt8] {
        let bytes = Array(text.utf8.prefix(Proxy.maximumNameBytes))
        return [UInt8(bytes.count)] + bytes
    }

    /// The bytes of an address in numbers; `nil` if it is none of the family.
    private static func address(_ family: Int32, _ text: String) -> [UInt8]? {
        var bytes = [UInt8](repeating: 0, count: family == AF_INET ? 4 : 16)
        return inet_pton(family, text, &bytes) == 1 ? bytes : nil
    }
}
