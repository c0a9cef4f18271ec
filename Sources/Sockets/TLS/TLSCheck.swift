import COpenSSL
public import Exchanges
import Glibc

/// Looks at the files and names of a TLS section as OpenSSL will, before any connection.
public enum TLSCheck {
    /// One thing that cannot work: the key, its value, what is wrong, and what to do.
    public struct Problem: Sendable, Equatable, CustomStringConvertible {
        /// The key below `network.tls`.
        public let key: String
        /// What is wrong, with the value, and what to do about it.
        public let message: String

        /// The place and the message.
        public var description: String { "network.tls.\(key): \(message)" }
    }

    /// Everything that cannot work; empty where all is well.
    public static func problems(of tls: Network.TLS) -> [Problem] {
        guard let context = loadgen_tls_context() else { return [] }
        defer { SSL_CTX_free(context) }
        return apply(tls, to: context)
    }

    /// Sets a context by the section; gives everything that it does not take.
    static func apply(_ tls: Network.TLS, to context: OpaquePointer) -> [Problem] {
        var problems: [Problem] = []
        func check(_ key: String, _ value: String?, _ advice: String, _ isTaken: (String) -> Bool) {
            guard let value, !isTaken(value) else { return }
            problems.append(Problem(key: key, message: "\"\(value)\" \(reason()); \(advice)"))
        }
        func checkFile(
            _ key: String, _ path: String?, _ advice: String, _ isTaken: (String) -> Bool
        ) {
            guard let path else { return }
            guard access(path, R_OK) == 0 else {
                let words = String(cString: strerror(errno))
                problems.append(
                    Problem(key: key, message: "\"\(path)\" cannot be read: \(words); \(advice)"))
                return
            }
            check(key, path, advice, isTaken)
        }
        checkFile("authorities", tls.authorities, "name a PEM file of CA certificates") {
            SSL_CTX_load_verify_file(context, $0) == 1
        }
        checkFile("certificate", tls.certificate, "name a PEM file of the client's certificate") {
            SSL_CTX_use_certificate_chain_file(context, $0) == 1
        }
        checkFile(
            "key", tls.key, "name a PEM file of the key of that certificate, without a passphrase"
        ) { SSL_CTX_use_PrivateKey_file(context, $0, SSL_FILETYPE_PEM) == 1 }
        let ciphers = tls.cipherLists
        check("ciphers", ciphers.before13, "openssl ciphers lists what there is") {
            SSL_CTX_set_cipher_list(context, $0) == 1
        }
        check("ciphers", ciphers.of13, "openssl ciphers -s -tls1_3 lists what there is") {
            SSL_CTX_set_ciphersuites(context, $0) == 1
        }
        if let least = tls.least, let most = tls.most, least > most {
            problems.append(
                Problem(key: "least", message: "\(least) is above most: \(most); swap them"))
        }
        _ = loadgen_tls_set_versions(context, version(tls.least), version(tls.most))
        trust(tls, context)
        return problems
    }

    /// Trusts the system's authorities where the section names none, and every certificate of a
    /// file of authorities, as libcurl does: one of them may be the target's own.
    private static func trust(_ tls: Network.TLS, _ context: OpaquePointer) {
        if tls.authorities == nil, !tls.isInsecure { SSL_CTX_set_default_verify_paths(context) }
        X509_STORE_set_flags(SSL_CTX_get_cert_store(context), UInt(X509_V_FLAG_PARTIAL_CHAIN))
    }

    /// OpenSSL's number of a version, or 0 for the system's.
    private static func version(_ text: String?) -> Int32 {
        switch text {
        case "1.0": TLS1_VERSION
        case "1.1": TLS1_1_VERSION
        case "1.2": TLS1_2_VERSION
        case "1.3": TLS1_3_VERSION
        default: 0
        }
    }

    /// OpenSSL's words for what it did not take, without its numbers and places.
    private static func reason() -> String {
        var number: UInt = 0
        // The first error is the cause; those after it are what it led to.
        let first = ERR_get_error()
        while first != 0 {
            number = ERR_get_error()
            if number == 0 { break }
        }
        guard first != 0, let words = ERR_reason_error_string(first) else { return "is not taken" }
        return "is not taken by OpenSSL: \(String(cString: words))"
    }
}
