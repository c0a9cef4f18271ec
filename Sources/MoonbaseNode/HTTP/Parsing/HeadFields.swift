import CLLHTTP

/// The fields of a request's head that the node heeds, as stretches of the connection's bytes.
///
/// They are valid only while the head is being parsed: `fill` copies what is kept.
struct HeadFields {
    private typealias Stretch = UnsafeRawBufferPointer

    private enum Field {
        case host, contentType, contentLength, transferEncoding, expect, injection, other
    }

    private var target = Stretch(start: nil, count: 0)
    private var name = Stretch(start: nil, count: 0)
    private var value = Stretch(start: nil, count: 0)
    private var hosts = 0
    private var contentTypes = 0
    private var contentLengths = 0
    private var contentType = Stretch(start: nil, count: 0)
    private var transferEncoding: Stretch?
    private var injection: Stretch?
    private var expectation: Stretch?
    private var isWrong = false

    /// Whether the body comes in chunks.
    var isChunked: Bool { transferEncoding != nil }

    mutating func takeTarget(_ start: UnsafePointer<CChar>?, _ count: Int) -> Int32 {
        target = Self.joined(target, start, count)
        return 0
    }

    mutating func takeName(_ start: UnsafePointer<CChar>?, _ count: Int) -> Int32 {
        name = Self.joined(name, start, count)
        return 0
    }

    mutating func takeValue(_ start: UnsafePointer<CChar>?, _ count: Int) -> Int32 {
        value = Self.joined(value, start, count)
        return 0
    }

    mutating func endValue() -> Int32 {
        switch Self.field(name) {
        case .host: hosts += 1
        case .contentType:
            contentTypes += 1
            contentType = value
        case .contentLength: contentLengths += 1
        case .transferEncoding:
            if transferEncoding != nil { isWrong = true }
            transferEncoding = value
        case .expect: expectation = value
        case .injection: injection = value
        case .other: break
        }
        name = Stretch(start: nil, count: 0)
        value = Stretch(start: nil, count: 0)
        return 0
    }

    /// The stretch with what follows it; llhttp gives one that spans a line end in parts.
    private static func joined(
        _ stretch: Stretch, _ start: UnsafePointer<CChar>?, _ count: Int
    ) -> Stretch {
        guard let start = UnsafeRawPointer(start) else { return stretch }
        guard let first = stretch.baseAddress else { return Stretch(start: start, count: count) }
        return Stretch(start: first, count: start - first + count)
    }

    private static func field(_ name: Stretch) -> Field {
        switch name.count {
        case 4: isSame(name, "host") ? .host : .other
        case 6: isSame(name, "expect") ? .expect : .other
        case 12: isSame(name, "content-type") ? .contentType : .other
        case 14: isSame(name, "content-length") ? .contentLength : .other
        case 15: isSame(name, "moonbase-inject") ? .injection : .other
        case 17: isSame(name, "transfer-encoding") ? .transferEncoding : .other
        default: .other
        }
    }

    private static func isSame(_ bytes: Stretch, _ text: StaticString) -> Bool {
        guard bytes.count == text.utf8CodeUnitCount else { return false }
        for index in 0..<bytes.count {
            let byte = bytes[index]
            let isCapital = byte >= UInt8(ascii: "A") && byte <= UInt8(ascii: "Z")
            if (isCapital ? byte | 0x20 : byte) != text.utf8Start[index] { return false }
        }
        return true
    }

    /// Whether there is one space before the target and one after it, as RFC 9112, 3 has it.
    ///
    /// - Parameter head: the bytes that the target is in.
    private func isSpacedOnce(in head: UnsafeRawBufferPointer) -> Bool {
        guard let start = target.baseAddress, let first = head.baseAddress else { return false }
        let (before, after) = (start - first, start - first + target.count)
        let space = UInt8(ascii: " ")
        return before >= 2 && after + 1 < head.count && head[before - 1] == space
            && head[before - 2] > space && head[after] == space && head[after + 1] > space
    }

    /// What makes the head ambiguous or incomplete, though llhttp takes it.
    func problem(
        with parser: UnsafeMutablePointer<llhttp_t>, in head: UnsafeRawBufferPointer
    ) -> Refusal? {
        guard isSpacedOnce(in: head) else {
            return Refusal(400, "the parts of a request line have one space between them")
        }
        let version = (parser.pointee.http_major, parser.pointee.http_minor)
        guard version == (1, 1) || version == (1, 0) else {
            return Refusal(400, "HTTP/\(version.0).\(version.1) is not spoken here; HTTP/1.1 is")
        }
        if hosts > 1 || (hosts == 0 && version.1 == 1) {
            return Refusal(400, "a request has one Host field, and this has \(hosts)")
        }
        if contentTypes > 1 { return Refusal(400, "two Content-Type fields") }
        if contentLengths > 1 { return Refusal(400, "two Content-Length fields") }
        if let transferEncoding {
            guard !isWrong, Self.isSame(transferEncoding, "chunked"), version.1 == 1 else {
                return Refusal(400, "the only Transfer-Encoding taken is chunked, once")
            }
            guard contentLengths == 0 else {
                return Refusal(400, "both Content-Length and Transfer-Encoding")
            }
        }
        if let expectation, !Self.isSame(expectation, "100-continue") {
            return Refusal(417, "the only expectation met is 100-continue")
        }
        return nil
    }

    /// Copies what is kept of the head.
    func fill(_ request: inout Request) -> Refusal? {
        var rest = target[...]
        if rest.first != UInt8(ascii: "/") {
            // The absolute form, which every server has to take (RFC 9112, 3.2.2).
            let scheme = target.prefix(7)
            guard scheme.count == 7, Self.isSame(Stretch(rebasing: scheme), "http://"),
                let slash = target.dropFirst(7).firstIndex(of: UInt8(ascii: "/"))
            else { return Refusal(400, "the target is no path") }
            rest = target[slash...]
        }
        guard rest.allSatisfy({ $0 > 0x20 && $0 < 0x7f }), !rest.contains(UInt8(ascii: "#")) else {
            return Refusal(400, "the target holds bytes that a URL cannot hold")
        }
        if let mark = rest.firstIndex(of: UInt8(ascii: "?")) {
            request.query = String(decoding: rest[(mark + 1)...], as: UTF8.self)
            rest = rest[..<mark]
        }
        request.path = String(decoding: rest, as: UTF8.self)
        if contentTypes > 0 { request.contentType = String(decoding: contentType, as: UTF8.self) }
        request.injection = injection.map { String(decoding: $0, as: UTF8.self) }
        request.expectsContinue = expectation != nil
        return nil
    }
}
