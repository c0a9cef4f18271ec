import Testing

@testable import Sockets

@Suite struct SourceAddressesTests {
    @Test(arguments: [
        ("127.0.0.1", "127.0.0.1", 1), ("127.0.0.254", "127.0.1.3", 6), ("::1", "::4", 4),
        ("2001:db8::ffff", "2001:db8::1:1", 3),
    ])
    func `a range has every address between its ends`(first: String, last: String, count: Int)
        throws
    {
        let start = try #require(SocketAddress(literal: first))
        let end = try #require(SocketAddress(literal: last))
        let range = try #require(start.range(to: end, most: 10))
        #expect(range.count == count)
        #expect(range.first?.literal == first && range.last?.literal == last)
        #expect(Set(range.map(\.literal)).count == count)
    }

    @Test(arguments: [
        "", "localhost", "127.0.0.1-", "127.0.0.2-127.0.0.1", "127.0.0.1-::1", "1-2-3",
        "10.0.0.0-10.255.255.255", "256.0.0.1",
    ])
    func `what is no address is an error that names it`(text: String) {
        #expect { try SourceAddresses([text]) } throws: { "\($0)".contains(text) }
    }

    @Test func `a literal keeps its port`() throws {
        #expect(try #require(SocketAddress(literal: "[::1]", port: 4343)).port == 4343)
        #expect(SocketAddress(literal: "localhost") == nil)
    }
}
