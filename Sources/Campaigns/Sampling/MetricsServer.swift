import CLinux
import EventLoops
import Glibc

/// Answers `GET /metrics` with a page of text, and everything else with a refusal.
///
/// Bounded: a few connections, of which a new one ends the oldest; a request head of a few KiB; one
/// request a connection. Confined to its loop.
final class MetricsServer: EventHandler {
    private let loop: EventLoop
    private let listener: MetricsListener
    private let page: @Sendable () -> String
    /// Open connections, the oldest first.
    private var peers: [Peer] = []

    private static let maximumPeers = 8
    /// The most connections taken in a turn of the loop.
    private static let maximumAccepts = 16

    /// Serves on the loop from now on; on the loop only.
    init(
        _ listener: MetricsListener, on loop: EventLoop, page: @escaping @Sendable () -> String
    ) throws(SystemCallError) {
        self.loop = loop
        self.listener = listener
        self.page = page
        try loop.watch(listener.descriptor, for: .read, handler: self)
    }

    /// Ends every connection and the listener; on the loop only.
    func stop() {
        loop.forget(listener.descriptor)
        Glibc.close(listener.descriptor)
        for peer in peers { end(peer) }
    }

    func handle(_ readiness: Readiness) {
        for _ in 0..<Self.maximumAccepts {
            let descriptor = accept4(
                listener.descriptor, nil, nil,
                Int32(SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue))
            guard descriptor >= 0 else { return }
            if peers.count >= Self.maximumPeers, let oldest = peers.first { end(oldest) }
            let peer = Peer(descriptor, server: self)
            do { try loop.watch(descriptor, for: .read, handler: peer) } catch {
                Glibc.close(descriptor)
                continue
            }
            peers.append(peer)
        }
    }

    fileprivate func answer(_ head: [UInt8]) -> [UInt8] {
        let line = String(decoding: head.prefix { $0 != 13 && $0 != 10 }, as: UTF8.self)
        let words = line.split(separator: " ", omittingEmptySubsequences: false)
        let path = words.count == 3 ? words[1].prefix { $0 != "?" } : ""
        let (status, body) =
            switch (words.count == 3 ? words[0] : "", path) {
            case ("GET", "/metrics"): ("200 OK", page())
            case ("GET", _): ("404 Not Found", "the metrics are at /metrics\n")
            case ("", _): ("400 Bad Request", "not a request of HTTP/1.1\n")
            default: ("405 Method Not Allowed", "the metrics take GET\n")
            }
        return Array(
            ("HTTP/1.1 \(status)\r\nContent-Type: text/plain; version=0.0.4; charset=utf-8\r\n"
                + "Content-Length: \(body.utf8.count)\r\nConnection: close\r\n\r\n\(body)").utf8)
    }

    fileprivate func awaitRoom(_ peer: Peer) { loop.change(peer.descriptor, to: .write) }

    fileprivate func end(_ peer: Peer) {
        guard let index = peers.firstIndex(where: { $0 === peer }) else { return }
        peers.remove(at: index)
        loop.forget(peer.descriptor)
        Glibc.close(peer.descriptor)
    }
}

/// A scraper: a request's head, then the answer.
private final class Peer: EventHandler {
    let descriptor: Int32
    private unowned let server: MetricsServer
    private var head: [UInt8] = []
    private var answer: ArraySlice<UInt8>?

    private static let maximumHeadBytes = 8192

    init(_ descriptor: Int32, server: MetricsServer) {
        self.descriptor = descriptor
        self.server = server
    }

    func handle(_ readiness: Readiness) {
        if answer == nil, !readHead() { return }
        writeAnswer()
    }

    /// Whether the head is whole, and the answer made.
    private func readHead() -> Bool {
        var buffer = [UInt8](repeating: 0, count: 2048)
        let count = read(descriptor, &buffer, buffer.count)
        if count < 0, errno == EAGAIN || errno == EINTR { return false }
        guard count > 0, head.count + count <= Self.maximumHeadBytes else {
            server.end(self)
            return false
        }
        head += buffer[..<count]
        guard head.suffix(count + 3).containsEmptyLine else { return false }
        answer = server.answer(head)[...]
        return true
    }

    private func writeAnswer() {
        while let rest = answer, !rest.isEmpty {
            let count = rest.withUnsafeBytes {
                send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            if count < 0, errno == EINTR { continue }
            if count < 0, errno == EAGAIN {
                server.awaitRoom(self)
                return
            }
            guard count > 0 else { break }
            answer = rest.dropFirst(count)
        }
        server.end(self)
    }
}

extension ArraySlice<UInt8> {
    /// Whether a head ends in it.
    fileprivate var containsEmptyLine: Bool {
        guard count >= 4 else { return false }
        return (startIndex...endIndex - 4).contains { self[$0..<$0 + 4] == [13, 10, 13, 10] }
    }
}
