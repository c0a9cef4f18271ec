import Quantities

/// `success >= 99.999%`: the share of requests that are answered right.
public struct SuccessClaim: Claim {
    /// The limit, in (0, 1).
    public var ratio: Double

    /// What is left of the limit, in the digits that people give: 1 - 0.99999 is not 0.00001.
    public var allowedShare: Double? { (1e11 - (ratio * 1e11).rounded()) / 1e11 }

    /// It is.
    public var isShareOfRight: Bool { true }

    /// It has `abort` or `within`.
    public func contradiction(in objective: Objective) -> String? {
        Self.contradiction(ofShare: objective)
    }
}

extension SuccessClaim: WrittenClaim {
    static let name = "success"
    static let example = "success >= 99.999%"
    static let comparison = ">="
    static var boundForm: String { shareForm }

    /// The claim as people write it.
    public var description: String { "success >= \(Quantity.text(share: ratio))" }

    static func read(argument: String, bound: String) -> Self? {
        Quantity.properShare(bound).map { Self(ratio: $0) }
    }

    static func refusal(of name: String) -> String? {
        ["availability", "uptime"].contains(name.lowercased())
            ? "a load test cannot prove availability over a year; did you mean success >= 99.999%?"
            : nil
    }
}
