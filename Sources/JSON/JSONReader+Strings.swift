extension JSONReader {
    mutating func string() throws(JSONError) -> String {
        position += 1
        let start = position
        while position < bytes.count {
            let byte = bytes[position]
            if byte == UInt8(ascii: "\"") {
                let text = try text(UnsafeBufferPointer(rebasing: bytes[start..<position]), start)
                position += 1
                return text
            }
            if byte == UInt8(ascii: "\\") { return try escaped(from: start) }
            guard byte >= 0x20 else { throw error("a control character is escaped in a string") }
            position += 1
        }
        throw error("a string has no end", at: start - 1)
    }

    /// A string from its first escape on.
    private mutating func escaped(from start: Int) throws(JSONError) -> String {
        var output = Array(bytes[start..<position])
        while position < bytes.count {
            let byte = bytes[position]
            switch byte {
            case UInt8(ascii: "\""):
                position += 1
                return try output.withUnsafeBufferPointer { buffer throws(JSONError) in
                    try text(buffer, start)
                }
            case UInt8(ascii: "\\"): try appendEscape(to: &output)
            case 0..<0x20: throw error("a control character is escaped in a string")
            default:
                output.append(byte)
                position += 1
            }
        }
        throw error("a string has no end", at: start - 1)
    }

    private func text(
        _ part: UnsafeBufferPointer<UInt8>, _ start: Int
    ) throws(JSONError) -> String {
        guard let text = String(validating: part, as: UTF8.self) else {
            throw error("a string is not UTF-8", at: start)
        }
        return text
    }

    private mutating func appendEscape(to output: inout [UInt8]) throws(JSONError) {
        let start = position
        position += 1
        guard position < bytes.count else { return }
        let letter = bytes[position]
        position += 1
        switch letter {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): output.append(letter)
        case UInt8(ascii: "b"): output.append(0x08)
        case UInt8(ascii: "f"): output.append(0x0C)
        case UInt8(ascii: "n"): output.append(0x0A)
        case UInt8(ascii: "r"): output.append(0x0D)
        case UInt8(ascii: "t"): output.append(0x09)
        case UInt8(ascii: "u"): try appendScalar(to: &output, from: start)
        default: throw error("there is no such escape", at: start)
        }
    }

    /// What `\uXXXX` stands for, or two of them: half of a pair is no character, and is read as
    /// the sign for one that is missing.
    private mutating func appendScalar(
        to output: inout [UInt8], from start: Int
    ) throws(JSONError) {
        let unit = try codeUnit(start)
        var value = UInt32(unit)
        if UTF16.isLeadSurrogate(unit), position + 1 < bytes.count,
            bytes[position] == UInt8(ascii: "\\"), bytes[position + 1] == UInt8(ascii: "u")
        {
            let before = position
            position += 2
            let low = try codeUnit(before)
            if UTF16.isTrailSurrogate(low) {
                value = 0x10000 + (UInt32(unit) & 0x3FF) << 10 + UInt32(low) & 0x3FF
            } else {
                position = before
            }
        }
        let scalar = Unicode.Scalar(value)
        if rules == .strict, scalar == nil { throw error("half of a surrogate pair", at: start) }
        output.append(contentsOf: String(scalar ?? "\u{FFFD}").utf8)
    }

    private mutating func codeUnit(_ start: Int) throws(JSONError) -> UInt16 {
        var unit: UInt16 = 0
        for _ in 0..<4 {
            let digit = position < bytes.count ? Self.hexadecimal(bytes[position]) : nil
            guard let digit else { throw error("\\u wants four hexadecimal digits", at: start) }
            unit = unit << 4 | UInt16(digit)
            position += 1
        }
        return unit
    }

    private static func hexadecimal(_ byte: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
        default: nil
        }
    }
}
