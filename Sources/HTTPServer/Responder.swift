import CLinux
public import EventLoops
import Glibc

/// A server in this process that answers every request at once with the same four bytes, or when it
/// is told to: what the generator is measured against.
///
/// Requests are told apart by their empty line, so they may have no body. Confined to its loop.
public final class Responder: EventHandler {
    /// When the answer to a request that came at `now` is sent; both in monotonic nanoseconds.
    public typealias Release = (_ now: UInt64) -> UInt64

    private let loop: EventLoop
    private let listener: Int32
    private let release: Release?
    private var peers: [Int32: Peer] = [:]
    private var line: [(due: UInt64, peer: Peer)] = []
    private var first = 0
    private var isWaiting = false
    /// The port of 127.0.0.1 that it listens at.
    public let port: Int

    static let answer = Array(
        "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 4\r\n\r\npong".utf8)

    /// Listens; on the loop only.
    ///
    /// - Parameter release: `nil` to answer at once; else times that never go back.
    /// - Throws: `SystemCallError` where the system gives no socket.
    public init(on loop: EventLoop, release: Release? = nil) throws(SystemCallError) {
        self.loop = loop
        self.release = release
        let type = Int32(SOCK_STREAM.rawValue | SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue)
        listener = socket(AF_INET, type, 0)
        guard listener >= 0 else { throw SystemCallError(call: "socket", number: errno) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(INADDR_LOOPBACK).bigEndian
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let listener = listener
        let isListening = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(listener, $0, size) == 0 && listen(listener, 4096) == 0
                    && getsockname(listener, $0, &size) == 0
            }
        }
        guard isListening else {
            let number = errno
            close(listener)
            throw SystemCallError(call: "listen", number: number)
        }
        port = Int(UInt16(bigEndian: address.sin_port))
        try loop.watch(listener, handler: self)
    }

    /// Takes the connections that have come.
    public func handle(_ readiness: Readiness) {
        while true {
            let descriptor = accept4(
                listener, nil, nil, Int32(SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue))
            guard descriptor >= 0 else { return }
            var one: Int32 = 1
            let size = socklen_t(MemoryLayout<Int32>.size)
            setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &one, size)
            let peer = Peer(descriptor, self)
            peers[descriptor] = peer
            do { try loop.watch(descriptor, handler: peer) } catch { end(peer) }
        }
    }

    /// Closes everything; on the loop only.
    public func stop() {
        for peer in Array(peers.values) { end(peer) }
        loop.forget(listener)
        close(listener)
    }

    fileprivate func end(_ peer: Peer) {
        guard peers.removeValue(forKey: peer.descriptor) != nil else { return }
        loop.forget(peer.descriptor)
        close(peer.descriptor)
    }

    fileprivate func take(_ requests: Int, from peer: Peer) {
        guard let release else {
            for _ in 0..<requests { peer.send() }
            return
        }
        for _ in 0..<requests { line.append((release(loop.nowNanoseconds), peer)) }
        schedule()
    }

    private func schedule() {
        guard !isWaiting, first < line.count else { return }
        isWaiting = true
        loop.call(self, at: line[first].due)
    }
}

extension Responder: TimerHandler {
    /// Sends the answers whose time has come.
    public func timerFired(at now: UInt64) {
        isWaiting = false
        while first < line.count, line[first].due <= loop.nowNanoseconds {
            let peer = line[first].peer
            if peers[peer.descriptor] === peer { peer.send() }
            first += 1
        }
        if first * 2 >= line.count {
            line.removeFirst(first)
            first = 0
        }
        schedule()
    }
}

/// One connection of a responder.
private final class Peer: EventHandler {
    let descriptor: Int32
    private unowned let responder: Responder
    /// How much of the empty line that ends a request has come.
    private var matched = 0

    init(_ descriptor: Int32, _ responder: Responder) {
        self.descriptor = descriptor
        self.responder = responder
    }

    func handle(_ readiness: Readiness) {
        var requests = 0
        withUnsafeTemporaryAllocation(byteCount: 4096, alignment: 16) { buffer in
            while true {
                let count = recv(descriptor, buffer.baseAddress, buffer.count, 0)
                guard count > 0 else {
                    if count == 0 || errno != EAGAIN { responder.end(self) }
                    return
                }
                for byte in buffer[..<count] where ends(byte) { requests += 1 }
                if count < buffer.count { return }
            }
        }
        if requests > 0 { responder.take(requests, from: self) }
    }

    private func ends(_ byte: UInt8) -> Bool {
        let isExpected = byte == (matched % 2 == 0 ? UInt8(ascii: "\r") : UInt8(ascii: "\n"))
        matched = isExpected ? matched + 1 : byte == UInt8(ascii: "\r") ? 1 : 0
        guard matched == 4 else { return false }
        matched = 0
        return true
    }

    func send() {
        _ = Responder.answer.withUnsafeBytes {
            Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
        }
    }
}
