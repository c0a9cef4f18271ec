public import Measurements
import Statistics

/// Whether a target kept up with a step's load: by the seconds of the step alone, so that what is
/// answered after it does not count.
///
/// A step may end before a queue that grows has reached any latency bound. What tells is the queue:
/// arrivals that are in flight grow in number for as long as the rate is above what the target can
/// serve.
///
/// - Source: statistics.md 7.2.
public struct CapacityStability: Sendable, Equatable {
    /// What kept the target from being stable.
    public enum Problem: Sendable, Equatable {
        /// More arrivals are in flight from second to second.
        case grows
        /// Too few of the arrivals were answered while the step went on.
        case fallsBehind
        /// The step has too few whole seconds to tell.
        case tooShort
    }

    /// Arrivals that were answered within the step's seconds, of those that came in them, 0 to 1
    /// and somewhat above where more was answered than came; `nil` if nothing came.
    public let answeredShare: Double?
    /// By how many arrivals in flight a second the number grows; `nil` below two seconds.
    public let growthPerSecond: Double?
    /// The one-sided chance of so many rises between the step's seconds without a trend.
    public let growthP: Double?
    /// Right answers a second within the step's seconds; `nil` if there are none.
    public let throughput: Double?
    /// What kept the target from being stable; `nil` if it was.
    public let problem: Problem?

    /// The level of the trend test.
    ///
    /// A rate that fails is tried once more, so that a stable one
    /// fails twice by chance in one of ten thousand searches, in a few of a thousand where what is
    /// in flight keeps some of its size from second to second.
    public static let level = 0.01
    /// The least share of arrivals that must be answered within the step.
    public static let minimumAnswered = 0.99
    /// Growth below this share of the arrivals, or below two of them, is none that matters: a
    /// minute of it makes no queue.
    public static let minimumGrowth = 0.001
    private static let minimumGrowthCount = 2.0
    /// With fewer seconds even a steady rise is not significant.
    public static let minimumSeconds = 6
    /// A row that ends so much later than the step, in seconds, is still the step's last.
    private static let lateness = 0.1

    /// Of a run's rows, the step's load lasting from one time to another, in seconds from the
    /// start of the run.
    public init(_ rows: [SeriesRow], from start: Double, to end: Double) {
        let before = rows.last { $0.timeSeconds <= start + Self.lateness }
        let first = before?.timeSeconds ?? 0
        let inside = rows.filter {
            $0.timeSeconds > first && $0.timeSeconds <= end + Self.lateness
        }
        let inFlight = [before?.inFlight ?? 0] + inside.map(\.inFlight)
        let started = inside.reduce(0) { $0 + $1.started }
        let arrivals = started + inside.reduce(0) { $0 + $1.dropped }
        let seconds = (inside.last?.timeSeconds ?? first) - first
        throughput =
            seconds > 0
            ? Double(Self.ended(inside) { $0 == .ok }) / seconds : nil
        let unanswered = Self.ended(inside) { $0.isUnanswered }
        let behind = (inFlight.last ?? 0) - (inFlight.first ?? 0)
        answeredShare =
            arrivals > 0
            ? max(0, Double(started - behind - unanswered) / Double(arrivals)) : nil
        let trend = (try? Series(inFlight.map { Double($0) })).flatMap { Trend($0) }
        growthPerSecond = trend?.estimate.slope
        growthP = trend?.pIncreasing()
        problem = Self.problem(
            seconds: inside.count, arrivals: arrivals, answered: answeredShare,
            growth: (growthPerSecond ?? 0) * Double(inside.count), p: growthP ?? 1)
    }

    private static func problem(
        seconds: Int, arrivals: Int, answered: Double?, growth: Double, p: Double
    ) -> Problem? {
        if let answered, answered < minimumAnswered { return .fallsBehind }
        let isMaterial = growth >= max(minimumGrowthCount, minimumGrowth * Double(arrivals))
        if isMaterial, p <= level { return .grows }
        return seconds < minimumSeconds || answered == nil ? .tooShort : nil
    }

    private static func ended(_ rows: [SeriesRow], _ include: (Outcome) -> Bool) -> Int {
        rows.flatMap(\.counts).flatMap(\.outcomes).reduce(0) {
            $0 + (include($1.key) ? $1.value : 0)
        }
    }

    /// What was wrong, in words; empty where the target was stable.
    public var sentence: String {
        switch problem {
        case nil: return ""
        case .grows:
            return "arrivals in flight grew by \(Figure.significant(growthPerSecond ?? 0)) a "
                + "second (p = \(Figure.significant(growthP ?? 1)), level "
                + "\(Figure.given(Self.level))), so that the target does not keep up."
        case .fallsBehind:
            return "\(Figure.percent(answeredShare ?? 0)) of the arrivals were answered within "
                + "the step, and \(Figure.given(Self.minimumAnswered)) must be."
        case .tooShort:
            return "the step has fewer than \(Self.minimumSeconds) seconds with load, too few to "
                + "see whether a queue grows."
        }
    }
}
