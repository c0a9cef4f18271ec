public import Profiles

/// What the generator has to keep for a verdict to stand; statistics.md section 3.
public enum GeneratorLimits {
    /// The least share of the planned arrivals that has to be started; what is not counts as failed
    /// before anything passes.
    public static var minimumSentShare: Double { Validity.minimumSentShare }
    /// The most that the busiest thread may be busy, 0 to 1; above it a FAIL of latency is void.
    public static var maximumBusy: Double { Validity.maximumBusy }
    /// The most CPU time that the host may take away, 0 to 1; above it a FAIL of latency is void.
    public static var maximumSteal: Double { Validity.maximumSteal }

    /// The most lag at p99, in nanoseconds; above it a FAIL of latency is void.
    public static func maximumLagNanoseconds(of profile: Profile) -> UInt64 {
        Validity.allowedLagNanoseconds(profile)
    }
}
