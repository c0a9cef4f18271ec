import EventLoops
import Glibc

/// A client of its own that asks once, and tells what it has seen: it knows nothing of the proxy.
struct ConnectionProbe {
    /// What it has seen.
    struct Answer: Equatable {
        /// How the connection ended.
        enum End: Equatable { case whole, closed, refused, reset, silent }

        var end = End.silent
        var bytes: [UInt8] = []
        /// From the connection to the first byte, in nanoseconds.
        var firstByteNanoseconds: UInt64?
        /// From the first byte to the last.
        var lengthNanoseconds: UInt64 = 0

        /// In a few words.
        var words: String {
            switch end {
            case .whole: "a whole answer of \(bytes.count) bytes"
            case .closed: "the connection's end after \(bytes.count) bytes"
            case .refused: "the connection refused"
            case .reset: "the connection reset after \(bytes.count) bytes"
            case .silent: "\(bytes.count) bytes, and then nothing"
            }
        }

        /// Whether it begins as an answer of HTTP does.
        var isHTTP: Bool { bytes.starts(with: Array("HTTP/1.".utf8)) }
    }

    let loop: EventLoop
    let port: Int

    /// What it asks.
    var request = Array("GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".utf8)

    private static let maximumBytes = 1 << 20
    private static let napNanoseconds: UInt64 = 1_000_000

    /// Opens a connection; the descriptor, or -1 if that is refused.
    func open() -> Int32 {
        let type = Int32(SOCK_STREAM.rawValue | SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue)
        let descriptor = socket(AF_INET, type, 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(port).bigEndian
        address.sin_addr.s_addr = UInt32(INADDR_LOOPBACK).bigEndian
        let size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let result = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { connect(descriptor, $0, size) }
        }
        if result == 0 || errno == EINPROGRESS { return descriptor }
        close(descriptor)
        return -1
    }

    /// Asks on a new connection, and waits for the whole answer, for so long at most.
    func ask(milliseconds: Int) async -> Answer {
        let descriptor = open()
        guard descriptor >= 0 else { return Answer(end: .refused) }
        defer { close(descriptor) }
        return await ask(on: descriptor, milliseconds: milliseconds)
    }

    /// Asks on a connection.
    func ask(on descriptor: Int32, milliseconds: Int) async -> Answer {
        var answer = Answer()
        let begin = loop.nowNanoseconds
        let end = begin + UInt64(milliseconds) * 1_000_000
        // On a busy machine even a connection to itself is not made or refused at once.
        while send(descriptor, request, request.count, Int32(MSG_NOSIGNAL)) < 0 {
            guard errno == EAGAIN || errno == EINTR, loop.nowNanoseconds < end else {
                answer.end = errno == ECONNREFUSED ? .refused : errno == EAGAIN ? .silent : .reset
                return answer
            }
            await loop.sleep(until: loop.nowNanoseconds + Self.napNanoseconds)
        }
        var chunk = [UInt8](repeating: 0, count: 4096)
        while loop.nowNanoseconds < end, answer.bytes.count < Self.maximumBytes {
            let count = recv(descriptor, &chunk, chunk.count, 0)
            if count > 0 {
                let now = loop.nowNanoseconds
                if answer.firstByteNanoseconds == nil { answer.firstByteNanoseconds = now - begin }
                answer.lengthNanoseconds = now - begin - (answer.firstByteNanoseconds ?? 0)
                answer.bytes += chunk[..<count]
                if Self.isWhole(answer.bytes) {
                    answer.end = .whole
                    return answer
                }
            } else if count == 0 {
                answer.end = .closed
                return answer
            } else if errno == EAGAIN || errno == EINTR {
                await loop.sleep(until: loop.nowNanoseconds + Self.napNanoseconds)
            } else {
                answer.end = errno == ECONNREFUSED ? .refused : .reset
                return answer
            }
        }
        return answer
    }

    /// Whether a head is there, and the body whose length it says.
    static func isWhole(_ bytes: [UInt8]) -> Bool {
        let text = String(decoding: bytes, as: UTF8.self)
        guard let end = text.firstRange(of: "\r\n\r\n") else { return false }
        for line in text[..<end.lowerBound].split(separator: "\r\n") {
            let parts = line.split(separator: ":", maxSplits: 1)
            if parts.count == 2, parts[0].lowercased() == "content-length",
                let length = Int(parts[1].filter { $0 != " " })
            {
                return text[end.upperBound...].utf8.count >= length
            }
        }
        return false
    }
}
