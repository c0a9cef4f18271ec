import CCrypto

/// SHA-256 of bytes that come in pieces, by OpenSSL.
struct Checksum: ~Copyable {
    private let context: OpaquePointer

    init() {
        guard let context = EVP_MD_CTX_new(), EVP_DigestInit_ex(context, EVP_sha256(), nil) == 1
        else { preconditionFailure("OpenSSL has no SHA-256, or no memory") }
        self.context = context
    }

    deinit { EVP_MD_CTX_free(context) }

    mutating func add(_ bytes: UnsafeRawBufferPointer) {
        let result = EVP_DigestUpdate(context, bytes.baseAddress, bytes.count)
        precondition(result == 1, "SHA-256 of \(bytes.count) bytes: \(result)")
    }

    /// The hash of everything so far, 64 digits from 0 to f.
    consuming func hexadecimal() -> String {
        var digest = [UInt8](repeating: 0, count: 32)
        let result = EVP_DigestFinal_ex(context, &digest, nil)
        precondition(result == 1, "the end of SHA-256: \(result)")
        return digest.map { byte in
            let digits = String(byte, radix: 16)
            return digits.count < 2 ? "0\(digits)" : digits
        }.joined()
    }

    /// The hash of a text in UTF-8.
    static func hexadecimal(of text: String) -> String {
        var checksum = Checksum()
        var text = text
        text.withUTF8 { checksum.add(UnsafeRawBufferPointer($0)) }
        return checksum.hexadecimal()
    }
}
