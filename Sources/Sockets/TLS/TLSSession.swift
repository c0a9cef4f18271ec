import COpenSSL
public import EventLoops
import Glibc

/// TLS on one connection, with the results of system calls, so that a connection reads and writes
/// alike with it and without it.
///
/// Confined to its loop. OpenSSL keeps a queue of errors for each thread, which every failure here
/// leaves empty; so a call that goes well need not look at it.
public final class TLSSession {
    let client: TLSClient
    private let connection: OpaquePointer
    private let socket: UnsafeMutablePointer<loadgen_tls_socket>
    /// The TLS that this one is inside of, which has the socket; `nil` if it has its own.
    private let outer: TLSSession?
    /// What went wrong, where a call has failed with EPROTO.
    public private(set) var failure = ""
    /// Whether the peer closed without a word of TLS that its last byte was the last.
    public private(set) var isTruncated = false
    private var isSecured = false
    private var isBroken = false

    /// What a step of the handshake came to.
    public enum Progress {
        case done
        case incomplete
        /// In words.
        case failed(String)
    }

    /// TLS of `client` over a socket; `nil` if no memory is left.
    init?(client: TLSClient, descriptor: Int32, resuming session: OpaquePointer?) {
        self.client = client
        socket = .allocate(capacity: 1)
        socket.initialize(to: loadgen_tls_socket())
        socket.pointee.descriptor = descriptor
        guard
            let connection = loadgen_tls_connection(
                client.context.context, TLSContext.socketMethod, socket)
        else {
            socket.deallocate()
            return nil
        }
        self.connection = connection
        outer = nil
        start(session)
    }

    /// TLS of `client` inside another, as through a tunnel; `nil` if no memory is left.
    init?(client: TLSClient, within outer: TLSSession, resuming session: OpaquePointer?) {
        guard
            let connection = loadgen_tls_connection_within(
                client.context.context, outer.connection)
        else { return nil }
        self.client = client
        self.connection = connection
        self.outer = outer
        socket = outer.socket
        start(session)
    }

    private func start(_ session: OpaquePointer?) {
        loadgen_tls_set_owner(connection, Unmanaged.passUnretained(self).toOpaque())
        if !client.context.name.isAddress {
            _ = loadgen_tls_set_server_name(connection, client.context.name.text)
        }
        if let session { SSL_set_session(connection, session) }
    }

    deinit {
        SSL_free(connection)
        if outer == nil { socket.deallocate() }
    }

    // MARK: Bytes

    /// There is something to read, as an event says; `toEnd` where the peer will send no more.
    @inline(__always)
    public func becomeReadable(toEnd: Bool) {
        socket.pointee.is_drained = 0
        if toEnd { socket.pointee.reads_to_end = 1 }
    }

    /// Whether the next read would find nothing, so that it need not be made.
    @inline(__always)
    public var isEmpty: Bool {
        socket.pointee.is_drained != 0 && SSL_has_pending(connection) == 0
            && (outer.map { SSL_has_pending($0.connection) == 0 } ?? true)
    }

    /// Whether bytes have left for the peer since `markUnsent`.
    public var hasSent: Bool { socket.pointee.has_sent != 0 }

    /// From here on, `hasSent` tells of what is sent.
    @inline(__always)
    public func markUnsent() { socket.pointee.has_sent = 0 }

    /// The next bytes of the peer; 0 at the end, and EPROTO where `failure` says more.
    @inline(__always)
    public func read(into buffer: UnsafeMutableRawBufferPointer) -> SystemCallResult {
        let count = SSL_read(connection, buffer.baseAddress, Int32(clamping: buffer.count))
        return count > 0 ? .value(Int(count)) : result(of: count, "SSL_read")
    }

