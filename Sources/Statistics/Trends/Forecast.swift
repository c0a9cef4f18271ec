/// A smoothed level that remembers, with limits outside which it has shifted.
///
/// - Source: Roberts 1959; Lucas & Saccucci 1990.
public struct ExponentialAverage: Sendable, Equatable {
    /// The smoothed value after each one of the series.
    public let values: [Double]
    /// Where it lies outside its limits.
    public let alarms: [Int]

    /// What is expected of a series in control.
    public struct Control: Sendable, Equatable {
        /// The mean.
        public var mean: Double
        /// The standard deviation, from 0.
        public var deviation: Double
        /// The weight of the newest value, above 0 up to 1.
        public var weight: Double
        /// How many of its own deviations the smoothed value may lie off.
        public var limit: Double

        /// The default raises one false alarm in 13 days of one-minute medians.
        public init(mean: Double, deviation: Double, weight: Double = 0.2, limit: Double = 4) {
            precondition(deviation >= 0 && weight > 0 && weight <= 1 && limit > 0)
            self.mean = mean
            self.deviation = deviation
            self.weight = weight
            self.limit = limit
        }
    }

    /// Smooths a series; O(n).
    public init(_ series: Series, control: Control) {
        let weight = control.weight
        var (smooth, decay) = (control.mean, 1.0)
        var (values, alarms): ([Double], [Int]) = ([], [])
        for (index, value) in series.values.enumerated() {
            smooth = weight * value + (1 - weight) * smooth
            decay *= (1 - weight) * (1 - weight)
            let width =
                control.limit * control.deviation
                * (weight / (2 - weight) * (1 - decay)).squareRoot()
            values.append(smooth)
            if (smooth - control.mean).magnitude > width { alarms.append(index) }
        }
        self.values = values
        self.alarms = alarms
    }
}

/// A level and a trend that remember; for display alone, never for a verdict.
///
/// - Source: Holt 1957.
public struct TrendForecast: Sendable, Equatable {
    /// The level after the last value.
    public let level: Double
    /// The change from one value to the next.
    public let trend: Double

    /// Smooths a series; O(n); `nil` below two values.
    ///
    /// - Parameters:
    ///   - levelWeight: the weight of the newest value, 0 to 1.
    ///   - trendWeight: the weight of the newest change, 0 to 1.
    public init?(_ series: Series, levelWeight: Double = 0.3, trendWeight: Double = 0.1) {
        let values = series.values
        guard values.count >= 2 else { return nil }
        var (level, trend) = (values[0], values[1] - values[0])
        for value in values.dropFirst() {
            let next = levelWeight * value + (1 - levelWeight) * (level + trend)
            trend = trendWeight * (next - level) + (1 - trendWeight) * trend
            level = next
        }
        self.level = level
        self.trend = trend
    }

    /// The value expected so many steps after the last.
    public func value(after steps: Int) -> Double { level + Double(steps) * trend }
}

/// When a level that grows reaches its limit: memory, disk, descriptors.
public struct TimeToLimit: Sendable, Equatable {
    /// By the estimated slope; `nil` if it does not grow.
    public let estimate: Double?
    /// By the slope's upper bound; `nil` if that does not grow.
    public let earliest: Double?
    /// By the slope's lower bound; `nil` if that does not grow: perhaps never.
    public let latest: Double?

    /// Times from now, in the unit of time of the slope; 0 at or above the limit.
    ///
    /// - Parameter slope: the estimate; `bounds` enclose it.
    public init(level: Double, limit: Double, slope: Double, bounds: ClosedRange<Double>) {
        func time(_ slope: Double) -> Double? {
            if level >= limit { return 0 }
            return slope > 0 ? (limit - level) / slope : nil
        }
        estimate = time(slope)
        earliest = time(bounds.upperBound)
        latest = time(bounds.lowerBound)
    }

    /// Whether an alarm is due: the latest time is within the horizon in the last three
    /// evaluations.
    public static func isAlarm(_ evaluations: [TimeToLimit], horizon: Double) -> Bool {
        evaluations.count >= 3
            && evaluations.suffix(3).allSatisfy { $0.latest.map { $0 < horizon } ?? false }
    }
}
