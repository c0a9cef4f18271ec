/// `detection < 1s`: a fault that strikes shows in requests within a limit.
public struct DetectionClaim: TrialClaim {
    /// The limit in nanoseconds, above 0.
    public var limitNanoseconds: UInt64
    /// Which share of such faults is to keep it; `nil` if each fault of the run is.
    public var share: TrialShare?

    /// A claim from its parts.
    public init(limitNanoseconds: UInt64, share: TrialShare? = nil) {
        self.limitNanoseconds = limitNanoseconds
        self.share = share
    }

    /// It has neither `within` nor `abort`.
    public func contradiction(in objective: Objective) -> String? {
        if objective.window != nil {
            return "a fault shows at one moment; remove `within ...`"
        }
        return objective.aborts ? "detections are judged at the end of a run; remove `abort`" : nil
    }
}

extension DetectionClaim: WrittenTrialClaim {
    static let name = "detection"
    static let example = "detection < 1s"
    static let shareExample = "detection p(95) < 1s over 59 trials"

    /// The claim as people write it.
    public var description: String { text }
}
