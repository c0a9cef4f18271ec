import CLinux
import Glibc

/// The TCP sockets of this machine that listen, by the names that /proc/PID/fd has for them.
enum ListeningSockets {
    /// The sockets that listen at `port`, as `socket:[4711]`.
    ///
    /// The kernel is asked for listeners alone, where it can be: in /proc/net/tcp it goes through
    /// its table of established connections, too, which takes milliseconds.
    static func names(port: Int) -> Set<String> {
        let families = [AF_INET, AF_INET6]
        let asked = families.map { inodes(port: port, family: UInt8($0)) }
        guard !asked.contains(nil) else {
            return Set(["tcp", "tcp6"].flatMap { listed(port: port, in: "/proc/net/\($0)") })
        }
        return Set(asked.flatMap { $0 ?? [] }.map { "socket:[\($0)]" })
    }

    // MARK: sock_diag(7)

    private struct Request {
        var header = nlmsghdr()
        var body = inet_diag_req_v2()
    }

    /// The inodes of one family's listeners; `nil` if the kernel does not tell.
    static func inodes(port: Int, family: UInt8) -> [UInt32]? {
        let descriptor = socket(
            AF_NETLINK, Int32(SOCK_DGRAM.rawValue | SOCK_CLOEXEC.rawValue), NETLINK_SOCK_DIAG)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        // It answers at once; a kernel that does not must not hold a run up.
        var patience = timeval(tv_sec: 1, tv_usec: 0)
        setsockopt(
            descriptor, SOL_SOCKET, SO_RCVTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
        var request = Request()
        request.header.nlmsg_len = UInt32(MemoryLayout<Request>.size)
        request.header.nlmsg_type = UInt16(SOCK_DIAG_BY_FAMILY)
        request.header.nlmsg_flags = UInt16(NLM_F_REQUEST | NLM_F_DUMP)
        request.body.sdiag_family = family
        request.body.sdiag_protocol = UInt8(IPPROTO_TCP)
        request.body.idiag_states = 1 << listenState
        guard send(descriptor, &request, MemoryLayout<Request>.size, 0) > 0 else { return nil }
        return answers(descriptor, port: UInt16(port).bigEndian)
    }

    /// TCP_LISTEN, and where the kernel puts it in a set of states.
    private static let listenState: UInt32 = 10
    private static let maximumMessages = 10_000

    /// Reads the kernel's list up to its end; `nil` if it breaks off.
    private static func answers(_ descriptor: Int32, port: UInt16) -> [UInt32]? {
        var inodes: [UInt32] = []
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 64 << 10, alignment: 8)
        defer { buffer.deallocate() }
        for _ in 0..<maximumMessages {
            let count = recv(descriptor, buffer.baseAddress, buffer.count, 0)
            guard count > 0 else { return nil }
            var place = 0
            while place + MemoryLayout<nlmsghdr>.size <= count {
                let header = buffer.loadUnaligned(fromByteOffset: place, as: nlmsghdr.self)
                let (body, length) = (place + MemoryLayout<nlmsghdr>.size, Int(header.nlmsg_len))
                if header.nlmsg_type == UInt16(NLMSG_DONE) { return inodes }
                guard header.nlmsg_type == UInt16(SOCK_DIAG_BY_FAMILY),
                    length >= body - place + MemoryLayout<inet_diag_msg>.size,
                    place + length <= count
                else { return nil }
                let found = buffer.loadUnaligned(fromByteOffset: body, as: inet_diag_msg.self)
                if found.id.idiag_sport == port { inodes.append(found.idiag_inode) }
                place += (length + 3) & ~3
            }
        }
        return nil
    }

    // MARK: proc(5)

    /// The names of the listeners in a list of the kernel's, as /proc/net/tcp.
    static func listed(port: Int, in path: String) -> [String] {
        let wanted = ":" + String(String(port + 0x10000, radix: 16, uppercase: true).dropFirst())
        let lines = (ProcessReader.contents(path) ?? "").split(separator: "\n").dropFirst()
        return lines.compactMap { line in
            let fields = line.split(separator: " ")
            // The state of a listener is 0A.
            guard fields.count > 9, fields[1].hasSuffix(wanted), fields[3] == "0A" else {
                return nil
            }
            return "socket:[\(fields[9])]"
        }
    }
}
