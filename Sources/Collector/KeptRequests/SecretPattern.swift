/// The forms in which a target may give a secret back, as one pattern: a sequence of parts, each of
/// which has several spellings.
struct SecretPattern: Sendable {
    /// A way to write a part.
    private struct Spelling: Sendable, Hashable {
        /// In lower case if case means nothing in it.
        var bytes: [UInt8]
        var ignoresCase = false

        init(_ text: String, ignoresCase: Bool = false) {
            bytes = Array((ignoresCase ? text.lowercased() : text).utf8)
            self.ignoresCase = ignoresCase
        }
    }

    private let parts: [[Spelling]]
    /// Whether the characters before and after a match have bits of the secret, too.
    private var (hasBitsBefore, hasBitsAfter) = (false, false)

    /// A secret as it is, or with any of its characters written as in a URL, a form, a JSON string
    /// or HTML.
    static func plain(_ secret: String) -> SecretPattern {
        SecretPattern(parts: secret.unicodeScalars.map(spellings))
    }

    /// A secret's bytes in hexadecimal digits.
    static func hexadecimal(_ secret: String) -> SecretPattern {
        SecretPattern(
            parts: secret.utf8.map { [Spelling(digits(UInt32($0), 2), ignoresCase: true)] })
    }

    /// A secret in base64 or base64url, behind `offset` other bytes of a group of three.
    ///
    /// Only the characters that hold nothing else are looked for; the ones beside them, which hold
    /// some bits of it, are part of a match.
    static func base64(_ secret: String, offset: Int) -> SecretPattern {
        let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/")
        let bytes = [UInt8](repeating: 0, count: offset) + Array(secret.utf8)
        let (first, end) = ((8 * offset + 5) / 6, 8 * bytes.count / 6)
        let parts = (first..<max(first, end)).map { index in
            // The six bits from 6 index on are in two bytes.
            let (byte, bit) = (6 * index / 8, 6 * index % 8)
            let next = byte + 1 < bytes.count ? bytes[byte + 1] : 0
            let pair = UInt16(bytes[byte]) << 8 | UInt16(next)
            let letter = alphabet[Int(pair >> UInt16(10 - bit) & 63)]
            switch letter {
            case "+": return ["+", "-"].map { Spelling($0) } + [percent("+")]
            case "/": return ["/", "_", "\\/"].map { Spelling($0) } + [percent("/")]
            default: return [Spelling(String(letter))]
            }
        }
        var pattern = SecretPattern(parts: parts)
        pattern.hasBitsBefore = 8 * offset % 6 != 0
        pattern.hasBitsAfter = 8 * bytes.count % 6 != 0
        return pattern
    }

    private init(parts: [[Spelling]]) { self.parts = parts }

    /// Every byte that a match can begin with.
    var firstBytes: Set<UInt8> {
        Set(
            (parts.first ?? []).flatMap { spelling -> [UInt8] in
                guard let first = spelling.bytes.first else { return [] }
                return spelling.ignoresCase ? [first, Self.upper(first)] : [first]
            })
    }

    /// What of `bytes` from `start` on is the secret, or its beginning where the text was cut;
    /// `nil` if nothing is.
    ///
    /// - Parameter cut: where a text before it was cut off, so that the rest is not known.
    func match(_ bytes: [UInt8], from start: Int, cut: (Int) -> Bool) -> Range<Int>? {
        var places = [start]
        for part in parts {
            var next: [Int] = []
            for place in places {
                if place > start, cut(place) { return start..<place }
                for spelling in part {
                    let end = place + Self.common(spelling, bytes, place, cut)
                    if end - place == spelling.bytes.count {
                        if !next.contains(end) { next.append(end) }
                    } else if end > place || place > start, cut(end) {
                        return start..<end
                    }
                }
            }
            guard !next.isEmpty else { return nil }
            places = next
        }
        guard var end = places.max(), end > start else { return nil }
        var begin = start
        if hasBitsBefore, begin > 0, Self.isBase64(bytes[begin - 1]) { begin -= 1 }
        if hasBitsAfter, end < bytes.count, Self.isBase64(bytes[end]) { end += 1 }
        return begin..<end
    }

    /// How many bytes of a spelling are there.
    private static func common(
        _ spelling: Spelling, _ bytes: [UInt8], _ place: Int, _ cut: (Int) -> Bool
    ) -> Int {
        var count = 0
        while count < spelling.bytes.count, place + count < bytes.count, !cut(place + count) {
            let byte = bytes[place + count]
            let seen = spelling.ignoresCase ? lower(byte) : byte
            guard seen == spelling.bytes[count] else { break }
            count += 1
        }
        return count
    }

    /// All ways to write a character.
    private static func spellings(_ scalar: Unicode.Scalar) -> [Spelling] {
        let text = String(scalar)
        let escape = text.utf16.map { "\\u" + digits(UInt32($0), 4) }.joined()
        let (decimal, hex) = (String(scalar.value), String(scalar.value, radix: 16))
        let padded = decimal.count < 3 ? String(repeating: "0", count: 3 - decimal.count) : ""
        var spellings = [
            Spelling(text), percent(text), Spelling(escape, ignoresCase: true),
            Spelling("&#\(decimal);"), Spelling("&#\(padded)\(decimal);"),
            Spelling("&#x\(hex);", ignoresCase: true),
            Spelling("&#x\(digits(scalar.value, max(2, hex.count)));", ignoresCase: true),
        ]
        spellings += (named[scalar] ?? []).map { Spelling($0) }
        return Array(Set(spellings))
    }

    /// What has a short spelling in JSON, HTML or a form.
    private static let named: [Unicode.Scalar: [String]] = [
        "\"": ["\\\"", "&quot;"], "\\": ["\\\\"], "/": ["\\/"], "\n": ["\\n"], "\r": ["\\r"],
        "\t": ["\\t"], "\u{8}": ["\\b"], "\u{C}": ["\\f"], "&": ["&amp;"], "<": ["&lt;"],
        ">": ["&gt;"], "'": ["&apos;"], " ": ["+"],
    ]

    private static func percent(_ text: String) -> Spelling {
        Spelling(text.utf8.map { "%" + digits(UInt32($0), 2) }.joined(), ignoresCase: true)
    }

    /// Hexadecimal digits in lower case, so many at least.
    private static func digits(_ value: UInt32, _ count: Int) -> String {
        let text = String(value, radix: 16)
        return String(repeating: "0", count: max(0, count - text.count)) + text
    }

    private static func lower(_ byte: UInt8) -> UInt8 {
        (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) ? byte | 0x20 : byte
    }

    private static func upper(_ byte: UInt8) -> UInt8 {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) ? byte & ~0x20 : byte
    }

    private static func isBase64(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(lower(byte))
            || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
            || "+/-_".utf8.contains(byte)
    }
}
