/// A number of any length as JSON spells it, compared exactly by its value.
public struct JSONNumeral: Sendable, CustomStringConvertible {
    /// The spelling, by JSON's grammar.
    public let text: String

    /// A spelling that is known to be JSON's.
    init(spelled text: String) { self.text = text }

    /// Reads JSON's spelling, and what people and YAML write besides: `+5`, `05`, `.5`, `5.`.
    ///
    /// What JSON can spell is kept as it is written; `nil` for what is no decimal number. O(n).
    public init?(_ text: some StringProtocol) {
        var rest = Substring(text).utf8
        var spelling = ""
        func digits() -> Substring {
            let digits = rest.prefix { $0 >= UInt8(ascii: "0") && $0 <= UInt8(ascii: "9") }
            rest = rest[digits.endIndex...]
            return Substring(digits)
        }
        func take(_ letters: String) -> Bool {
            guard let first = rest.first, letters.utf8.contains(first) else { return false }
            rest = rest.dropFirst()
            return true
        }
        if take("-") { spelling = "-" } else { _ = take("+") }
        let whole = digits()
        let hasPoint = take(".")
        let fraction = hasPoint ? digits() : ""
        guard !whole.isEmpty || !fraction.isEmpty else { return nil }
        let leading = whole.drop { $0 == "0" }
        spelling += leading.isEmpty ? "0" : leading
        if hasPoint { spelling += ".\(fraction.isEmpty ? "0" : fraction)" }
        if let mark = rest.first, take("eE") {
            spelling.unicodeScalars.append(Unicode.Scalar(mark))
            if let sign = rest.first, take("+-") {
                spelling.unicodeScalars.append(Unicode.Scalar(sign))
            }
            let exponent = digits()
            guard !exponent.isEmpty else { return nil }
            spelling += exponent
        }
        guard rest.isEmpty else { return nil }
        self.text = spelling
    }

    /// An integer.
    public init(_ integer: Int64) { text = String(integer) }

    /// The shortest decimal that stands for this value; `nil` if it is not finite.
    public init?(_ double: Double) {
        guard double.isFinite else { return nil }
        text = String(double)
    }

    /// The spelling.
    public var description: String { text }

    /// The nearest value; `nil` if it is beyond what a `Double` can be.
    public var double: Double? { Double(text).flatMap { $0.isFinite ? $0 : nil } }

    /// Whether it has no fraction, as 1.0 and 1e400 have none.
    public var isWhole: Bool {
        let value = Decomposition(of: self)
        return value.point.map { $0 >= value.digits.count } ?? !value.isTiny
    }
}

extension JSONNumeral: Equatable {
    /// The same value: 1, 1.0 and 10e-1 are.
    ///
    /// Numbers with an exponent beyond ±10^15 are equal only if they are spelled alike.
    public static func == (left: JSONNumeral, right: JSONNumeral) -> Bool {
        if left.text.isExactly(right.text) { return true }
        // Rounding keeps the order, so that values that differ when rounded do differ.
        if let one = left.double, let other = right.double, one != other { return false }
        return Decomposition(of: left).order(Decomposition(of: right)) == 0
    }

    /// Whether the value is below another.
    public func isBelow(_ other: JSONNumeral) -> Bool {
        if let one = double, let other = other.double, one != other { return one < other }
        return Decomposition(of: self).order(Decomposition(of: other)).map { $0 < 0 } ?? false
    }
}

extension JSONNumeral {
    /// Whether it is a whole multiple of another, without rounding; `nil` if that is not known:
    /// the other is zero or has more than 18 digits, or an exponent is beyond ±10^15.
    public func isMultiple(of other: JSONNumeral) -> Bool? {
        let (value, divisor) = (Decomposition(of: self), Decomposition(of: other))
        guard let place = value.point, let end = divisor.point,
            (1...18).contains(divisor.digits.count)
        else { return nil }
        if value.digits.isEmpty { return true }
        func number(_ digits: [UInt8]) -> UInt64 {
            digits.reduce(0) { $0 * 10 + UInt64($1 - UInt8(ascii: "0")) }
        }
        let modulus = number(divisor.digits)
        // Neither ends with a zero, so that the value must not have the finer last digit.
        var power = place - value.digits.count - (end - divisor.digits.count)
        guard power >= 0 else { return false }
        func product(_ one: UInt64, _ two: UInt64) -> UInt64 {
            modulus.dividingFullWidth(one.multipliedFullWidth(by: two)).remainder
        }
        var rest: UInt64 = 0
        for digit in value.digits {
            rest = (product(rest, 10) + UInt64(digit - UInt8(ascii: "0"))) % modulus
        }
        var square = 10 % modulus
        while power > 0 {
            if power & 1 == 1 { rest = product(rest, square) }
            square = product(square, square)
            power >>= 1
        }
        return rest == 0
    }
}

/// A number as sign × 0.DIGITS × 10^point.
private struct Decomposition {
    /// Without zeros at either end; empty for zero.
    private(set) var digits: [UInt8] = []
    /// `nil` if the exponent is too large to reckon with.
    private(set) var point: Int?
    /// Whether an exponent that is too large is negative.
    private(set) var isTiny = false
    private var isNegative = false

    private static let maximumExponent = 1_000_000_000_000_000

    init(of numeral: JSONNumeral) {
        let parts = numeral.text.utf8.split(maxSplits: 1) { $0 | 0x20 == UInt8(ascii: "e") }
        var (place, isFraction) = (0, false)
        for byte in parts[0] {
            switch byte {
            case UInt8(ascii: "-"): isNegative = true
            case UInt8(ascii: "."): isFraction = true
            case UInt8(ascii: "0") where digits.isEmpty: place -= isFraction ? 1 : 0
            default:
                digits.append(byte)
                place += isFraction ? 0 : 1
            }
        }
        while digits.last == UInt8(ascii: "0") { digits.removeLast() }
        if digits.isEmpty {
            (point, isNegative) = (0, false)
            return
        }
        guard parts.count > 1 else {
            point = place
            return
        }
        let exponent = Int(Substring(parts[1]))
        if let exponent, abs(exponent) <= Self.maximumExponent {
            point = place + exponent
        } else {
            isTiny = parts[1].first == UInt8(ascii: "-")
        }
    }

    /// Below 0 if this value is less, above 0 if it is more; `nil` if that is not known.
    func order(_ other: Decomposition) -> Int? {
        if sign != other.sign { return sign - other.sign }
        if sign == 0 { return 0 }
        let (one, other) = (self, other)
        // Beyond every exponent that is reckoned with, on either side.
        func size(_ value: Decomposition) -> Int { value.point ?? (value.isTiny ? .min : .max) }
        if one.point == nil, other.point == nil, one.isTiny == other.isTiny { return nil }
        if size(one) != size(other) { return size(one) < size(other) ? -sign : sign }
        if one.digits == other.digits { return 0 }
        return one.digits.lexicographicallyPrecedes(other.digits) ? -sign : sign
    }

    private var sign: Int { digits.isEmpty ? 0 : isNegative ? -1 : 1 }
}
