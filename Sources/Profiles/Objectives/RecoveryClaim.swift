import Quantities

/// `recovery < 30s`: after a failure the target works again within a limit.
public struct RecoveryClaim: Claim {
    /// The limit in nanoseconds, above 0.
    public var limitNanoseconds: UInt64

    /// It has neither `within` nor `abort`.
    public func contradiction(in objective: Objective) -> String? {
        if objective.window != nil {
            return "a recovery is one stretch of time; remove `within ...`"
        }
        return objective.aborts ? "a recovery is known once it is over; remove `abort`" : nil
    }
}

extension RecoveryClaim: WrittenClaim {
    static let name = "recovery"
    static let example = "recovery < 30s"
    static let comparison = "<"
    static var boundForm: String { Quantity.durationForm }

    /// The claim as people write it.
    public var description: String { "recovery < \(Self.text(nanoseconds: limitNanoseconds))" }

    static func read(argument: String, bound: String) -> Self? {
        Quantity.duration(bound).map { Self(limitNanoseconds: $0.nanoseconds) }
    }
}
