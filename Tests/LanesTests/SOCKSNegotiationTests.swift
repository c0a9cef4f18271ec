import Testing

@testable import HTTP1Lane
@testable import Sockets

@Suite struct SOCKSNegotiationTests {
    private func negotiation(
        _ scheme: Proxy.Scheme, host: String = "t.test", port: Int = 258, login: Bool = false
    ) -> SOCKSNegotiation {
        let credentials = login ? Proxy.Credentials(user: "me", password: "pw") : nil
        return SOCKSNegotiation(
            Proxy(
                scheme: scheme, host: "p", address: "127.0.0.1", port: 1, credentials: credentials),
            host: host, port: port)
    }

    private func take(_ negotiation: SOCKSNegotiation, _ bytes: [UInt8]) -> ProxyNegotiationStep {
        bytes.withUnsafeBytes { negotiation.take($0) }
    }

    @Test func `version 4 sends an address, and 4a a name behind one that is none`() {
        let four = negotiation(.socks4, host: "127.0.0.1", login: true)
        #expect(four.opening == [4, 1, 1, 2, 127, 0, 0, 1, 0x6D, 0x65, 0])
        #expect(take(four, [0, 90, 0, 0, 0, 0, 0]) == .incomplete)
        #expect(take(four, [0]) == .open)
        let named = negotiation(.socks4a)
        #expect(named.opening == [4, 1, 1, 2, 0, 0, 0, 1, 0] + Array("t.test".utf8) + [0])
    }

    @Test func `version 5 sends a name or an address after the login`() {
        let places: [(host: String, bytes: [UInt8])] = [
            ("t.test", [3, 6] + Array("t.test".utf8)), ("127.0.0.2", [1, 127, 0, 0, 2]),
            ("[::1]", [4] + [UInt8](repeating: 0, count: 15) + [1]),
        ]
        for (host, bytes) in places {
            let five = negotiation(.socks5h, host: host, login: true)
            #expect(five.opening == [5, 2, 0, 2])
            #expect(take(five, [5]) == .incomplete)
            #expect(take(five, [2]) == .send([1, 2, 0x6D, 0x65, 2, 0x70, 0x77]))
            #expect(take(five, [1, 0]) == .send([5, 1, 0] + bytes + [1, 2]))
            // A proxy may say where it connects from by a name.
            #expect(take(five, [5, 0, 0, 3, 1]) == .incomplete)
            #expect(take(five, [0x61, 0, 80]) == .open)
        }
    }

    /// What a proxy says to a client without a login, and what is made of it.
    static let refusals: [(scheme: Proxy.Scheme, answers: [[UInt8]], words: String)] = [
        (.socks5h, [[5, 255]], "it wants a user and password in network.proxy"),
        (.socks5h, [[4, 0]], "is none of SOCKS 5"),
        (.socks5h, [[5, 0, 0]], "is none of SOCKS 5"),
        (.socks5h, [[5, 0], [5, 5, 0, 1, 0]], "code 5, connection refused"),
        (.socks5h, [[5, 0], [5, 99, 0, 1, 0]], "code 99"),
        (.socks5h, [[5, 0], [5, 0, 0, 9, 0]], "is none of SOCKS 5"),
        (.socks5h, [[5, 0], [5, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0]], "is none of SOCKS 5"),
        (.socks4a, [[0, 91, 0, 0, 0, 0, 0, 0]], "code 91, rejected or failed"),
        (.socks4a, [[1, 90, 0, 0, 0, 0, 0, 0]], "is none of SOCKS 4"),
        (.socks4a, [[0, 90, 0, 0, 0, 0, 0, 0, 0]], "is none of SOCKS 4"),
    ]

    @Test(arguments: refusals.indices)
    func `what opens no way says why`(index: Int) {
        let row = Self.refusals[index]
        let negotiation = negotiation(row.scheme)
        let steps = row.answers.map { take(negotiation, $0) }
        guard case .failed(let words)? = steps.last else {
            Issue.record("\(steps)")
            return
        }
        #expect(words.hasSuffix(row.words), "\(words)")
    }

    @Test func `a login that is not taken is a refusal`() {
        let five = negotiation(.socks5, host: "127.0.0.1", login: true)
        _ = take(five, [5, 2])
        guard case .failed(let words) = take(five, [1, 1]) else {
            Issue.record("it was taken")
            return
        }
        #expect(words.hasSuffix("does not take the user and password of network.proxy"))
    }
}
