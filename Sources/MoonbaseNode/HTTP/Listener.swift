import CLinux
import Glibc

/// A socket that listens; the server's event loops accept from it.
public struct Listener: Sendable {
    let descriptor: Int32
    /// The port that it listens on.
    public let port: Int
    let isAdmin: Bool

    private static let backlog: Int32 = 4096

    /// Listens on an IPv4 address; port 0 picks a free one.
    ///
    /// - Throws: `NodeError` where the address or the port cannot be used.
    public init(host: String, port: Int, isAdmin: Bool = false) throws(NodeError) {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(UInt16(port).bigEndian)
        guard inet_pton(AF_INET, host, &address.sin_addr) == 1 else {
            throw NodeError("\"\(host)\" is no IPv4 address", hint: "use --host 127.0.0.1")
        }
        let kind = Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue)
        let descriptor = socket(AF_INET, kind, 0)
        var one: Int32 = 1
        setsockopt(
            descriptor, SOL_SOCKET, SO_REUSEADDR, &one, socklen_t(MemoryLayout<Int32>.size))
        let isBound = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
            }
        }
        guard descriptor >= 0, isBound, listen(descriptor, Self.backlog) == 0 else {
            let words = errnoWords()
            close(descriptor)
            throw NodeError(
                "cannot listen on \(host):\(port): \(words)",
                hint: "end what listens there, or choose another with --port (0 picks one)")
        }
        try self.init(descriptor: descriptor, isAdmin: isAdmin)
    }

    /// A socket that a supervisor has opened.
    ///
    /// - Throws: `NodeError` where the descriptor is no socket.
    public init(descriptor: Int32, isAdmin: Bool = false) throws(NodeError) {
        var address = sockaddr_in()
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let isSocket = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                getsockname(descriptor, $0, &length) == 0
            }
        }
        guard isSocket else {
            throw NodeError(
                "descriptor \(descriptor) is no socket", hint: "leave the worker to its supervisor")
        }
        _ = fcntl(descriptor, F_SETFL, O_NONBLOCK)
        self.descriptor = descriptor
        self.isAdmin = isAdmin
        port = Int(UInt16(bigEndian: address.sin_port))
    }

    /// The descriptor, for a supervisor to hand on.
    public var raw: Int32 { descriptor }
}
