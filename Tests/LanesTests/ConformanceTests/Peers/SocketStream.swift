import CLinux
import Foundation
import Glibc

/// One connection of a scripted server: blocking, with a bound on every wait.
struct SocketStream {
    let descriptor: Int32
    /// TLS over it; `nil` in clear text.
    var secure: SecureStream?
    private var buffer: [UInt8] = []

    /// More than a test waits for anything, so that only a broken one comes to it.
    static let patienceSeconds = 60

    init(_ descriptor: Int32) {
        self.descriptor = descriptor
        var bound = timeval(tv_sec: Self.patienceSeconds, tv_usec: 0)
        let size = socklen_t(MemoryLayout<timeval>.size)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &bound, size)
        setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &bound, size)
        var one: Int32 = 1
        setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &one, 4)
    }

    /// Takes more bytes; false at the end.
    mutating func read() -> Bool {
        var part = [UInt8](repeating: 0, count: 64 << 10)
        let count = secure?.read(&part) ?? recv(descriptor, &part, part.count, 0)
        guard count > 0 else { return false }
        buffer += part[..<count]
        // What nobody will look at is not kept.
        if buffer.count > 1 << 20 { buffer.removeAll() }
        return true
    }

    /// All that comes until the peer closes.
    mutating func readToEnd() -> String {
        while read() {}
        return String(decoding: buffer, as: UTF8.self)
    }

    /// So many bytes; `nil` if the peer closed first.
    mutating func read(_ count: Int) -> [UInt8]? {
        while buffer.count < count { guard read() else { return nil } }
        defer { buffer.removeFirst(count) }
        return Array(buffer.prefix(count))
    }

    /// Forgets what has been read and not looked at.
    mutating func dropRest() -> Bool {
        buffer.removeAll()
        return true
    }

    /// Carries bytes to and from a port of this machine until one side closes.
    mutating func tunnel(to port: Int) {
        let other = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        defer { close(other) }
        guard Listener.connect(other, port: port) else { return }
        var far = SocketStream(other)
        guard far.write(buffer) else { return }
        buffer.removeAll()
        var polls = [descriptor, other].map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
        while poll(&polls, 2, Int32(Self.patienceSeconds * 1000)) > 0 {
            if polls[0].revents != 0 { guard read(), far.write(buffer) else { return } }
            if polls[1].revents != 0 { guard far.read(), write(far.buffer) else { return } }
            buffer.removeAll()
            far.buffer.removeAll()
        }
    }

    /// A head with its empty line; `nil` if the peer closed first.
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
                let rest = UnsafeRawBufferPointer(rebasing: bytes[done...])
                return secure?.write(rest)
                    ?? send(descriptor, rest.baseAddress, rest.count, Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else { return false }
            done += count
        }
        return true
    }

    /// Says that no more comes, and waits until the peer's system knows; false if it does not.
    func end() -> Bool {
        secure?.close()
        // SHUT_WR, a member of an enum without a name, which the compiler does not find in every
        // order of its files.
        let forWriting: Int32 = 1
        return shutdown(descriptor, forWriting) == 0 && waitUntilReceived()
    }

    /// Waits until the peer's system has all that was written, and the end if that was said.
    func waitUntilReceived() -> Bool {
        for _ in 0..<Self.patienceSeconds * 1000 {
            // What was sent and not acknowledged; the end counts as a byte.
            var left: Int32 = 0
            guard ioctl(descriptor, UInt(TIOCOUTQ), &left) == 0 else { return false }
            if left == 0 { return true }
            // A peer that is gone acknowledges nothing.
            var poll = pollfd(fd: descriptor, events: 0, revents: 0)
            if Glibc.poll(&poll, 1, 1) != 0 { return false }
        }
        return false
    }

    /// Whether the peer closes within a time.
    func waitForEnd(milliseconds: Int32) -> Bool {
        var poll = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        guard Glibc.poll(&poll, 1, milliseconds) != 0 else { return false }
        var byte: [UInt8] = [0]
        if let secure { return secure.read(&byte) <= 0 }
        return recv(descriptor, &byte, 1, Int32(MSG_PEEK)) <= 0
    }
}
