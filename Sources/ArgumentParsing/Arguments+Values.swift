/// Values with units, each checked against its range; `nil` if the flag is not there.
extension Arguments {
    /// A share above 0 and below 1: per cent, parts per million, or a plain number.
    public func share(_ flag: String) throws(UsageError) -> Double? {
        guard let text = value(flag) else { return nil }
        guard let share = Self.share(text), share >= 1e-11, share < 1 else {
            throw UsageError(
                "\(flag) is a share above 0 and below 1, as in 0.001%, 10ppm or 1e-5, not "
                    + "\"\(text)\"")
        }
        return share
    }

    /// The one-sided confidence of every bound; 95 % unless given.
    public func confidence() throws(UsageError) -> Double {
        guard let text = value("--confidence") else { return 0.95 }
        guard let share = Self.share(text), share >= 0.5, share <= 0.999_999 else {
            throw UsageError(
                "--confidence is a share from 50% to 99.9999%, as in 95% or 0.99, not \"\(text)\"")
        }
        return share
    }

    /// A whole number in a range; separators are allowed.
    public func whole(_ flag: String, in range: ClosedRange<Int>) throws(UsageError) -> Int? {
        guard let text = value(flag) else { return nil }
        let digits = text.filter { $0 != "_" && $0 != "," }
        guard let number = Int(digits), range.contains(number) else {
            throw UsageError(
                "\(flag) is a whole number from \(range.lowerBound) to \(range.upperBound), not "
                    + "\"\(text)\"")
        }
        return number
    }

    /// Requests a second.
    public func rate(_ flag: String) throws(UsageError) -> Double? {
        let units = [("/s", 1.0), ("/m", 60), ("/h", 3_600)]
        let form = "a rate as in 200/s, 12000/m or 5/h, at most 10000000/s"
        return try quantity(flag, form, units, atMost: 1e7) { $0 / $1 }
    }

    /// Seconds.
    public func duration(_ flag: String) throws(UsageError) -> Double? {
        let units = [("ms", 1e-3), ("s", 1), ("m", 60), ("h", 3_600)]
        let form = "a time as in 500ms, 30s, 2m or 1h, at most a year"
        return try quantity(flag, form, units, atMost: 365 * 24 * 3600) { $0 * $1 }
    }

    private func quantity(
        _ flag: String, _ form: String, _ units: [(String, Double)], atMost most: Double,
        _ scaled: (Double, Double) -> Double
    ) throws(UsageError) -> Double? {
        guard let text = value(flag) else { return nil }
        for (unit, size) in units where text.hasSuffix(unit) {
            guard let number = Self.number(text.dropLast(unit.count)), number > 0,
                scaled(number, size) <= most
            else { break }
            return scaled(number, size)
        }
        throw UsageError("\(flag) is \(form), not \"\(text)\"")
    }

    /// A share as people write it; `nil` if the text is none.
    public static func share(_ text: String) -> Double? {
        if text.hasSuffix("%") { return number(text.dropLast()).map { $0 / 100 } }
        if text.hasSuffix("ppm") { return number(text.dropLast(3)).map { $0 / 1e6 } }
        return number(text[...])
    }

    /// A finite number, 0 or above, of digits, a point and perhaps an exponent.
    private static func number(_ text: Substring) -> Double? {
        let digits = text.filter { $0 != "_" && $0 != "," && $0 != " " }
        guard digits.allSatisfy({ $0.isASCII && ($0.isNumber || ".eE+-".contains($0)) }),
            let number = Double(digits), number.isFinite, number >= 0
        else { return nil }
        return number
    }
}
