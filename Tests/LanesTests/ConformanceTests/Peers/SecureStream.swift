import COpenSSL
import Foundation
import Glibc

/// The server's side of TLS over a blocking socket.
final class SecureStream {
    /// How a server holds itself.
    struct Manner: Sendable {
        /// The highest version that is spoken.
        var most = TLS1_3_VERSION
        /// Whether a client without a certificate is sent away.
        var asksForCertificate = false
        /// The names of the certificate's and the key's file, without their endings.
        var certificate = "server"
    }

    /// TLS 1.2, for a manner.
    static let version12 = TLS1_2_VERSION

    private let context: OpaquePointer
    private let connection: OpaquePointer
    private let socket: UnsafeMutablePointer<loadgen_tls_socket>
    // Made once, and only read by OpenSSL from then on.
    nonisolated(unsafe) private static let method = loadgen_tls_socket_method()

    /// Shakes hands; `nil` if that fails.
    init?(_ descriptor: Int32, _ manner: Manner, _ certificates: Certificates) {
        let base = "\(certificates.folder)/\(manner.certificate)"
        socket = .allocate(capacity: 1)
        socket.initialize(to: loadgen_tls_socket())
        socket.pointee.descriptor = descriptor
        socket.pointee.reads_to_end = 1
        guard let context = SSL_CTX_new(TLS_server_method()),
            SSL_CTX_use_certificate_chain_file(context, "\(base).pem") == 1,
            SSL_CTX_use_PrivateKey_file(context, "\(base).key", SSL_FILETYPE_PEM) == 1,
            SSL_CTX_load_verify_file(context, certificates.authority) == 1,
            loadgen_tls_set_versions(context, 0, manner.most) == 1,
            let connection = loadgen_tls_connection(context, Self.method, socket)
        else { return nil }
        self.context = context
        self.connection = connection
        SSL_set_accept_state(connection)
        if manner.asksForCertificate {
            SSL_set_verify(connection, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, nil)
        }
        guard SSL_accept(connection) == 1 else {
            // What the peer has not been told yet leaves before the end of the connection, and not
            // with a reset, which a close would send while something of the peer's lies unread.
            _ = shutdown(descriptor, Int32(SHUT_WR))
            var rest = [UInt8](repeating: 0, count: 4096)
            while recv(descriptor, &rest, rest.count, 0) > 0 {}
            return nil
        }
    }

    deinit {
        SSL_free(connection)
        SSL_CTX_free(context)
        socket.deallocate()
        ERR_clear_error()
    }

    /// As `recv`; a wait that has come to its bound is an end.
    func read(_ bytes: inout [UInt8]) -> Int {
        socket.pointee.is_drained = 0
        return Int(SSL_read(connection, &bytes, Int32(bytes.count)))
    }

    /// As `send`.
    func write(_ bytes: UnsafeRawBufferPointer) -> Int {
        socket.pointee.is_drained = 0
        return Int(SSL_write(connection, bytes.baseAddress, Int32(clamping: bytes.count)))
    }

    /// Takes new keys, and asks the client to do so, too.
    func updateKeys() -> Bool {
        SSL_key_update(connection, SSL_KEY_UPDATE_REQUESTED) == 1
            && SSL_do_handshake(connection) == 1
    }

    /// Asks for another handshake on the connection, which TLS 1.2 has.
    func renegotiate() -> Bool {
        socket.pointee.is_drained = 0
        return SSL_renegotiate(connection) == 1 && SSL_do_handshake(connection) == 1
    }

    /// Says that no more comes.
    func close() { _ = SSL_shutdown(connection) }
}
