/// How fast an error budget is used up: 1 uses it up exactly at the end of its period.
public struct BurnRate: Sendable, Equatable {
    /// The objective, a share of good requests below 1.
    public let objective: Double

    /// Of an objective.
    public init(objective: Double) {
        precondition(objective >= 0 && objective < 1, "\(objective)")
        self.objective = objective
    }

    /// The share of requests that may fail.
    public var budget: Double { 1 - objective }

    /// How many of so many requests may fail.
    public func budgetErrors(requests: Int) -> Double { budget * Double(requests) }

    /// The rate at which a share of errors burns.
    public func rate(errorShare: Double) -> Double { errorShare / budget }

    /// The rate that uses up `budgetShare` of the budget of `periodHours` within `windowHours`.
    public static func threshold(
        budgetShare: Double, periodHours: Double, windowHours: Double
    ) -> Double {
        precondition(budgetShare > 0 && periodHours > 0 && windowHours > 0)
        return budgetShare * periodHours / windowHours
    }

    /// The short window that goes with a long one, which ends an alarm soon after its cause.
    public static func shortWindow(of windowHours: Double) -> Double { windowHours / 12 }

    /// How many hours a rate above 0 takes to use up the budget of a period.
    public static func hoursToExhaust(rate: Double, periodHours: Double) -> Double {
        precondition(rate > 0, "\(rate)")
        return periodHours / rate
    }

    /// The share of errors at a rate.
    public func errorShare(rate: Double) -> Double { rate * budget }

    /// Whether both windows burn faster than a rate.
    ///
    /// - Source: Google, Site Reliability Workbook, chapter 5.
    public func fires(longShare: Double, shortShare: Double, threshold: Double) -> Bool {
        let limit = errorShare(rate: threshold)
        return longShare > limit && shortShare > limit
    }

    /// Whether a window has requests enough to tell a rate from one error: ten expected at it.
    public func isAlertable(requests: Int, threshold: Double) -> Bool {
        errorShare(rate: threshold) * Double(requests) >= 10
    }

    /// Whether a long window proves, at 99.9 %, that the budget is being used up too fast at all.
    public func isProven(_ seen: Proportion) -> Bool {
        seen.lowerBound(confidence: 0.999).map { $0 > budget } ?? false
    }
}
