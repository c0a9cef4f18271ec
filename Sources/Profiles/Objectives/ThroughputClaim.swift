/// `throughput >= 990/s`: answers a second, on average over the seconds.
public struct ThroughputClaim: Claim {
    /// The limit, above 0.
    public var perSecond: Double

    /// It has no `abort`.
    public func contradiction(in objective: Objective) -> String? {
        Self.contradiction(ofRate: objective)
    }
}

extension ThroughputClaim: WrittenClaim {
    static let name = "throughput"
    static let example = "throughput >= 990/s"
    static let comparison = ">="
    static var boundForm: String { rateForm }

    /// The claim as people write it.
    public var description: String { "throughput >= \(Self.text(perSecond: perSecond))" }

    static func read(argument: String, bound: String) -> Self? {
        rate(bound).map { Self(perSecond: $0) }
    }

    static func refusal(of name: String) -> String? {
        ["rate", "rps"].contains(name.lowercased()) ? "did you mean throughput >= 990/s?" : nil
    }
}
