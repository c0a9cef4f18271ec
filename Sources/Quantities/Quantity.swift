/// Reads and prints quantities as people write them: durations, rates, shares and sizes.
///
/// There is one grammar for all of them: a number and its unit. A number has digits, a point and
/// perhaps an exponent, as in `200`, `0.5` or `1e3`; `_` and `,` between digits are skipped, and
/// spaces anywhere. It is never negative. What a value may be at most is its reader's to say.
public enum Quantity {
    /// A number, 0 or above; `nil` if the text is none.
    public static func number(_ text: some StringProtocol) -> Double? {
        let digits = text.filter { !"_, ".contains($0) }
        guard let first = digits.first, first != "-",
            digits.allSatisfy({ $0.isASCII && ($0.isNumber || ".eE+-".contains($0)) }),
            let number = Double(String(digits)), number.isFinite
        else { return nil }
        return number
    }

    /// `number / scale` with no more digits than it needs; `scale` is a power of ten.
    public static func decimal(_ number: Int, scale: Int) -> String {
        let (whole, rest) = number.quotientAndRemainder(dividingBy: scale)
        if rest == 0 { return "\(whole)" }
        var digits = String(String(rest + scale).dropFirst())
        while digits.last == "0" { digits.removeLast() }
        return "\(whole).\(digits)"
    }
}
