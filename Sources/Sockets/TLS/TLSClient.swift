import COpenSSL

/// The TLS of one lane: it begins its connections, each with the session that came last.
///
/// Confined to its loop.
public final class TLSClient {
    let context: TLSContext
    /// The session that the target gave last; `nil` before the first.
    private var session: OpaquePointer?

    /// Begins connections with what all of them have in common.
    public init(_ context: TLSContext) { self.context = context }

    deinit { SSL_SESSION_free(session) }

    /// TLS over a socket that is connected or is about to be; `nil` if no memory is left.
    public func session(over descriptor: Int32) -> TLSSession? {
        TLSSession(client: self, descriptor: descriptor, resuming: session)
    }

    /// TLS inside another, through a tunnel; `nil` if no memory is left.
    public func session(within outer: TLSSession) -> TLSSession? {
        TLSSession(client: self, within: outer, resuming: session)
    }

    /// Takes over a session, with the caller's reference to it.
    func keep(_ session: OpaquePointer) {
        SSL_SESSION_free(self.session)
        self.session = session
    }
}
