/// What several runs of one build say of the build, and of its next run: how far runs differ from
/// each other, beyond what each of them varies within itself.
///
/// The run is the unit: its requests share a process, its addresses and the machine's mood, so that
/// no number of them says how another run would be. Bounds are Student's over the runs' values,
/// each with the same weight. Weights by the variance within each run (as DerSimonian and Laird
/// have) gain little where runs have one length, need variances that dependence within a run makes
/// unreliable, and err too often with few runs; Student's bounds hold for any such variances that
/// the runs have alike. The variance within is used for one thing: to say how much of the spread is
/// between the runs.
///
/// - Source: Hedges & Olkin 1985 (variance between); Hahn & Meeker 1991 (bounds for a next value).
public struct RandomEffects: Sendable, Equatable {
    /// How many runs.
    public let count: Int
    /// The mean of the runs' values.
    public let mean: Double
    /// The variance of the runs' values, between and within together.
    public let variance: Double
    /// The mean variance of a value within its run; `nil` if it is not known of every run.
    public let within: Double?

    /// The fewest runs that something is said of the next one by.
    public static let minimumRuns = 3

    /// Values of runs, on a scale on which they are about normal, and each one's variance within
    /// its run, where all are known; `nil` below two runs.
    ///
    /// O(n).
    ///
    /// - Parameter minimumVariance: below this no run's value can vary, as a count has chance in
    ///   it.
    public init?(_ values: Series, within: [Double] = [], minimumVariance: Double = 0) {
        guard values.count >= 2, let mean = values.values.mean,
            let variance = values.values.variance
        else { return nil }
        self.init(
            count: values.count, mean: mean, variance: max(variance, minimumVariance),
            within: within.count == values.count ? within.mean : nil)
    }

    /// From what is known; `count` is 2 or more, no variance below 0.
    public init(count: Int, mean: Double, variance: Double, within: Double? = nil) {
        precondition(count >= 2 && variance >= 0, "\(count), \(variance)")
        self.count = count
        self.mean = mean
        self.variance = variance
        self.within = within
    }

    /// How much runs differ beyond what each varies within itself; 0 where that explains all of it,
    /// `nil` if the variance within is not known.
    public var between: Double? { within.map { max(0, variance - $0) } }

    private var student: StudentDistribution {
        StudentDistribution(degreesOfFreedom: Double(count - 1))
    }

    private func bound(_ confidence: Double, _ share: Double) -> Double {
        student.quantile(confidence) * (variance * share).squareRoot()
    }

    /// The one-sided lower bound of the build's mean.
    public func lower(_ confidence: Double) -> Double {
        mean - bound(confidence, 1 / Double(count))
    }

    /// The one-sided upper bound of the build's mean.
    public func upper(_ confidence: Double) -> Double {
        mean + bound(confidence, 1 / Double(count))
    }

    /// Below this the next run's value lies with at most 1 - `confidence`.
    public func nextLower(_ confidence: Double) -> Double {
        mean - bound(confidence, 1 + 1 / Double(count))
    }

    /// Above this the next run's value lies with at most 1 - `confidence`.
    public func nextUpper(_ confidence: Double) -> Double {
        mean + bound(confidence, 1 + 1 / Double(count))
    }

    /// The chance of so high a mean if the build's were at `limit`.
    public func pAbove(_ limit: Double) -> Double { p(mean - limit) }

    /// The chance of so low a mean if the build's were at `limit`.
    public func pBelow(_ limit: Double) -> Double { p(limit - mean) }

    private func p(_ distance: Double) -> Double {
        guard variance > 0 else { return distance > 0 ? 0 : 1 }
        return student.above(distance / (variance / Double(count)).squareRoot())
    }

    /// How many runs in all, from 3 to `most`, would put the bound of the next one below `limit`,
    /// if mean and variance stayed as they are; `nil` if that many would not.
    public func runsForNext(below limit: Double, confidence: Double, most: Int) -> Int? {
        (Self.minimumRuns...max(Self.minimumRuns, most)).first { count in
            let runs = RandomEffects(count: count, mean: mean, variance: variance)
            return runs.nextUpper(confidence) < limit
        }
    }
}
