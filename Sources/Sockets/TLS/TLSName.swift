import COpenSSL
import Glibc

/// Who a target must be by its certificate: a name, or an address.
public struct TLSName {
    /// Without brackets, and without the dot that may end a name.
    let text: String
    /// Whether it is an address, which a server is not asked for.
    let isAddress: Bool

    /// The name of a URL's host.
    public init(_ host: String) {
        if host.hasPrefix("["), host.hasSuffix("]") {
            text = String(host.dropFirst().dropLast())
        } else {
            text = host.hasSuffix(".") ? String(host.dropLast()) : host
        }
        var address = in6_addr()
        isAddress =
            inet_pton(AF_INET, text, &address) == 1 || inet_pton(AF_INET6, text, &address) == 1
    }

    /// What is said of a certificate that is for others.
    public var mismatch: String {
        "SSL: no certificate subject name matches target host name '\(text)'"
    }

    /// Has every certificate that an SSL_CTX checks looked at for it; false where it is no name
    /// that a certificate can have.
    public func expect(by context: OpaquePointer) -> Bool {
        guard let expected = SSL_CTX_get0_param(context) else { return false }
        if isAddress { return X509_VERIFY_PARAM_set1_ip_asc(expected, text) == 1 }
        // A wildcard stands for a whole label, as browsers and libcurl have it, and a subject is no
        // name (RFC 9110, section 4.3.4).
        X509_VERIFY_PARAM_set_hostflags(
            expected,
            UInt32(X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS | X509_CHECK_FLAG_NEVER_CHECK_SUBJECT))
        return !text.isEmpty && X509_VERIFY_PARAM_set1_host(expected, text, 0) == 1
    }
}