    /// Sends what fits; after `wouldBlock` it must be called with the same bytes again.
    @inline(__always)
    public func write(_ bytes: UnsafeRawBufferPointer) -> SystemCallResult {
        let count = SSL_write(connection, bytes.baseAddress, Int32(clamping: bytes.count))
        if count > 0 { return .value(Int(count)) }
        let result = result(of: count, "SSL_write")
        // Not one byte is written to a peer that has closed.
        if case .value = result { return .failed(EPIPE) }
        return result
    }

    /// What a call came to that neither read nor wrote a byte.
    private func result(of count: Int32, _ call: String) -> SystemCallResult {
        switch SSL_get_error(connection, count) {
        case SSL_ERROR_WANT_READ, SSL_ERROR_WANT_WRITE: return .wouldBlock
        case SSL_ERROR_ZERO_RETURN: return .value(0)
        default: break
        }
        isBroken = true
        defer { ERR_clear_error() }
        let number = socket.pointee.error
        // Where a write failed, a read may still find why.
        socket.pointee.error = 0
        if number != 0 { return .failed(number) }
        if hasPeerEnded {
            isTruncated = true
            return .value(0)
        }
        failure = "OpenSSL \(call): \(Self.firstError())"
        return .failed(EPROTO)
    }

    /// Whether nothing more comes from below: from the socket, or from the TLS around this one.
    private var hasPeerEnded: Bool {
        if socket.pointee.is_ended != 0 { return true }
        guard let outer else { return false }
        return SSL_get_shutdown(outer.connection) & SSL_RECEIVED_SHUTDOWN != 0
            || outer.hasPeerEnded
    }
    /// The end of an answer that only the end of the connection ends, where `isTruncated`.
    public static let truncated =
        "the peer closed the connection without TLS close_notify, so the answer may be cut short"

    // MARK: Beginning and end

    /// Goes on with the handshake as far as the peer's bytes let it.
    public func handshake() -> Progress {
        ERR_clear_error()
        let result = SSL_do_handshake(connection)
        if result == 1 {
            isSecured = true
            return .done
        }
        let error = SSL_get_error(connection, result)
        if error == SSL_ERROR_WANT_READ || error == SSL_ERROR_WANT_WRITE { return .incomplete }
        isBroken = true
        defer { ERR_clear_error() }
        return .failed(handshakeFailure())
    }

    private func handshakeFailure() -> String {
        let name = client.context.name
        let verdict = Int32(truncatingIfNeeded: SSL_get_verify_result(connection))
        if client.context.isChecked, verdict != X509_V_OK {
            if verdict == X509_V_ERR_HOSTNAME_MISMATCH || verdict == X509_V_ERR_IP_ADDRESS_MISMATCH
            {
                return name.mismatch
            }
            let words = X509_verify_cert_error_string(Int(verdict)).map { String(cString: $0) }
            return "SSL certificate problem: \(words ?? "\(verdict)")"
        }
        if socket.pointee.error != 0 {
            let words = String(cString: strerror(socket.pointee.error))
            return "OpenSSL SSL_connect: \(words) in connection to \(name.text)"
        }
        if hasPeerEnded {
            return "OpenSSL SSL_connect: the peer closed the connection in the TLS handshake"
        }
        return "OpenSSL SSL_connect: \(Self.firstError())"
    }

    /// OpenSSL's words for the first error of the queue, which led to the others.
    private static func firstError() -> String {
        let number = ERR_get_error()
        guard number != 0 else { return "the protocol is broken" }
        return withUnsafeTemporaryAllocation(of: CChar.self, capacity: 256) { text in
            ERR_error_string_n(number, text.baseAddress, text.count)
            return text.baseAddress.map { String(cString: $0) } ?? ""
        }
    }

    /// Says that no more is sent; call it before the socket is closed.
    public func close() {
        defer { outer?.close() }
        guard isSecured, !isBroken, socket.pointee.is_ended == 0 else { return }
        // Without it, OpenSSL would not let the session be taken up again. One try is enough: where
        // there is no room for it, the end of the connection says as much.
        if SSL_shutdown(connection) < 0 { ERR_clear_error() }
    }
}
