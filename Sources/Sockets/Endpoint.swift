import CLinux
public import EventLoops
import Glibc

/// Where the lane on the event loops connects to, and from.
public struct Endpoint: Sendable, Equatable {
    /// The host and port as written, for messages and the Host field.
    public let authority: String
    /// Whether every address is of the loopback interface, or a unix socket.
    public let isLoopback: Bool
    /// Where to connect; the first of the host's addresses that is not known to refuse.
    public private(set) var address: SocketAddress
    private let others: [SocketAddress]
    /// Where to connect from.
    public let sources: SourceAddresses
    /// The path of a unix socket; `nil` for a host and port.
    public let unixPath: String?

    /// Looks up a host; a blocking call, made once before the load.
    ///
    /// - Parameters:
    ///   - authority: the Host field where it is not `HOST:PORT`.
    ///   - sources: where to connect from.
    /// - Throws: `SystemCallError` where a name has no address.
    public init(
        host: String, port: Int, authority: String? = nil,
        sources: SourceAddresses = SourceAddresses()
    ) throws(SystemCallError) {
        let addresses = SocketAddress.all(host: host, port: port)
        guard let first = addresses.first else {
            throw SystemCallError(call: "getaddrinfo", number: EADDRNOTAVAIL, subject: host)
        }
        self.authority = authority ?? "\(host):\(port)"
        address = first
        others = Array(addresses.dropFirst())
        isLoopback = addresses.allSatisfy(\.isLoopback)
        self.sources = sources
        unixPath = nil
    }

    /// The endpoint of a unix socket.
    ///
    /// - Throws: `SystemCallError` where the path is longer than the system takes.
    public init(unixPath: String, authority: String) throws(SystemCallError) {
        guard let address = SocketAddress(unixPath: unixPath) else {
            throw SystemCallError(call: "connect", number: ENAMETOOLONG, subject: unixPath)
        }
        self.authority = authority
        self.address = address
        others = []
        isLoopback = true
        sources = SourceAddresses()
        self.unixPath = unixPath
    }

    /// The same host by its next address, as `localhost` by 127.0.0.1 after ::1; `nil` if it
    /// has no other.
    public var byNextAddress: Endpoint? {
        guard let next = others.first else { return nil }
        return Endpoint(self, address: next, others: Array(others.dropFirst()))
    }

    private init(_ other: Endpoint, address: SocketAddress, others: [SocketAddress]) {
        authority = other.authority
        isLoopback = other.isLoopback
        sources = other.sources
        unixPath = other.unixPath
        self.address = address
        self.others = others
    }
}
