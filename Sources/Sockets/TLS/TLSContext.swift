import COpenSSL
public import Exchanges

/// What all TLS connections to a target have in common: whom to trust, who the target is, who the
/// client is, and what may be spoken.
///
/// Certificates are checked, and so is the target's name or address in them, unless the profile
/// says `insecure`.
public final class TLSContext: @unchecked Sendable {
    // Sendable: nothing of it changes after `init`; OpenSSL counts the references to it and locks
    // its store of authorities by itself.
    let context: OpaquePointer
    /// The name or address that is checked, and asked for where it is a name.
    let name: TLSName
    /// Whether the target must show who it is.
    let isChecked: Bool

    /// The way to sockets below all connections; NULL only where no memory is left.
    nonisolated(unsafe) static let socketMethod = loadgen_tls_socket_method()

    /// What cannot work with OpenSSL.
    public struct Failure: Error, Sendable {
        /// Every problem.
        public let problems: [TLSCheck.Problem]
    }

    /// Reads the files of a TLS section.
    ///
    /// - Parameter host: the URL's host, which the section's server name replaces; an IPv6 address
    ///   with or without brackets.
    /// - Throws: `Failure` with everything that cannot work.
    public init(_ tls: Network.TLS, host: String) throws(Failure) {
        guard let context = loadgen_tls_context(), Self.socketMethod != nil else {
            throw Failure(problems: [
                TLSCheck.Problem(key: "authorities", message: "OpenSSL has no memory left")
            ])
        }
        self.context = context
        name = TLSName(tls.serverName ?? host)
        isChecked = !tls.isInsecure
        var problems = TLSCheck.apply(tls, to: context)
        loadgen_tls_prepare(context, keepSession)
        let protocols = Array("\u{8}http/1.1".utf8)
        SSL_CTX_set_alpn_protos(context, protocols, UInt32(protocols.count))
        SSL_CTX_set_verify(context, isChecked ? SSL_VERIFY_PEER : SSL_VERIFY_NONE, nil)
        if isChecked, !name.expect(by: context) {
            problems.append(
                TLSCheck.Problem(
                    key: "server name",
                    message: "\"\(name.text)\" is no name that a certificate can have; give another"
                ))
        }
        ERR_clear_error()
        guard problems.isEmpty else { throw Failure(problems: problems) }
    }

    deinit { SSL_CTX_free(context) }
}

/// Takes a session that the target has given, for the next connection to take up.
private func keepSession(_ connection: OpaquePointer?, _ session: OpaquePointer?) -> Int32 {
    guard let session, let owner = loadgen_tls_owner(connection) else { return 0 }
    // The owner outlives its connection, which it frees.
    Unmanaged<TLSSession>.fromOpaque(owner).takeUnretainedValue().client.keep(session)
    return 1
}
