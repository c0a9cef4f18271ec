import Evidence
import Profiles
import Testing

@testable import HTTPTransport

@Suite(.timeLimit(.minutes(5))) struct CompressionTests {
    /// "pong" in each encoding, made by the reference implementations.
    static let encodings: [(name: String, bytes: [UInt8])] = [
        ("br", [0x8b, 0x01, 0x80, 0x70, 0x6f, 0x6e, 0x67, 0x03]),
        (
            "zstd",
            [0x28, 0xb5, 0x2f, 0xfd, 0x20, 0x04, 0x21, 0x00, 0x00, 0x70, 0x6f, 0x6e, 0x67]
        ),
        (
            "gzip",
            [
                0x1f, 0x8b, 0x08, 0x00, 0x00, 0x00, 0x00, 0x00, 0x02, 0x03, 0x2b, 0xc8, 0xcf, 0x4b,
                0x07, 0x00, 0x4f, 0x41, 0x58, 0x21, 0x04, 0x00, 0x00, 0x00,
            ]
        ),
        ("deflate", [0x78, 0x9c, 0x2b, 0xc8, 0xcf, 0x4b, 0x07, 0x00, 0x04, 0x54, 0x01, 0xb5]),
    ]

    private func answer(
        _ name: String, _ bytes: [UInt8], isCompressed: Bool = true
    ) async throws -> (answer: LaneAnswer, request: String) {
        let head =
            "HTTP/1.1 200 OK\r\nContent-Encoding: \(name)\r\nContent-Length: \(bytes.count)\r\n\r\n"
        let server = try ScriptedServer([.request, .send(Array(head.utf8) + bytes)])
        defer { server.stop() }
        var network = Network()
        network.isCompressed = isCompressed
        let settings = CurlSettings(
            isSecure: false, host: "localhost", port: server.port,
            place: .address("127.0.0.1", port: server.port), network: network)
        let answer = try await settings.run {
            await $0.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        }
        return (answer, server.requests.first ?? "")
    }

    @Test(arguments: encodings)
    func `a compressed body is unpacked where compression is asked for`(
        name: String, bytes: [UInt8]
    ) async throws {
        let (answer, request) = try await answer(name, bytes)
        #expect(answer.outcome == .ok && answer.text == "pong", "\(answer.detail)")
        let line = request.split(separator: "\r\n").first { $0.hasPrefix("Accept-Encoding: ") }
        #expect(line?.contains(name) == true, "\(request)")
    }

    @Test func `a body is left as it is where compression is not asked for`() async throws {
        let (answer, request) = try await answer(
            "gzip", Self.encodings[2].bytes, isCompressed: false)
        #expect(answer.outcome == .ok && answer.body == Self.encodings[2].bytes)
        #expect(!request.contains("Accept-Encoding"))
    }

    @Test(arguments: encodings)
    func `a body that is not what it says is malformed`(name: String, bytes: [UInt8]) async throws {
        let (answer, _) = try await answer(name, [0xff, 0xee, 0xdd, 0xcc, 0xbb, 0xaa, 0x99])
        #expect(answer.outcome == .malformed && !answer.detail.isEmpty, "\(answer.outcome)")
    }

    @Test func `a small body that unpacks to more than the limit is malformed`() async throws {
        // A gibibyte of zeros would be over; 65 MiB in Brotli's own repetition is 60 bytes or so.
        let bomb = Self.bomb
        let (answer, _) = try await answer("gzip", bomb)
        #expect(answer.outcome == .malformed && answer.body.count <= 64 << 20)
        #expect(answer.detail.contains("67108864"), "\(answer.detail)")
    }

    /// 65 MiB of zeros in gzip: stored by hand as deflate blocks of the longest repetition.
    private static let bomb: [UInt8] = {
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
