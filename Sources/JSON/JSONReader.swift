/// Reads one JSON text.
///
/// - Source: RFC 8259; RFC 7493 for the strict rules.
struct JSONReader {
    let bytes: UnsafeBufferPointer<UInt8>
    private let maximumDepth: Int
    let rules: JSONValue.Rules
    var position = 0
    private var depth = 0

    init(_ bytes: UnsafeBufferPointer<UInt8>, maximumDepth: Int, rules: JSONValue.Rules) {
        self.bytes = bytes
        self.maximumDepth = maximumDepth
        self.rules = rules
    }

    mutating func read() throws(JSONError) -> JSONValue {
        let value = try value()
        guard next() == nil else { throw error("nothing may follow the value") }
        return value
    }

    private mutating func value() throws(JSONError) -> JSONValue {
        guard let byte = next() else { throw expected("a value") }
        switch byte {
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "{"): return .object(try object())
        case UInt8(ascii: "["): return .array(try array())
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return try number()
        case UInt8(ascii: "t"): return try word("true", .bool(true))
        case UInt8(ascii: "f"): return try word("false", .bool(false))
        case UInt8(ascii: "n"): return try word("null", .null)
        default: throw expected("a value")
        }
    }

    private mutating func word(
        _ word: StaticString, _ value: JSONValue
    ) throws(JSONError) -> JSONValue {
        let end = position + word.utf8CodeUnitCount
        let letters = UnsafeBufferPointer(
            start: word.utf8Start, count: word.utf8CodeUnitCount)
        guard end <= bytes.count, bytes[position..<end].elementsEqual(letters) else {
            throw expected("a value")
        }
        position = end
        return value
    }

    // MARK: Arrays and objects

    private mutating func array() throws(JSONError) -> [JSONValue] {
        try descend()
        var elements: [JSONValue] = []
        if next() != UInt8(ascii: "]") {
            repeat { elements.append(try value()) } while try isContinued(UInt8(ascii: "]"))
        } else {
            position += 1
        }
        depth -= 1
        return elements
    }

    private mutating func object() throws(JSONError) -> [JSONValue.Member] {
        try descend()
        var members: [JSONValue.Member] = []
        if next() != UInt8(ascii: "}") {
            repeat {
                guard next() == UInt8(ascii: "\"") else { throw expected("a name") }
                let start = position
                let name = try string()
                if rules == .strict, name.utf8.contains(0) {
                    throw error("a name has a NUL", at: start)
                }
                guard next() == UInt8(ascii: ":") else {
                    throw expected("a colon")
                }
                position += 1
                members.append(JSONValue.Member(name, try value()))
            } while try isContinued(UInt8(ascii: "}"))
        } else {
            position += 1
        }
        depth -= 1
        return try unique(members)
    }

    /// Goes over the bracket.
    private mutating func descend() throws(JSONError) {
        guard depth < maximumDepth else {
            throw error("nested deeper than \(maximumDepth) levels")
        }
        depth += 1
        position += 1
    }

    /// Goes over a comma, or over the end of the list.
    private mutating func isContinued(_ end: UInt8) throws(JSONError) -> Bool {
        let byte = next()
        guard byte == UInt8(ascii: ",") || byte == end else {
            throw expected("a comma or \(String(UnicodeScalar(end)))")
        }
        position += 1
        return byte != end
    }

    /// The members with each name once: the last one counts, as most parsers have it.
    private func unique(
        _ members: [JSONValue.Member]
    ) throws(JSONError) -> [JSONValue.Member] {
        guard hasTwins(members) else { return members }
        guard rules == .standard else {
            throw error("an object has a name twice", at: position - 1)
        }
        var places: [ExactText: Int] = [:]
        var result: [JSONValue.Member] = []
        for member in members {
            let name = ExactText(member.name)
            if let place = places[name] {
                result[place].value = member.value
            } else {
                places[name] = result.count
                result.append(member)
            }
        }
        return result
    }

    private func hasTwins(_ members: [JSONValue.Member]) -> Bool {
        if members.count > 16 {
            return Set(members.lazy.map { ExactText($0.name) }).count < members.count
        }
        for index in members.indices.dropFirst() {
            for other in 0..<index where members[index].name.isExactly(members[other].name) {
                return true
            }
        }
        return false
    }

    // MARK: Numbers

    private mutating func number() throws(JSONError) -> JSONValue {
        let start = position
        let isNegative = bytes[position] == UInt8(ascii: "-")
        if isNegative { position += 1 }
        var magnitude: UInt64 = 0
        var isLarge = false
        let first = position
        while let digit = digit() {
            let (product, isOver) = magnitude.multipliedReportingOverflow(by: 10)
            let (sum, isTooMuch) = product.addingReportingOverflow(UInt64(digit))
            isLarge = isLarge || isOver || isTooMuch
            magnitude = sum
        }
        guard position > first else { throw expected("a digit") }
        guard position == first + 1 || bytes[first] != UInt8(ascii: "0") else {
            throw error("a number does not begin with a 0 before other digits", at: first)
        }
        let isDecimal = try skipFraction()
        // -0 is no integer of 64 bits.
        if !isDecimal, !isLarge, !(isNegative && magnitude == 0) {
            let signed = isNegative ? 0 &- magnitude : magnitude
            let integer = Int64(bitPattern: signed)
            if (integer < 0) == isNegative { return .integer(integer) }
        }
        let text = String(
            decoding: UnsafeBufferPointer(rebasing: bytes[start..<position]), as: UTF8.self)
        let numeral = JSONNumeral(spelled: text)
        if rules == .strict, isDecimal ? numeral.double == nil : isLarge || magnitude != 0 {
            throw error("the number \(text.prefix(40)) is out of range", at: start)
        }
        return .numeral(numeral)
    }

    /// Whether the number has a fraction or an exponent.
    private mutating func skipFraction() throws(JSONError) -> Bool {
        var isDecimal = false
        if position < bytes.count, bytes[position] == UInt8(ascii: ".") {
            isDecimal = true
            position += 1
            try skipDigits()
        }
        if position < bytes.count, bytes[position] | 0x20 == UInt8(ascii: "e") {
            isDecimal = true
            position += 1
            if position < bytes.count,
                bytes[position] == UInt8(ascii: "+") || bytes[position] == UInt8(ascii: "-")
            {
                position += 1
            }
            try skipDigits()
        }
        return isDecimal
    }

    private mutating func skipDigits() throws(JSONError) {
        guard digit() != nil else { throw expected("a digit") }
        while digit() != nil {}
    }

    private mutating func digit() -> UInt8? {
        guard position < bytes.count else { return nil }
        let digit = bytes[position] &- UInt8(ascii: "0")
        guard digit < 10 else { return nil }
        position += 1
        return digit
    }

    // MARK: Places

    /// The next byte that is no white space; `nil` at the end.
    mutating func next() -> UInt8? {
        while position < bytes.count {
            switch bytes[position] {
            case 0x20, 0x0A, 0x0D, 0x09: position += 1
            default: return bytes[position]
            }
        }
        return nil
    }

    /// Something else than what the present byte is, or the end.
    func expected(_ what: String) -> JSONError {
        guard position < bytes.count else { return error("\(what) is expected, not the end") }
        let byte = bytes[position]
        let found =
            (0x21..<0x7F).contains(byte)
            ? String(UnicodeScalar(byte)) : "the byte 0x\(String(byte, radix: 16))"
        return error("\(what) is expected, not \(found)")
    }

    /// An error at a byte, the present one if none is named.
    func error(_ message: String, at place: Int? = nil) -> JSONError {
        let place = place ?? position
        let before = bytes[..<place]
        let newLine = UInt8(ascii: "\n")
        let begin = before.lastIndex(of: newLine).map { $0 + 1 } ?? 0
        return JSONError(
            message: message, line: before.count { $0 == newLine } + 1, column: place - begin + 1)
    }
}
