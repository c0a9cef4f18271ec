/// Several fresh runs of one profile, and what they say of the build: repeat.json.
public struct RepeatRecord: Sendable, Codable, Equatable {
    /// The version of its form.
    public static let schema = "loadgen/repeat/1"

    /// One metric over the runs.
    public struct OfMetric: Sendable, Codable, Equatable {
        /// Its name: p50, p95, p99, error-rate or throughput.
        public var metric: String
        /// How many runs measured it.
        public var runs: Int
        /// The mean of the build: the geometric one of times and rates.
        public var mean: Double
        /// The lower bound of the mean; `nil` below three runs, as all bounds are.
        public var lower: Double?
        /// The upper bound of the mean.
        public var upper: Double?
        /// The lower bound of the next run's value.
        public var nextLower: Double?
        /// The upper bound of the next run's value.
        public var nextUpper: Double?
        /// How much runs differ beyond what each varies within itself: a standard deviation, as a
        /// share of the mean, of the error rate in shares of requests; `nil` if what a run
        /// varies within itself is not known.
        public var between: Double?
        /// How much a value varies by chance within its run, in the same way.
        public var within: Double?
    }

    /// One objective over the runs.
    public struct OfObjective: Sendable, Codable, Equatable {
        /// The objective as people write it.
        public var objective: String
        /// The verdict over the runs.
        public var verdict: RunVerdict.Word
        /// How many runs it could be judged by.
        public var runs: Int
        /// The bound of the next run's value on the side of the limit: nanoseconds of a latency,
        /// a share of requests that count against it, or a rate a second; `nil` if there is
        /// none.
        public var nextBound: Double?
        /// What it is held against, in the same unit; `nil` if runs are only counted.
        public var limit: Double?
        /// One-sided, of the bound.
        public var confidence: Double
        /// How many more runs would decide it, if they are like these; `nil` if it is decided,
        /// or where no number would.
        public var moreRuns: Int?
        /// All of it in words.
        public var sentence: String
    }

    /// The version of its form.
    public var schema = Self.schema
    /// The verdict over all objectives.
    public var verdict: RunVerdict.Word
    /// The profile's name.
    public var profile: String
    /// The target's URL or command.
    public var target: String
    /// How many runs were asked for.
    public var wanted: Int
    /// One-sided, of every bound.
    public var confidence: Double
    /// How long it all took, in seconds.
    public var seconds: Double
    /// The runs, in order.
    public var runs: [Repetition]
    /// Every metric.
    public var metrics: [OfMetric]
    /// Every objective of the profile.
    public var objectives: [OfObjective]
    /// What limits the claim, in words.
    public var notes: [String]

    /// The process's exit code for the verdict.
    public var exitCode: Int32 { verdict.exitCode }
}
