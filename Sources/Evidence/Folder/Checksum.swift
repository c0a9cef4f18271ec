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

    /// The hash of everything so far, 64 digits from 0 to f; more may be added after it.
    func hexadecimal() -> String {
        guard let copy = EVP_MD_CTX_new(), EVP_MD_CTX_copy_ex(copy, context) == 1 else {
            preconditionFailure("no memory for a hash")
        }
        defer { EVP_MD_CTX_free(copy) }
        var digest = [UInt8](repeating: 0, count: 32)
        let result = EVP_DigestFinal_ex(copy, &digest, nil)
        precondition(result == 1, "the end of SHA-256: \(result)")
        let digits = Array("0123456789abcdef".utf8)
        return String(unsafeUninitializedCapacity: 64) { text in
            for (index, byte) in digest.enumerated() {
                text[2 * index] = digits[Int(byte >> 4)]
                text[2 * index + 1] = digits[Int(byte & 15)]
            }
            return 64
        }
    }

    /// The first half of the hash of everything so far, 32 digits: what seals have.
    var seal: String { String(hexadecimal().prefix(32)) }

    /// The hash of a text in UTF-8.
    static func hexadecimal(of text: String) -> String {
        var checksum = Checksum()
        var text = text
        text.withUTF8 { checksum.add(UnsafeRawBufferPointer($0)) }
        return checksum.hexadecimal()
    }
}
