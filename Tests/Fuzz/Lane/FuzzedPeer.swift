import EventLoops
import Foundation
import Glibc

/// A server on a unix socket that answers as the fuzzer wishes, and rightly after that.
///
/// It closes a connection from which nothing comes, since its client may wait for more of an answer
/// that is not whole.
final class FuzzedPeer: Sendable {
    /// What the peer does.
    struct Script: Sendable {
        /// The bytes that the next requests get.
        var answers: [[UInt8]] = []
        /// Whether the last of them is the end of the connection.
        var isLastAnswerFinal = false
        /// The number of the request that the client sends now.
        var number = 0
        /// The number of the last request that got a right answer.
        var rightlyAnswered = 0
        /// Whether anything was said to the present request.
        var hasAnswered = false
    }

    /// How many answers of the fuzzer's inputs were sent.
    static let sentAnswers = Locked(0)

    let path: String
    let script = Locked(Script())
    private let listener: Int32
    private let isHTTP2: Bool
    private static let patience = timespec(tv_sec: 0, tv_nsec: 150_000)

    init(isHTTP2: Bool) throws {
        self.isHTTP2 = isHTTP2
        path = "\(NSTemporaryDirectory())/fuzz-\(getpid())-\(isHTTP2 ? 2 : 1).sock"
        listener = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
        unlink(path)
        let isBound = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(listener, $0, socklen_t(MemoryLayout<sockaddr_un>.size)) == 0
            }
        }
        guard isBound, listen(listener, 64) == 0 else { throw CocoaError(.fileWriteUnknown) }
        Thread.detachNewThread { [self] in serve() }
    }

    private func serve() {
        while true {
            let connection = accept(listener, nil, nil)
            guard connection >= 0 else { continue }
            if isHTTP2 { serveFrames(connection) } else { serveText(connection) }
            close(connection)
        }
    }

    private func serveText(_ connection: Int32) {
        while true {
            var request: [UInt8] = []
            while !request.suffix(4).elementsEqual("\r\n\r\n".utf8) {
                guard let bytes = read(connection) else { return }
                request += bytes
            }
            guard answer(on: connection, right: { Self.text($0) }) else { return }
        }
    }

    private static func text(_ body: String) -> [UInt8] {
        Array("HTTP/1.1 200 OK\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)".utf8)
    }

    private func serveFrames(_ connection: Int32) {
        // The settings of a server, with which a connection begins.
        write(Frame(type: 4, stream: 0).bytes, to: connection)
        var input: [UInt8] = []
        // The preface of a client is 24 bytes.
        var position = 24
        while let bytes = read(connection) {
            input += bytes
            while input.count >= position + 9 {
                let head = input[position..<position + 9].map { UInt32($0) }
                let length = Int(head[0] << 16 | head[1] << 8 | head[2])
                guard input.count >= position + 9 + length else { break }
                position += 9 + length
                guard head[3] == 1 else { continue }
                let stream = head[5] << 24 | head[6] << 16 | head[7] << 8 | head[8]
                guard answer(on: connection, right: { Self.frames($0, stream) }) else { return }
            }
        }
    }

    /// Index 8 of the static table of header fields is the status 200.
    private static func frames(_ body: String, _ stream: UInt32) -> [UInt8] {
        Frame(type: 1, flags: 4, stream: stream, payload: [0x88]).bytes
            + Frame(type: 0, flags: 1, stream: stream, payload: Array(body.utf8)).bytes
    }

    /// Writes the next answer; whether the connection goes on.
    private func answer(on connection: Int32, right: (String) -> [UInt8]) -> Bool {
        let (bytes, isFinal) = script.withLock { script -> ([UInt8], Bool) in
            script.hasAnswered = true
            guard script.answers.isEmpty else {
                Self.sentAnswers.withLock { $0 += 1 }
                let bytes = script.answers.removeFirst()
                return (bytes, script.answers.isEmpty && script.isLastAnswerFinal)
            }
            script.rightlyAnswered = script.number
            return (right("number \(script.number)."), false)
        }
        write(bytes, to: connection)
        return !isFinal
    }

    /// What came; `nil` if the client has closed, or nothing comes.
    private func read(_ connection: Int32) -> [UInt8]? {
        var (sockets, patience) = (fd_set(), Self.patience)
        withUnsafeMutableBytes(of: &sockets) { $0[Int(connection / 8)] |= 1 << (connection % 8) }
        guard pselect(connection + 1, &sockets, nil, nil, &patience, nil) == 1 else { return nil }
        return withUnsafeTemporaryAllocation(byteCount: 16 << 10, alignment: 1) { buffer in
            let count = recv(connection, buffer.baseAddress, buffer.count, 0)
            return count > 0 ? Array(buffer.prefix(count)) : nil
        }
    }

    private func write(_ bytes: [UInt8], to connection: Int32) {
        _ = send(connection, bytes, bytes.count, Int32(MSG_NOSIGNAL))
    }
}
