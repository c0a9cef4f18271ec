/// What to cut off the start of a run before steady state is claimed.
public struct WarmUp: Sendable, Equatable {
    /// What the profile or the default asks for, in seconds.
    public let configuredSeconds: Double
    /// What the series itself asks for, in seconds; `nil` if it is too short to say.
    public let transientSeconds: Double?
    /// Whether a steady state was reached; `nil` if the series is too short to say.
    public let isSteady: Bool?

    /// Judges per-second latency of a whole run.
    ///
    /// - Parameter profileSeconds: the profile's own warm-up; the default is 10 s or a tenth of the
    ///   run, whichever is longer, and a tenth of a run below 100 s.
    public init(perSecond series: Series, profileSeconds: Double? = nil) {
        let duration = Double(series.count)
        let tenth = 0.1 * duration
        configuredSeconds = profileSeconds ?? (duration >= 100 ? max(10, tenth) : tenth)
        let transient = Transient(series)
        transientSeconds = transient.map { Double($0.cut) }
        isSteady = transient?.isSteady
    }

    /// Whether the series was long enough to check that it is stationary.
    public var isChecked: Bool { isSteady != nil }

    /// What to cut, in seconds from the start.
    public var cutSeconds: Double { max(configuredSeconds, transientSeconds ?? 0) }

    /// Whether the run proves nothing of a steady state: more than half of it is warm-up.
    public var isInconclusive: Bool { isSteady == false }
}

extension WarmUp {
    /// Whether what the cut leaves of a series still rises or falls: "not stationary", so that
    /// nothing is to be said of longer runs.
    ///
    /// A trend at 0.01, over at most 300 means of equal blocks.
    ///
    /// - Returns: `nil` if the series was too short to check.
    public func isDrifting(_ series: Series) -> Bool? {
        guard isChecked else { return nil }
        let rest = Array(series.values.dropFirst(Int(clamping: cutSeconds.rounded(.up))))
        let size = (rest.count + 299) / 300
        guard size > 0 else { return nil }
        let means = (0..<rest.count / size).compactMap { block in
            Array(rest[block * size..<(block + 1) * size]).mean
        }
        guard let trend = Trend(Series(finite: means)) else { return nil }
        return trend.pTwoSided(varianceFactor: trend.varianceFactor) < 0.01
    }
}

/// Where the first, transient part of a series ends, by MSER-5.
///
/// - Source: White 1997; Spratt 1998; Hoad & Robinson 2011.
public struct Transient: Sendable, Equatable {
    /// Values that are averaged into one group.
    private static let groupSize = 5
    /// Groups that must remain after the cut.
    private static let least = 5

    /// How many groups of five values the series has; an incomplete last one is left out.
    public let groups: Int
    /// How many groups to cut off.
    public let cutGroups: Int
    /// The squared standard error of what remains without a cut.
    public let errorUncut: Double
    /// The squared standard error of what remains after the cut.
    public let error: Double

    /// Of a series; `nil` if it has fewer than ten groups.
    ///
    /// O(n).
    public init?(_ series: Series) {
        let groups = Self.groups(of: series)
        guard groups >= 10 else { return nil }
        let means = (0..<groups).map { group in
            Array(series.values[group * 5..<group * 5 + Self.groupSize]).mean ?? 0
        }
        // From the back: the mean and squared deviations of the groups from each one on.
        var errors = [Double](repeating: 0, count: groups)
        var (mean, squares) = (0.0, 0.0)
        for group in means.indices.reversed() {
            let count = Double(groups - group)
            let step = means[group] - mean
            mean += step / count
            squares += step * (means[group] - mean)
            errors[group] = squares / (count * count)
        }
        let candidates = errors.prefix(groups - Self.least + 1)
        let best = candidates.indices.min { errors[$0] < errors[$1] } ?? 0
        self.groups = groups
        cutGroups = best
        errorUncut = errors[0]
        error = errors[best]
    }

    /// How many groups a series has.
    public static func groups(of series: Series) -> Int { series.count / groupSize }

    /// How many values to cut off.
    public var cut: Int { cutGroups * Self.groupSize }

    /// Whether at least half of the series is left.
    public var isSteady: Bool { 2 * cutGroups <= groups }
}
