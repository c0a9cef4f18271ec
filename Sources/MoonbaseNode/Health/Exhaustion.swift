/// When something that grows will reach its limit: the median of the slopes between all pairs of
/// the newest readings, so that a single jump is no trend.
///
/// - Source: Theil, "A rank-invariant method of linear and polynomial regression analysis", 1950.
struct Exhaustion: Sendable {
    private var readings: [(seconds: Double, value: Double)] = []
    private static let maximumReadings = 60
    private static let minimumReadings = 10

    /// Adds a reading; about one a second.
    mutating func add(_ value: Double, at seconds: Double) {
        readings.append((seconds, value))
        if readings.count > Self.maximumReadings { readings.removeFirst() }
    }

    /// The median slope, per second; `nil` while there are too few readings.
    ///
    /// O(n^2) of 60.
    var slope: Double? {
        guard readings.count >= Self.minimumReadings else { return nil }
        var slopes: [Double] = []
        for (index, one) in readings.enumerated() {
            for other in readings[(index + 1)...] where other.seconds > one.seconds {
                slopes.append((other.value - one.value) / (other.seconds - one.seconds))
            }
        }
        slopes.sort()
        return slopes.isEmpty ? nil : slopes[slopes.count / 2]
    }

    /// Seconds until `limit` is reached at the present slope; infinite where it does not grow.
    func secondsLeft(until limit: Double) -> Double {
        guard let last = readings.last, let slope else { return .infinity }
        if last.value >= limit { return 0 }
        return slope > 0 ? (limit - last.value) / slope : .infinity
    }
}
