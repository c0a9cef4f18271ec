/// What of an answer's head has come, line by line as libcurl hands it over.
///
/// libcurl takes more for HTTP/1.1 than the event loops do; what they refuse is refused here.
struct CurlHead {
    /// What a line is.
    enum Line: Equatable {
        /// A status line: what came before belongs to an interim answer.
        case begin
        /// A header field, of the head or, after its end, of a trailer.
        case field
        /// The empty line.
        case end
        /// One that no right answer has, and why.
        case wrong(String)
    }

    /// Whether the head has come to its end.
    private(set) var isWhole = false
    /// Whether the head says where the body ends.
    var isFramed: Bool { hasLength || hasEncoding }
    private var byteCount = 0
    private var fieldCount = 0
    private var hasLength = false
    private var hasEncoding = false

    /// The largest head that is taken, with its trailers, in bytes, and the most fields.
    private static let maximumBytes = 64 << 10
    private static let maximumFields = 1000

    /// Takes the next line, with its end.
    ///
    /// - Parameter isFromWire: whether it came as it is from the peer, and was not made by libcurl
    ///   of a header block of HTTP/2.
    mutating func take(_ line: UnsafeRawBufferPointer, isFromWire: Bool) -> Line {
        let kind = kind(of: line)
        byteCount = kind == .begin ? line.count : byteCount + line.count
        guard byteCount <= Self.maximumBytes else {
            return .wrong("a head of more than \(Self.maximumBytes) bytes")
        }
        fieldCount = kind == .begin ? 0 : fieldCount + (kind == .field ? 1 : 0)
        guard fieldCount <= Self.maximumFields else {
            return .wrong("a head of more than \(Self.maximumFields) header fields")
        }
        if isFromWire, line.count < 2 || line[line.count - 2] != 13 {
            return .wrong("not an HTTP answer: a line of the head ends without a carriage return")
        }
        switch kind {
        case .begin: (isWhole, hasLength, hasEncoding) = (false, false, false)
        case .end: isWhole = true
        case .field where isFromWire && !isWhole:
            if isNamed("transfer-encoding", line) { hasEncoding = true }
            guard isNamed("content-length", line) else { break }
            guard !hasLength else {
                return .wrong("not an HTTP answer: Content-Length is given twice")
            }
            hasLength = true
        default: break
        }
        return kind
    }

    private func kind(of line: UnsafeRawBufferPointer) -> Line {
        if line.count <= 2 { return .end }
        // No field has a slash in its name.
        let isStatus =
            line.count > 5 && line[0] == UInt8(ascii: "H") && line[4] == UInt8(ascii: "/")
        return isStatus ? .begin : .field
    }

    /// Whether a field has this name, which is of lower-case letters and hyphens.
    private func isNamed(_ name: StaticString, _ line: UnsafeRawBufferPointer) -> Bool {
        let count = name.utf8CodeUnitCount
        guard line.count > count, line[count] == UInt8(ascii: ":") else { return false }
        let wanted = UnsafeBufferPointer(start: name.utf8Start, count: count)
        // An upper-case letter differs by this bit alone; in a hyphen it is set already.
        return line.prefix(count).lazy.map { $0 | 0x20 }.elementsEqual(wanted)
    }
}
