extension Objective: CustomStringConvertible {
    static let form =
        "p(95) < 10ms, error rate < 0.001% or error rate < 10 ppm, each with or without on "
        + "OPERATION, and abort at the end to stop a run that has broken it"

    /// Reads an objective as people write it; absent where it is none.
    public init?(parsing text: String) {
        var words = text.split(separator: " ").map(String.init)
        let aborts = words.count > 1 && words.last == "abort"
        if aborts { words.removeLast() }
        var operation: String?
        if let on = words.firstIndex(of: "on"), on > 0, on + 1 < words.count {
            // A request without the contract may have a name of several words.
            operation = words[(on + 1)...].joined(separator: " ")
            words.removeSubrange(on...)
        }
        let compact = words.joined()
        guard let claim = Self.quantile(compact) ?? Self.errorRate(compact) else {
            return nil
        }
        self.init(claim: claim, operation: operation)
        self.aborts = aborts
    }

    private static func quantile(_ text: String) -> Claim? {
        guard text.hasPrefix("p("), let close = text.firstIndex(of: ")"),
            text[text.index(after: close)...].hasPrefix("<"),
            let percent = Quantities.plainNumber(text[..<close].dropFirst(2)),
            let bound = Quantities.duration(String(text[text.index(after: close)...].dropFirst()))
        else { return nil }
        let partsPerMillion = Int((percent * 10_000).rounded())
        guard (1...999_999).contains(partsPerMillion) else { return nil }
        return .latencyQuantile(
            partsPerMillion: partsPerMillion, thresholdNanoseconds: bound.nanoseconds)
    }

    private static func errorRate(_ text: String) -> Claim? {
        guard text.hasPrefix("errorrate<") else { return nil }
        let bound = text.dropFirst("errorrate<".count)
        let (digits, scale) =
            bound.hasSuffix("%")
            ? (bound.dropLast(), 1e-2)
            : bound.hasSuffix("ppm") ? (bound.dropLast(3), 1e-6) : (bound, 1)
        guard let number = Quantities.plainNumber(digits) else { return nil }
        let ratio = number * scale
        // A billionth of a per cent is the least that `description` can say.
        return ratio >= 1e-11 && ratio < 1 ? .errorRate(ratio: ratio) : nil
    }

    /// The objective as people write it; `init(parsing:)` reads it back.
    public var description: String {
        let suffix = (operation.map { " on \($0)" } ?? "") + (aborts ? " abort" : "")
        switch claim {
        case .latencyQuantile(let partsPerMillion, let threshold):
            let percent = Self.decimal(partsPerMillion, scale: 10_000)
            let bound = Quantities.text(.nanoseconds(Int64(threshold)))
            return "p(\(percent)) < \(bound)\(suffix)"
        case .errorRate(let ratio):
            // In whole billionths of a per cent, so that 0.001 % is not 0.0010000000000000002 %.
            let billionths = (ratio * 1e11).rounded()
            return "error rate < \(Self.decimal(Int(billionths), scale: 1_000_000_000))%\(suffix)"
        }
    }

    /// `number / scale` with no more digits than it needs; `scale` is a power of ten.
    private static func decimal(_ number: Int, scale: Int) -> String {
        let (whole, rest) = number.quotientAndRemainder(dividingBy: scale)
        if rest == 0 { return "\(whole)" }
        var digits = String(String(rest + scale).dropFirst())
        while digits.last == "0" { digits.removeLast() }
        return "\(whole).\(digits)"
    }
}
