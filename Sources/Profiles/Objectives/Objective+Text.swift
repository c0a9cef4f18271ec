import Statistics

extension Objective: CustomStringConvertible {
    /// The objective as people write it; `init(parsing:)` reads it back.
    public var description: String {
        var text = claim.description
        if let operation { text += " on \(ObjectiveWords.quoted(operation))" }
        if let phase { text += " in \(ObjectiveWords.quoted(phase))" }
        if let window { text += " within any \(Quantities.text(window))" }
        if let confidence { text += " at \(Self.percent(confidence))" }
        return aborts ? text + " abort" : text
    }

    /// A share in per cent, in whole billionths of one, so that 0.001 % is not
    /// 0.0010000000000000002 %.
    static func percent(_ share: Double) -> String {
        "\(decimal(Int(clamping: (share * 1e11).rounded()), scale: 1_000_000_000))%"
    }

    /// `number / scale` with no more digits than it needs; `scale` is a power of ten.
    static func decimal(_ number: Int, scale: Int) -> String {
        let (whole, rest) = number.quotientAndRemainder(dividingBy: scale)
        if rest == 0 { return "\(whole)" }
        var digits = String(String(rest + scale).dropFirst())
        while digits.last == "0" { digits.removeLast() }
        return "\(whole).\(digits)"
    }
}
