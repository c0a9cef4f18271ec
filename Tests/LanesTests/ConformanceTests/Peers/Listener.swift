import Glibc

/// Opens the sockets of scripted servers.
enum Listener {
    /// A port that nobody listens on, for a program that is to open it itself: below those that
    /// the system gives away, so that no test gets it meanwhile.
    static func freePort() throws -> Int {
        for _ in 0..<100 {
            let wanted = Int.random(in: 15_000..<32_000)
            guard let (descriptor, port) = try? open(at: .ipv4, port: wanted, backlog: 1) else {
                continue
            }
            close(descriptor)
            return port
        }
        throw Failure(number: EADDRINUSE)
    }

    /// A socket that listens on a port of loopback, a free one for 0, or at a path; and the port.
    ///
    /// - Parameter backlog: `nil` to have the place and not to listen.
    static func open(
        at place: ScriptedServer.Place, port: Int = 0, backlog: Int32?
    ) throws -> (descriptor: Int32, port: Int) {
        var address = sockaddr_storage()
        let size: Int
        switch place {
        case .ipv4:
            size = MemoryLayout<sockaddr_in>.size
            withUnsafeMutableBytes(of: &address) { bytes in
                var own = sockaddr_in()
                own.sin_family = sa_family_t(AF_INET)
                own.sin_port = UInt16(port).bigEndian
                own.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
                withUnsafeBytes(of: &own) { bytes.copyMemory(from: $0) }
            }
        case .ipv6:
            size = MemoryLayout<sockaddr_in6>.size
            withUnsafeMutableBytes(of: &address) { bytes in
                var own = sockaddr_in6()
                own.sin6_family = sa_family_t(AF_INET6)
                own.sin6_addr = in6addr_loopback
                withUnsafeBytes(of: &own) { bytes.copyMemory(from: $0) }
            }
        case .unix(let path):
            size = MemoryLayout<sockaddr_un>.size
            withUnsafeMutableBytes(of: &address) { bytes in
                var own = sockaddr_un()
                own.sun_family = sa_family_t(AF_UNIX)
                withUnsafeMutableBytes(of: &own.sun_path) { $0.copyBytes(from: path.utf8) }
                withUnsafeBytes(of: &own) { bytes.copyMemory(from: $0) }
            }
        }
        let kind = Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue)
        let descriptor = socket(Int32(address.ss_family), kind, 0)
        var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
        let result = withUnsafeMutableBytes(of: &address) { bytes in
            guard let start = bytes.bindMemory(to: sockaddr.self).baseAddress,
                bind(descriptor, start, socklen_t(size)) == 0,
                backlog.map({ listen(descriptor, $0) == 0 }) ?? true
            else { return Int32(-1) }
            return getsockname(descriptor, start, &length)
        }
        guard result == 0 else {
            let number = errno
            close(descriptor)
            throw Failure(number: number)
        }
        // The port stands in the same place of both families.
        return withUnsafeBytes(of: &address) { bytes in
            (descriptor, Int(bytes[2]) << 8 | Int(bytes[3]))
        }
    }

    /// Connects to a port of 127.0.0.1.
    static func connect(_ descriptor: Int32, port: Int) -> Bool {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = UInt16(port).bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        return withUnsafeBytes(of: &address) { bytes in
            guard let start = bytes.bindMemory(to: sockaddr.self).baseAddress else { return false }
            return Glibc.connect(descriptor, start, socklen_t(bytes.count)) == 0
        }
    }

    /// The peer's address in numbers; empty for a unix socket.
    static func peer(of descriptor: Int32) -> String {
        var address = sockaddr_storage()
        var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
        var text = [CChar](repeating: 0, count: 64)
        let result = withUnsafeMutableBytes(of: &address) { bytes in
            guard let start = bytes.bindMemory(to: sockaddr.self).baseAddress,
                getpeername(descriptor, start, &length) == 0
            else { return Int32(-1) }
            return getnameinfo(start, length, &text, 64, nil, 0, NI_NUMERICHOST)
        }
        return result == 0
            ? String(decoding: text.prefix { $0 != 0 }.map(UInt8.init), as: UTF8.self) : ""
    }

    /// A port of 127.0.0.1 that refuses connections, and that nobody else gets meanwhile.
    final class RefusingPort: Sendable {
        let number: Int
        private let descriptor: Int32

        init() throws { (descriptor, number) = try Listener.open(at: .ipv4, backlog: nil) }

        deinit { close(descriptor) }
    }

    /// A socket that could not be opened.
    struct Failure: Error {
        let number: Int32
    }
}
