import Quantities

/// `p(95) < 10ms`: at least this share of requests is answered right in less than the threshold.
///
/// A failed request counts as infinitely slow.
public struct QuantileClaim: Claim {
    /// The share in parts per million; 1 to 999999.
    public var quantile: Int
    /// The threshold in nanoseconds, above 0.
    public var threshold: UInt64

    /// A claim from its parts.
    public init(partsPerMillion: Int, thresholdNanoseconds: UInt64) {
        quantile = partsPerMillion
        threshold = thresholdNanoseconds
    }

    /// The threshold.
    public var thresholdNanoseconds: UInt64? { threshold }

    /// What lies above the quantile.
    public var allowedShare: Double? { Double(1_000_000 - quantile) / 1e6 }

    /// The quantile.
    public var partsPerMillion: Int? { quantile }

    /// It has `abort` or `within`.
    public func contradiction(in objective: Objective) -> String? {
        Self.contradiction(ofShare: objective)
    }
}

extension QuantileClaim: WrittenClaim {
    static let name = "p"
    static let example = "p(95) < 10ms"
    static let comparison = "<"
    static var boundForm: String { Quantity.durationForm }

    /// The claim as people write it.
    public var description: String {
        "p(\(Quantity.decimal(quantile, scale: 10_000))) < \(Self.text(nanoseconds: threshold))"
    }

    static func problem(ofArgument argument: String?) -> String? {
        argument.flatMap(partsPerMillion) == nil
            ? "p wants a percentage from 0.0001 to 99.9999 in parentheses, as in \(example)" : nil
    }

    static func read(argument: String, bound: String) -> Self? {
        guard let share = partsPerMillion(argument), let time = Quantity.duration(bound) else {
            return nil
        }
        return Self(partsPerMillion: share, thresholdNanoseconds: time.nanoseconds)
    }

    static func refusal(of name: String) -> String? {
        let digits = name.dropFirst()
        if name.lowercased().hasPrefix("p"), !digits.isEmpty, partsPerMillion(digits) != nil {
            return "did you mean p(\(digits)) < 10ms?"
        }
        return ["latency", "response time", "median"].contains(name.lowercased())
            ? "did you mean p(95) < 10ms?" : nil
    }

    /// A percentage in parts per million; `nil` if it is not from 0.0001 to 99.9999.
    static func partsPerMillion(_ text: some StringProtocol) -> Int? {
        guard let percent = Quantity.number(text), percent < 100 else { return nil }
        let partsPerMillion = Int((percent * 10_000).rounded())
        return (1...999_999).contains(partsPerMillion) ? partsPerMillion : nil
    }
}
