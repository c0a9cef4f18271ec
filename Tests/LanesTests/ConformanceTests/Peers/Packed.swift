/// Bodies in content codings, made by hand so that no encoder is needed.
enum Packed {
    /// "pong" in each coding, made by the reference implementations.
    static let pong: [(coding: String, bytes: [UInt8])] = [
        ("br", brotli("pong")), ("zstd", zstandard("pong")), ("gzip", gzip), ("deflate", deflate),
    ]

    static let gzip: [UInt8] = [
        0x1f, 0x8b, 0x08, 0x00, 0x00, 0x00, 0x00, 0x00, 0x02, 0x03, 0x2b, 0xc8, 0xcf, 0x4b, 0x07,
        0x00, 0x4f, 0x41, 0x58, 0x21, 0x04, 0x00, 0x00, 0x00,
    ]
    static let deflate: [UInt8] = [
        0x78, 0x9c, 0x2b, 0xc8, 0xcf, 0x4b, 0x07, 0x00, 0x04, 0x54, 0x01, 0xb5,
    ]
    /// Without the header of zlib.
    static let rawDeflate: [UInt8] = [0x2b, 0xc8, 0xcf, 0x4b, 0x07, 0x00]

    /// An uncompressed meta-block, and an empty last one.
    ///
    /// - Source: RFC 7932, sections 9.1 and 9.2.
    static func brotli(_ text: some Sequence<UInt8>) -> [UInt8] {
        let content = Array(text)
        let head = 0x0b | (content.count - 1) << 7 | 1 << 23
        return [UInt8(head & 255), UInt8(head >> 8 & 255), UInt8(head >> 16)] + content + [3]
    }

    static func brotli(_ text: String) -> [UInt8] { brotli(Array(text.utf8)) }

    /// A frame of one raw block of at most 255 bytes.
    ///
    /// - Source: RFC 8878, sections 3.1.1 and 3.1.1.2.
    static func zstandard(_ text: String) -> [UInt8] {
        let content = Array(text.utf8)
        let head = content.count << 3 | 1
        return [0x28, 0xb5, 0x2f, 0xfd, 0x20, UInt8(content.count)]
            + [UInt8(head & 255), UInt8(head >> 8), 0] + content
    }

    /// A frame that is left out.
    static let skippable: [UInt8] = [0x50, 0x2a, 0x4d, 0x18, 2, 0, 0, 0, 7, 7]

    // MARK: Much from little

    /// 65 MiB of zeros, a little above the limit.
    static let bombs: [(coding: String, bytes: [UInt8])] = [
        ("br", brotliBomb), ("zstd", zstandardBomb), ("gzip", gzipBomb),
    ]

    /// What the reference encoder makes of them with a window of 4 MiB.
    private static let brotliBomb = bytes(
        "cbffff3f002400e2b14072effff8ffff078004401c1680eefd1fffffff00900088c302d0bdffe3ffff1f0012"
            + "00715800baf77ffcffff034002200e0b40f7fe8fffff7f004800c46101e8defff1ffff0f000980382c00"
            + "ddfb3ffeffff012001108705a07bff57ffff0f4002200e0b40f7fe01")

    /// 63 MiB of zeros, a little below the limit.
    static let largestBrotli = bytes(
        "cbffff3f002400e2b14072effff8ffff078004401c1680eefd1fffffff00900088c302d0bdffe3ffff1f0012"
            + "00715800baf77ffcffff034002200e0b40f7fe8fffff7f004800c46101e8defff1ffff0f000980382c00"
            + "ddfbbffcff7f032001108705a07bff06")

    private static func bytes(_ digits: String) -> [UInt8] {
        let nibbles = digits.utf8.map { $0 < 97 ? $0 - 48 : $0 - 87 }
        return stride(from: 0, to: nibbles.count, by: 2).map { nibbles[$0] << 4 | nibbles[$0 + 1] }
    }

    /// Blocks of a repeated byte, 128 KiB each, in a window of 2 MiB.
    private static var zstandardBomb: [UInt8] {
        var bytes: [UInt8] = [0x28, 0xb5, 0x2f, 0xfd, 0x00, 0x58]
        for number in 1...520 {
            let head = (128 << 10) << 3 | 1 << 1 | (number == 520 ? 1 : 0)
            bytes += [UInt8(head & 255), UInt8(head >> 8 & 255), UInt8(head >> 16), 0]
        }
        return bytes
    }

    /// Stored by hand as deflate blocks of the longest repetition.
    private static let gzipBomb: [UInt8] = {
        var bits = DeflateBits()
        bits.beginFixedBlock()
        bits.literal(0)
        // Each repetition is 258 bytes from one byte back.
        for _ in 0..<(65 << 20) / 258 { bits.longestRepetition() }
        return [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 2, 3] + bits.end()
    }()
}

/// Writes a deflate stream of fixed codes.
///
/// - Source: RFC 1951, section 3.2.6.
struct DeflateBits {
    private var bytes: [UInt8] = []
    private var bit = 0

    private mutating func put(_ value: UInt, _ count: Int, isCode: Bool) {
        for index in 0..<count {
            let one = value >> UInt(isCode ? count - 1 - index : index) & 1
            if bit == 0 { bytes.append(0) }
            bytes[bytes.count - 1] |= UInt8(one) << UInt8(bit)
            bit = (bit + 1) % 8
        }
    }

    mutating func beginFixedBlock() { put(0b011, 3, isCode: false) }

    mutating func literal(_ byte: UInt) { put(0x30 + byte, 8, isCode: true) }

    /// Length 258 is code 285, which is 8 bits: 0b11000101; distance 1 is code 0 in 5 bits.
    mutating func longestRepetition() {
        put(0b1100_0101, 8, isCode: true)
        put(0, 5, isCode: true)
    }

    mutating func end() -> [UInt8] {
        put(0, 7, isCode: true)
        return bytes
    }
}
