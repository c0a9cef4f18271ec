import Quantities

/// `goodput(10ms) >= 980/s`: answers a second that are right and take less than a threshold.
public struct GoodputClaim: Claim {
    /// The limit, above 0.
    public var perSecond: Double
    /// The threshold in nanoseconds, above 0.
    public var threshold: UInt64

    /// The threshold.
    public var thresholdNanoseconds: UInt64? { threshold }

    /// It has no `abort`.
    public func contradiction(in objective: Objective) -> String? {
        Self.contradiction(ofRate: objective)
    }
}

extension GoodputClaim: WrittenClaim {
    static let name = "goodput"
    static let example = "goodput(10ms) >= 980/s"
    static let comparison = ">="
    static var boundForm: String { rateForm }

    /// The claim as people write it.
    public var description: String {
        "goodput(\(Self.text(nanoseconds: threshold))) >= \(Self.text(perSecond: perSecond))"
    }

    static func problem(ofArgument argument: String?) -> String? {
        argument.flatMap(Quantity.duration) == nil
            ? "goodput wants the latency of a good answer in parentheses, as in \(example)" : nil
    }

    static func read(argument: String, bound: String) -> Self? {
        guard let rate = rate(bound), let time = Quantity.duration(argument) else { return nil }
        return Self(perSecond: rate, threshold: time.nanoseconds)
    }
}
