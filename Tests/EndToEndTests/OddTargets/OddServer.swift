import CLinux
import Foundation
import Glibc

/// A loopback server that does the same odd thing to every connection, until `stop`.
final class OddServer: Sendable {
    let port: Int
    private let listener: Int32

    /// Listens on a free port; `serve` has a connection's descriptor, which is closed afterwards.
    init(_ serve: @escaping @Sendable (Int32) -> Void) throws {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let isBound = withUnsafeMutablePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, size) == 0 && listen(descriptor, 64) == 0
                    && getsockname(descriptor, $0, &size) == 0
            }
        }
        guard isBound else { throw CocoaError(.fileReadUnknown) }
        port = Int(UInt16(bigEndian: address.sin_port))
        listener = descriptor
        Thread.detachNewThread {
            while true {
                let connection = accept4(descriptor, nil, nil, Int32(SOCK_CLOEXEC.rawValue))
                guard connection >= 0 else {
                    // Closed here alone: its number must not become another socket's before.
                    close(descriptor)
                    return
                }
                Thread.detachNewThread {
                    serve(connection)
                    close(connection)
                }
            }
        }
    }

    func stop() {
        shutdown(listener, Int32(SHUT_RDWR))
    }

    /// Sends a text on a connection.
    static func send(_ text: String, on connection: Int32) {
        let bytes = Array(text.utf8)
        _ = Glibc.send(connection, bytes, bytes.count, Int32(MSG_NOSIGNAL))
    }

    /// Reads once; false at the end.
    static func read(_ connection: Int32) -> Bool {
        var bytes = [UInt8](repeating: 0, count: 4096)
        return recv(connection, &bytes, bytes.count, 0) > 0
    }

    /// Waits until the peer has closed.
    static func waitForEnd(_ connection: Int32) { while read(connection) {} }
}
