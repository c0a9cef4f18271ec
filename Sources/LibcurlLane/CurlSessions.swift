import CCurl

/// The TLS sessions of one slot, for its next connection to take up; libcurl keeps them in the
/// handle of a request otherwise, and each request has a new one.
final class CurlSessions {
    let handle: UnsafeMutableRawPointer

    init() {
        guard let handle = loadgen_curl_shared_sessions() else {
            preconditionFailure("out of memory")
        }
        self.handle = handle
    }

    deinit { curl_share_cleanup(handle) }
}
