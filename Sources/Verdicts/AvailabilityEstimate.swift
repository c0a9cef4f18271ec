import Statistics

/// What a year would be like if it were like a run: an estimate, for no load test can prove a year.
///
/// - Source: statistics.md section 8.
public struct AvailabilityEstimate: Sendable, Codable, Equatable {
    /// The share of requests that would be answered right, 0 to 1.
    public var share: Double
    /// The downtime that this is worth in a year of 365 days.
    public var downtimePerYearSeconds: Double
    /// The estimate with its assumptions, in words.
    public var sentence: String

    enum CodingKeys: String, CodingKey {
        case share
        case downtimePerYearSeconds = "downtime_per_year_s"
        case sentence
    }

    /// From the upper bound of the share that failed in so many seconds.
    init(mostFailed: Double, seconds: Double, confidence: Double) {
        let availability = Availability(1 - mostFailed)
        share = availability.share
        downtimePerYearSeconds = availability.downtime(in: Availability.secondsOfYear)
        sentence =
            "ESTIMATE, not proven: \(Figure.percent(share)) over a year, "
            + "\(Self.time(downtimePerYearSeconds)) of downtime, if all of it is like these "
            + "\(Figure.significant(seconds)) s (assumed; \(Figure.given(confidence)) bound of the "
            + "requests that failed)."
    }

    /// A time with three digits in the unit that people would take.
    private static func time(_ seconds: Double) -> String {
        switch seconds {
        case ..<120: "\(Figure.significant(seconds)) s"
        case ..<7_200: "\(Figure.significant(seconds / 60)) min"
        case ..<172_800: "\(Figure.significant(seconds / 3_600)) h"
        default: "\(Figure.significant(seconds / 86_400)) d"
        }
    }
}
