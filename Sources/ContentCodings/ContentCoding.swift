import Glibc

/// A coding of content that is unpacked.
///
/// - Source: RFC 9110, section 8.4.1; RFC 7932 (br), RFC 8878 (zstd).
enum ContentCoding: String {
    case gzip
    case deflate
    case brotli = "br"
    case zstandard = "zstd"

    /// The most codings on top of one another; nobody needs two.
    private static let maximumStacked = 4

    /// The codings of a Content-Encoding field, in the order in which they were applied; `nil` and
    /// the name if one of them is unknown, or too many.
    static func list(in field: [UInt8]) -> Result<[ContentCoding], Unknown> {
        var codings: [ContentCoding] = []
        for part in field.split(separator: UInt8(ascii: ",")) {
            let name = String(decoding: part, as: UTF8.self).lowercased()
                .trimming { $0 == " " || $0 == "\t" }
            switch name {
            case "", "identity": continue
            case "x-gzip": codings.append(.gzip)
            default:
                guard let coding = ContentCoding(rawValue: name) else {
                    return .failure(Unknown(name: name))
                }
                codings.append(coding)
            }
            if codings.count > maximumStacked { return .failure(Unknown(name: "many at once")) }
        }
        return .success(codings)
    }

    /// A coding that is not unpacked.
    struct Unknown: Error {
        let name: String
    }
}

extension String {
    fileprivate func trimming(_ isSpace: (Character) -> Bool) -> String {
        guard let first = firstIndex(where: { !isSpace($0) }),
            let last = lastIndex(where: { !isSpace($0) })
        else { return "" }
        return String(self[first...last])
    }
}
