import Glibc

/// One connection of a scripted server: blocking, with a bound on every wait.
struct SocketStream {
    let descriptor: Int32
    private var buffer: [UInt8] = []

    init(_ descriptor: Int32) {
        self.descriptor = descriptor
        var bound = timeval(tv_sec: 5, tv_usec: 0)
        let size = socklen_t(MemoryLayout<timeval>.size)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &bound, size)
        setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &bound, size)
        var one: Int32 = 1
        setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &one, 4)
    }

    /// Takes more bytes; false at the end.
    mutating func read() -> Bool {
        var part = [UInt8](repeating: 0, count: 64 << 10)
        let count = recv(descriptor, &part, part.count, 0)
        guard count > 0 else { return false }
        buffer += part[..<count]
        // What nobody will look at is not kept.
        if buffer.count > 1 << 20 { buffer.removeAll() }
        return true
    }

    /// A head with its empty line, or absent where the peer closed first.
    mutating func readHead() -> String? {
        while true {
            if let end = buffer.firstRange(of: Array("\r\n\r\n".utf8)) {
                let head = String(decoding: buffer[..<end.upperBound], as: UTF8.self)
                buffer.removeFirst(end.upperBound)
                return head
            }
            guard read() else { return nil }
        }
    }

    /// A head and the body that its Content-Length tells of.
    mutating func readRequest() -> String? {
        guard let head = readHead() else { return nil }
        var length = 0
        for line in head.split(separator: "\r\n") {
            let parts = line.split(separator: ":", maxSplits: 1)
            guard parts.count == 2, parts[0].lowercased() == "content-length" else { continue }
            length = Int(parts[1].drop { $0 == " " }) ?? 0
        }
        var body: [UInt8] = []
        while body.count < length {
            if buffer.isEmpty, !read() { return nil }
            let part = buffer.prefix(length - body.count)
            body += part
            buffer.removeFirst(part.count)
        }
        return head + String(decoding: body, as: UTF8.self)
    }

    /// False where the peer takes no more.
    func write(_ bytes: [UInt8]) -> Bool {
        var done = 0
        while done < bytes.count {
            let count = bytes.withUnsafeBytes { bytes in
                send(
                    descriptor, bytes.baseAddress.map { $0 + done }, bytes.count - done,
                    Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else { return false }
            done += count
        }
        return true
    }

    /// Whether the peer closes within a time.
    func waitForEnd(milliseconds: Int32) -> Bool {
        var poll = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        guard Glibc.poll(&poll, 1, milliseconds) != 0 else { return false }
        var byte: UInt8 = 0
        return recv(descriptor, &byte, 1, Int32(MSG_PEEK)) <= 0
    }
}

/// Opens the sockets of scripted servers.
enum Listener {
    /// A socket that listens on a free port of loopback, or at a path; and the port.
    static func open(
        at place: ScriptedServer.Place, backlog: Int32
    ) throws -> (descriptor: Int32, port: Int) {
        var address = sockaddr_storage()
        let size: Int
        switch place {
        case .ipv4:
            size = MemoryLayout<sockaddr_in>.size
            withUnsafeMutableBytes(of: &address) { bytes in
                var own = sockaddr_in()
                own.sin_family = sa_family_t(AF_INET)
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
        let descriptor = socket(Int32(address.ss_family), Int32(SOCK_STREAM.rawValue), 0)
        var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
        let result = withUnsafeMutableBytes(of: &address) { bytes in
            guard let start = bytes.bindMemory(to: sockaddr.self).baseAddress,
                bind(descriptor, start, socklen_t(size)) == 0, listen(descriptor, backlog) == 0
            else { return Int32(-1) }
            return getsockname(descriptor, start, &length)
        }
        guard result == 0 else { throw Failure(number: errno) }
        // The port stands in the same place of both families.
        return withUnsafeBytes(of: &address) { bytes in
            (descriptor, Int(bytes[2]) << 8 | Int(bytes[3]))
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

    /// A socket that could not be opened.
    struct Failure: Error {
        let number: Int32
    }
}
