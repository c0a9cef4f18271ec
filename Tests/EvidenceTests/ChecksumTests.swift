import Testing

@testable import Evidence

@Suite struct ChecksumTests {
    /// - Source: NIST, FIPS 180-2 appendix B and its examples.
    @Test(arguments: [
        ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
        ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
        (
            "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
        ),
    ])
    func `a text has the hash that the standard gives it`(text: String, hash: String) {
        #expect(Checksum.hexadecimal(of: text) == hash)
        var pieces = Checksum()
        for byte in text.utf8 { withUnsafeBytes(of: byte) { pieces.add($0) } }
        #expect(pieces.hexadecimal() == hash)
    }

    @Test func `a million letters have the hash that the standard gives them`() {
        let hash = "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"
        #expect(Checksum.hexadecimal(of: String(repeating: "a", count: 1_000_000)) == hash)
    }
}
