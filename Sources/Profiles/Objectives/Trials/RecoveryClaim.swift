/// `recovery < 30s`: after a failure the target works again within a limit.
public struct RecoveryClaim: TrialClaim {
    /// The limit in nanoseconds, above 0.
    public var limitNanoseconds: UInt64
    /// Which share of such faults is to keep it; `nil` if each failure of the run is.
    public var share: TrialShare?

    /// It has neither `within` nor `abort`.
    public func contradiction(in objective: Objective) -> String? {
        if objective.window != nil {
            return "a recovery is one stretch of time; remove `within ...`"
        }
        return objective.aborts ? "a recovery is known once it is over; remove `abort`" : nil
    }
}

extension RecoveryClaim: WrittenTrialClaim {
    static let name = "recovery"
    static let example = "recovery < 30s"
    static let shareExample = "recovery p(95) < 2s over 59 trials"

    /// The claim as people write it.
    public var description: String { text }
}
