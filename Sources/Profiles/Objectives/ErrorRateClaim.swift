import Quantities

/// `error rate < 0.001%`: the share of requests that fail is below a limit.
public struct ErrorRateClaim: Claim {
    /// The limit, in (0, 1).
    public var ratio: Double

    /// A claim from its limit.
    public init(ratio: Double) { self.ratio = ratio }

    /// The limit.
    public var allowedShare: Double? { ratio }

    /// It has `abort` or `within`.
    public func contradiction(in objective: Objective) -> String? {
        Self.contradiction(ofShare: objective)
    }
}

extension ErrorRateClaim: WrittenClaim {
    static let name = "error rate"
    static let example = "error rate < 0.001%"
    static let comparison = "<"
    static var boundForm: String { shareForm }

    /// The claim as people write it.
    public var description: String { "error rate < \(Quantity.text(share: ratio))" }

    static func isNamed(_ name: String) -> Bool { [self.name, "errorrate"].contains(name) }

    static func read(argument: String, bound: String) -> Self? {
        Quantity.properShare(bound).map { Self(ratio: $0) }
    }

    static func refusal(of name: String) -> String? {
        ["errors", "error", "failure rate", "failures"].contains(name.lowercased())
            ? "did you mean error rate < 0.1%?" : nil
    }
}
