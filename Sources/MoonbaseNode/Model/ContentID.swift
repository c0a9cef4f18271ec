import CCrypto
import JSON

/// A content id: CIDv1 with a SHA-256 multihash, in base32.
///
/// - Source: github.com/multiformats/cid and github.com/multiformats/multicodec
enum ContentID {
    /// The content types in use, as the varint of their multicodec.
    enum Codec {
        case dagJSON, raw

        fileprivate var varint: [UInt8] {
            switch self {
            case .dagJSON: [0xa9, 0x02]  // 0x0129
            case .raw: [0x55]
            }
        }
    }

    /// The id of bytes.
    static func text(of bytes: some Collection<UInt8>, codec: Codec) -> String {
        // Version 1, the codec, sha2-256, 32 bytes of digest.
        base32([0x01] + codec.varint + [0x12, 0x20] + sha256(Array(bytes)))
    }

    /// The id of a JSON value in its canonical form.
    static func text(of value: JSONValue) -> String {
        text(of: CanonicalJSON.bytes(of: value), codec: .dagJSON)
    }

    static func sha256(_ bytes: [UInt8]) -> [UInt8] {
        var digest = [UInt8](repeating: 0, count: 32)
        SHA256(bytes, bytes.count, &digest)
        return digest
    }

    private static let alphabet = Array("abcdefghijklmnopqrstuvwxyz234567".utf8)

    /// Multibase `b`: RFC 4648 base32 in small letters, without padding.
    private static func base32(_ bytes: [UInt8]) -> String {
        var text: [UInt8] = [UInt8(ascii: "b")]
        text.reserveCapacity(2 + bytes.count * 8 / 5)
        var bits: UInt32 = 0
        var count = 0
        for byte in bytes {
            bits = bits << 8 | UInt32(byte)
            count += 8
            while count >= 5 {
                count -= 5
                text.append(alphabet[Int(bits >> UInt32(count) & 31)])
            }
        }
        if count > 0 { text.append(alphabet[Int(bits << UInt32(5 - count) & 31)]) }
        return String(decoding: text, as: UTF8.self)
    }
}

/// The id of a pod among its peers: base58 of an identity multihash, as libp2p writes Ed25519 keys.
///
/// - Source: github.com/libp2p/specs, peer-ids
enum PeerID {
    /// The id that a pod of this name has; the key bytes are the hash of the name.
    static func text(of pod: String) -> String {
        base58([0x00, 0x24, 0x08, 0x01, 0x12, 0x20] + ContentID.sha256(Array(pod.utf8)))
    }

    private static let alphabet = Array(
        "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz".utf8)

    private static func base58(_ bytes: [UInt8]) -> String {
        var digits: [Int] = []
        for byte in bytes {
            var carry = Int(byte)
            for index in digits.indices {
                carry += digits[index] << 8
                digits[index] = carry % 58
                carry /= 58
            }
            while carry > 0 {
                digits.append(carry % 58)
                carry /= 58
            }
        }
        let zeros = bytes.prefix { $0 == 0 }.map { _ in alphabet[0] }
        return String(decoding: zeros + digits.reversed().map { alphabet[$0] }, as: UTF8.self)
    }
}
