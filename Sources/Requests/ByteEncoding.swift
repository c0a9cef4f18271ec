/// How a value is written where it stands.
package enum ByteEncoding: Sendable {
    /// As it is, but for line ends: a value from an answer must not end a header field.
    case plain
    /// As it is.
    case verbatim
    /// In a URL, or in a URL-encoded form.
    case percent
    /// Inside the quotes of a JSON string.
    case json

    /// Whether a byte is written in another form.
    @inline(__always)
    fileprivate func changes(_ byte: UInt8) -> Bool {
        switch self {
        case .verbatim: false
        case .plain: byte == 0x0A || byte == 0x0D
        case .json: byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\")
        case .percent: !byte.isUnreserved
        }
    }
}

extension [UInt8] {
    /// Appends bytes in the encoding of the place where they stand; O(n).
    package mutating func append(_ bytes: UnsafeBufferPointer<UInt8>, as encoding: ByteEncoding) {
        var start = 0
        for index in bytes.indices where encoding.changes(bytes[index]) {
            append(contentsOf: UnsafeBufferPointer(rebasing: bytes[start..<index]))
            appendChanged(bytes[index], encoding)
            start = index + 1
        }
        append(contentsOf: UnsafeBufferPointer(rebasing: bytes[start...]))
    }

    /// Appends a text in an encoding.
    package mutating func append(_ text: some StringProtocol, as encoding: ByteEncoding) {
        Array(text.utf8).withUnsafeBufferPointer { append($0, as: encoding) }
    }

    private mutating func appendChanged(_ byte: UInt8, _ encoding: ByteEncoding) {
        switch (encoding, byte) {
        case (.percent, _):
            append(UInt8(ascii: "%"))
            append(Self.upperHex[Int(byte >> 4)])
            append(Self.upperHex[Int(byte & 15)])
        case (.json, 0..<0x20):
            append(contentsOf: "\\u00".utf8)
            append(Self.upperHex[Int(byte >> 4)])
            append(Self.upperHex[Int(byte & 15)])
        case (.json, _):
            append(UInt8(ascii: "\\"))
            append(byte)
        default: break
        }
    }

    private static var upperHex: UnsafePointer<UInt8> {
        let digits: StaticString = "0123456789ABCDEF"
        return digits.utf8Start
    }

    /// Appends a number in decimal digits.
    package mutating func appendDecimal(_ number: UInt64) {
        appendDecimal(number, width: Self.digitCount(number))
    }

    /// Appends a signed number in decimal digits.
    package mutating func appendDecimal(_ number: Int64) {
        if number < 0 { append(UInt8(ascii: "-")) }
        appendDecimal(number.magnitude)
    }

    /// Appends a number in so many digits, with leading zeros; what does not fit is cut off.
    package mutating func appendDecimal(_ number: UInt64, width: Int) {
        append(contentsOf: repeatElement(UInt8(ascii: "0"), count: width))
        writeDecimal(number, at: count - width, width: width)
    }

    /// Writes a number over `width` bytes from `place`.
    package mutating func writeDecimal(_ number: UInt64, at place: Int, width: Int) {
        withUnsafeMutableBufferPointer { bytes in
            var left = number
            for index in stride(from: place + width - 1, through: place, by: -1) {
                bytes[index] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: left % 10)
                left /= 10
            }
        }
    }

    /// How many digits a number has.
    package static func digitCount(_ number: UInt64) -> Int {
        var (count, left) = (1, number)
        while left >= 10 {
            left /= 10
            count += 1
        }
        return count
    }
}

extension UInt8 {
    /// Whether RFC 3986 lets it stand in a URL as it is.
    @inline(__always)
    fileprivate var isUnreserved: Bool {
        switch self {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."),
            UInt8(ascii: "_"), UInt8(ascii: "~"):
            true
        default: false
        }
    }
}
