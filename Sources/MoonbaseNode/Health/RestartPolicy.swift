/// When a supervisor starts a node again that has ended: at once where that is rare, then ever more
/// slowly, and in the end not at all.
public struct RestartPolicy: Sendable {
    /// What to do about an end.
    public enum Decision: Sendable, Equatable {
        /// Start it again after so many milliseconds.
        case restart(afterMilliseconds: Int)
        /// It is a crash loop.
        case giveUp
    }

    private var credit = RestartPolicy.maximumCredit
    private var streak = 0

    /// So many restarts at once are in hand, and every 2 s of life earn one.
    private static let maximumCredit = 5.0
    private static let secondsPerCredit = 2.0
    /// A node that has lived for so long is no part of a crash loop.
    private static let stableSeconds = 10.0
    private static let firstDelayMilliseconds = 100
    private static let maximumDelayMilliseconds = 10_000
    private static let maximumSlowRestarts = 8

    /// No end yet.
    public init() {}

    /// The node has ended after a life of `seconds`.
    public mutating func ended(afterSeconds seconds: Double) -> Decision {
        credit = min(Self.maximumCredit, credit + seconds / Self.secondsPerCredit)
        if seconds >= Self.stableSeconds { streak = 0 }
        if credit >= 1 {
            credit -= 1
            return .restart(afterMilliseconds: 0)
        }
        streak += 1
        guard streak <= Self.maximumSlowRestarts else { return .giveUp }
        return .restart(
            afterMilliseconds: min(
                Self.maximumDelayMilliseconds, Self.firstDelayMilliseconds << (streak - 1)))
    }
}
