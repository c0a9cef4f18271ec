import CLinux
public import EventLoops
import Glibc

/// Local addresses that connections are made from, in turn; empty for the system's own choice.
public struct SourceAddresses: Sendable, Equatable {
    private let addresses: [SocketAddress]

    /// The most addresses of one list; each has some 28,000 ports to one target.
    public static let most = 4096

    /// No address: the system chooses.
    public init() { addresses = [] }

    /// Reads addresses, each `ADDRESS` or `FIRST-LAST`.
    ///
    /// - Throws: `SystemCallError` with the text that is no address or no range.
    public init(_ texts: [String]) throws(SystemCallError) {
        var addresses: [SocketAddress] = []
        for text in texts {
            let ends = text.split(separator: "-", omittingEmptySubsequences: false)
            guard ends.count <= 2, let start = SocketAddress(literal: String(ends[0])),
                let end = SocketAddress(literal: String(ends[ends.count - 1])),
                let range = start.range(to: end, most: Self.most - addresses.count)
            else { throw SystemCallError(call: "inet_pton", number: EINVAL, subject: text) }
            addresses += range
        }
        self.addresses = addresses
    }

    /// Binds a socket to the address whose turn it is; gives an errno where that fails.
    public func bind(_ descriptor: Int32, turn: Int) -> Int32? {
        guard !addresses.isEmpty else { return nil }
        // The port is chosen when the socket connects, so that a port can serve several targets.
        var one: Int32 = 1
        let size = socklen_t(MemoryLayout<Int32>.size)
        setsockopt(descriptor, Int32(IPPROTO_IP), IP_BIND_ADDRESS_NO_PORT, &one, size)
        let address = addresses[turn % addresses.count]
        let result = address.withPointer { Glibc.bind(descriptor, $0, $1) }
        return result == 0 ? nil : errno
    }
}
