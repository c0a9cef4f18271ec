import Exchanges
import Sockets

/// CONNECT: an HTTP proxy is asked for a tunnel.
///
/// - Source: RFC 9110, section 9.3.6.
final class ConnectNegotiation: ProxyNegotiation {
    let opening: [UInt8]
    let awaited: String
    private let authority: String
    private let hasCredentials: Bool
    private let exchange = Exchange()
    private let parser: AnswerParser

    /// A tunnel to a host, in brackets where it is an IPv6 address.
    init(host: String, port: Int, credentials: Proxy.Credentials?) {
        authority = "\(host):\(port)"
        awaited = "answer to CONNECT \(authority)"
        hasCredentials = credentials != nil
        let authorization = credentials.map { "Proxy-Authorization: \($0.basic)\r\n" } ?? ""
        opening = Array(
            "CONNECT \(authority) HTTP/1.1\r\nHost: \(authority)\r\n\(authorization)\r\n".utf8)
        // As to HEAD, no body follows the head that opens a tunnel, whatever its fields say; and
        // what follows the head of a refusal is of no use.
        exchange.isHead = true
        parser = AnswerParser(placeholder: exchange)
        parser.expectAnswer(to: exchange)
    }

    func take(_ bytes: UnsafeRawBufferPointer) -> ProxyNegotiationStep {
        let progress = parser.feed(bytes)
        let status = exchange.status
        // Set where the head is over; of a refusal, what comes behind it does not matter.
        if status >= 300 || status == 101 { return .failed(refusal(status)) }
        switch progress {
        case .incomplete: return .incomplete
        case .complete: return .open
        case .failed(let problem):
            // In a tunnel the client speaks first.
            return .failed("the proxy's answer to CONNECT \(authority): \(problem.detail)")
        }
    }

    private func refusal(_ status: Int) -> String {
        let words = "the proxy opens no way to the target: it answered CONNECT \(authority) with "
        let hint =
            hasCredentials
            ? "; it does not take the user and password of network.proxy"
            : "; it wants a user and password in network.proxy"
        return "\(words)\(status)\(status == 407 ? hint : "")"
    }
}
