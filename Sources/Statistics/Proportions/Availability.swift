/// The share of requests or of time in which a service works.
///
/// A year's is an estimate, never proven by a load test.
public struct Availability: Sendable, Equatable {
    /// Seconds of a year of 365 days.
    public static let secondsOfYear = 31_536_000.0
    /// Seconds of a Julian year.
    public static let secondsOfJulianYear = 31_557_600.0

    /// The share, 0 to 1.
    public let share: Double

    /// A share.
    public init(_ share: Double) {
        precondition((0...1).contains(share), "\(share)")
        self.share = share
    }

    /// Mean time between failures over itself and the time to recover, in one unit.
    public init(timeBetweenFailures: Double, timeToRecover: Double) {
        precondition(timeBetweenFailures > 0 && timeToRecover >= 0, "\(timeToRecover)")
        self.init(timeBetweenFailures / (timeBetweenFailures + timeToRecover))
    }

    /// How long it does not work in a period, both in seconds.
    public func downtime(in seconds: Double) -> Double { (1 - share) * seconds }

    /// A kind of failure that a service survives by failing over.
    public struct Fault: Sendable, Equatable {
        /// How often it happens in a year; an assumption, and to be called one.
        public let perYear: Double
        /// The upper bound of the recovery time, in seconds.
        public let recoverySeconds: Double
        /// The share of requests that fails meanwhile, 0 to 1.
        public let failedShare: Double

        /// A fault.
        public init(perYear: Double, recoverySeconds: Double, failedShare: Double = 1) {
            precondition(perYear >= 0 && recoverySeconds >= 0 && (0...1).contains(failedShare))
            self.perYear = perYear
            self.recoverySeconds = recoverySeconds
            self.failedShare = failedShare
        }
    }

    /// Seconds lost in a year to faults.
    public static func downtimePerYear(_ faults: [Fault]) -> Double {
        faults.map { $0.perYear * $0.recoverySeconds * $0.failedShare }.sum
    }

    /// What faults leave of a year.
    public static func withFaults(_ faults: [Fault]) -> Availability {
        Availability(max(0, 1 - downtimePerYear(faults) / secondsOfYear))
    }

    /// How often in a year a fault may happen; `nil` if it costs nothing.
    public func maximumFaultsPerYear(recoverySeconds: Double, failedShare: Double = 1) -> Double? {
        precondition(recoverySeconds >= 0 && (0...1).contains(failedShare))
        return finite(downtime(in: Self.secondsOfYear) / (recoverySeconds * failedShare))
    }

    /// Of parts that must all work.
    public static func series(_ parts: [Availability]) -> Availability {
        Availability(parts.reduce(1) { $0 * $1.share })
    }

    /// Of parts of which one must work, if nothing makes them fail together.
    public static func parallel(_ parts: [Availability]) -> Availability {
        Availability(1 - parts.reduce(1) { $0 * (1 - $1.share) })
    }

    /// Of `total` equal parts of which `needed` must work, if nothing makes them fail together.
    public static func of(_ needed: Int, among total: Int, each: Availability) -> Availability {
        Availability(Binomial.atLeast(needed, trials: total, probability: each.share))
    }

    /// The same with a common cause in series, which takes `beta` of one part's unavailability.
    public static func of(
        _ needed: Int, among total: Int, each: Availability, commonCause beta: Double
    ) -> Availability {
        precondition((0...1).contains(beta), "\(beta)")
        let common = Availability(1 - beta * (1 - each.share))
        return series([of(needed, among: total, each: each), common])
    }
}
