import CCurl

/// A libcurl easy handle with typed options; what it does not take is kept for `problem`.
final class CurlEasy {
    let handle: UnsafeMutableRawPointer
    /// The first option that was not taken, in libcurl's words.
    private(set) var problem: String?

    init() {
        guard let handle = curl_easy_init() else { preconditionFailure("out of memory") }
        self.handle = handle
    }

    deinit { curl_easy_cleanup(handle) }

    func set(_ option: CURLoption, _ number: Int) {
        note(loadgen_curl_set_number(handle, option, number), option)
    }

    /// curl keeps a copy of the text.
    func set(_ option: CURLoption, _ text: String?) {
        note(loadgen_curl_set_text(handle, option, text), option)
    }

    /// The list must outlive the transfers.
    func set(_ option: CURLoption, _ list: CurlList) {
        note(loadgen_curl_set_list(handle, option, list.head), option)
    }

    /// The sessions must outlive the handle.
    func set(_ option: CURLoption, _ sessions: CurlSessions) {
        note(loadgen_curl_set_pointer(handle, option, sessions.handle), option)
    }

    /// Has `prepare` called with OpenSSL's context of each connection that is opened.
    func setTLSCallback(
        _ prepare: @escaping curl_ssl_ctx_callback, _ context: UnsafeMutableRawPointer
    ) {
        note(
            loadgen_curl_set_tls_callback(handle, prepare, context), CURLOPT_SSL_CTX_FUNCTION)
    }

    private func note(_ code: CURLcode, _ option: CURLoption) {
        guard code != CURLE_OK, problem == nil else { return }
        let name = curl_easy_option_by_id(option).map { String(cString: $0.pointee.name) } ?? ""
        problem = "\(name): \(String(cString: curl_easy_strerror(code)))"
    }
}
