import CLinux
public import EventLoops
import Glibc
public import Sockets
import Statistics

/// A TCP proxy of loadgen's own between the generator and its target, whose connections faults
/// strike.
///
/// It has no packets, so it cannot lose or reorder them, and the handshake with a client is always
/// instant. Confined to its loop.
public final class FaultProxy: EventHandler {
    /// The port of 127.0.0.1 that it listens at.
    public let port: Int
    let loop: EventLoop
    private let target: SocketAddress
    /// Keeps the port while nobody listens, so that no other process gets it.
    private let reservation: Int32
    private var listener: Int32
    private var links: [ObjectIdentifier: ProxyLink] = [:]
    private(set) var conduct = ProxyConduct()
    var counters = ProxyCounters()
    var random: SeededRandom

    /// Listens; on the loop only.
    ///
    /// - Parameters:
    ///   - target: where connections lead.
    ///   - seed: decides jitter, and which bytes are changed.
    /// - Throws: `SystemCallError` where the system gives no socket.
    public init(
        on loop: EventLoop, to target: SocketAddress, seed: UInt64
    ) throws(SystemCallError) {
        self.loop = loop
        self.target = target
        random = SeededRandom(seed: seed)
        (reservation, port) = try Self.bind(port: 0)
        do throws(SystemCallError) {
            listener = try Self.listen(port: port)
        } catch {
            close(reservation)
            throw error
        }
        try loop.watch(listener, handler: self)
    }

    /// A socket that has a port of 127.0.0.1, and the port.
    private static func bind(port: Int) throws(SystemCallError) -> (Int32, Int) {
        let type = Int32(SOCK_STREAM.rawValue | SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue)
        let descriptor = socket(AF_INET, type, 0)
        guard descriptor >= 0 else { throw SystemCallError(call: "socket", number: errno) }
        if port != 0 { share(descriptor) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(port).bigEndian
        address.sin_addr.s_addr = UInt32(INADDR_LOOPBACK).bigEndian
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let isBound = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                Glibc.bind(descriptor, $0, size) == 0 && getsockname(descriptor, $0, &size) == 0
            }
        }
        guard isBound else {
            let number = errno
            close(descriptor)
            throw SystemCallError(call: "bind", number: number, subject: "127.0.0.1:\(port)")
        }
        // Not before a free port is chosen, which would else be one of another proxy's.
        if port == 0 { share(descriptor) }
        return (descriptor, Int(UInt16(bigEndian: address.sin_port)))
    }

    /// Lets other sockets of this user have the port, too, if they ask for that as well.
    private static func share(_ descriptor: Int32) {
        var one: Int32 = 1
        for option in [SO_REUSEADDR, SO_REUSEPORT] {
            setsockopt(
                descriptor, SOL_SOCKET, option, &one, socklen_t(MemoryLayout<Int32>.size))
        }
    }

    private static func listen(port: Int) throws(SystemCallError) -> Int32 {
        let (listener, _) = try bind(port: port)
        guard Glibc.listen(listener, 4096) == 0 else {
            let number = errno
            close(listener)
            throw SystemCallError(call: "listen", number: number, subject: "127.0.0.1:\(port)")
        }
        return listener
    }

    /// Takes the connections that have come.
    public func handle(_ readiness: Readiness) {
        while listener >= 0 {
            let client = accept4(
                listener, nil, nil, Int32(SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue))
            guard client >= 0 else { return }
            counters.connections += 1
            let type = Int32(SOCK_STREAM.rawValue | SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue)
            let other = socket(target.family, type, 0)
            guard other >= 0 else {
                close(client)
                continue
            }
            _ = target.withPointer { connect(other, $0, $1) }
            let link = ProxyLink(client: client, target: other, proxy: self)
            links[ObjectIdentifier(link)] = link
            link.start()
        }
    }

    func remove(_ link: ProxyLink) { links[ObjectIdentifier(link)] = nil }

    /// Does otherwise from now on, also on connections that are there.
    ///
    /// - Throws: `SystemCallError` if it is to listen again, and the system gives no socket.
    func behave(_ conduct: ProxyConduct) throws(SystemCallError) {
        self.conduct = conduct
        if conduct.refuses, listener >= 0 {
            endListening()
        } else if !conduct.refuses, listener < 0 {
            listener = try Self.listen(port: port)
            try loop.watch(listener, handler: self)
        }
        for link in Array(links.values) {
            // What is lost of a stream cannot be made up for.
            if conduct.refuses || conduct.resets || link.isBroken && conduct == ProxyConduct() {
                link.reset()
            } else {
                link.pump()
            }
        }
    }

    /// Closes the target's end of each connection that is there, and leaves the client's open.
    func leaveHalfOpen() {
        for link in links.values { link.leaveHalfOpen() }
    }

    deinit {
        for socket in [reservation, listener] where socket >= 0 { close(socket) }
    }

    /// Resets all connections and listens no more; on the loop only.
    public func stop() {
        for link in Array(links.values) { link.reset() }
        if listener >= 0 { endListening() }
    }

    private func endListening() {
        loop.forget(listener)
        // A child that this process starts just now may have it, too, for a moment.
        shutdown(listener, Int32(SHUT_RDWR))
        close(listener)
        listener = -1
    }
}
