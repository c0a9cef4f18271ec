public import Evidence
public import Profiles

/// One of several runs of a profile: one value of each metric, and each objective by itself.
public struct Repetition: Sendable, Codable, Equatable {
    /// An objective in this run alone.
    public struct OfObjective: Sendable, Codable, Equatable {
        /// The run's own verdict on it.
        public var verdict: RunVerdict.Word
        /// Whether the run refutes it at the level that it has among all runs, so that any of them
        /// does so by chance no more often than one run may.
        public var isRefuted: Bool
        /// Requests that count against it.
        public var count: Int
        /// All requests that it is about.
        public var total: Int
        /// What was measured; `nil` if nothing was.
        public var value: Double?
        /// The latency at its quantile in nanoseconds; `nil` for other objectives, and where it
        /// lies among the requests that failed.
        public var quantileNanoseconds: Double?

        /// An objective's figures from their parts.
        public init(
            verdict: RunVerdict.Word, isRefuted: Bool, count: Int, total: Int,
            value: Double? = nil, quantileNanoseconds: Double? = nil
        ) {
            self.verdict = verdict
            self.isRefuted = isRefuted
            self.count = count
            self.total = total
            self.value = value
            self.quantileNanoseconds = quantileNanoseconds
        }
    }

    /// The seed that it was made with.
    public var seed: UInt64
    /// Its own verdict, of this run alone.
    public var verdict: RunVerdict.Word
    /// Its values, one of each metric.
    public var figures: RunFigures
    /// The variance of a value within the run by the metric's name, on the scale on which runs are
    /// compared; without metrics for which the run is too short.
    public var within: [String: Double]
    /// The profile's objectives, in its order.
    public var objectives: [OfObjective]

    /// A run from its parts.
    public init(
        seed: UInt64, verdict: RunVerdict.Word, figures: RunFigures, within: [String: Double],
        objectives: [OfObjective]
    ) {
        self.seed = seed
        self.verdict = verdict
        self.figures = figures
        self.within = within
        self.objectives = objectives
    }

    /// A run with its own verdict, one of `count`.
    public init(
        _ evidence: RunEvidence, profile: Profile, verdict: RunVerdict, of count: Int
    ) {
        let refuting = Self.shared(profile, by: count)
        let strict = Judge.judge(evidence, profile: refuting)
        self.init(
            seed: profile.seed, verdict: verdict.verdict,
            figures: RunFigures(evidence, profile: profile),
            within: WithinRun.variances(evidence, profile: profile),
            objectives: zip(verdict.objectives, strict.objectives).map { own, strict in
                OfObjective(
                    verdict: own.verdict,
                    isRefuted: own.verdict == .fail && strict.verdict == .fail,
                    count: own.count, total: own.total, value: own.value,
                    quantileNanoseconds: own.quantile?.nanoseconds.map { Double($0) })
            })
    }

    /// The profile at the level that each of `count` runs has, so that together they err as seldom
    /// as one may.
    private static func shared(_ profile: Profile, by count: Int) -> Profile {
        var profile = profile
        func level(_ confidence: Double) -> Double { 1 - (1 - confidence) / Double(max(1, count)) }
        for index in profile.objectives.indices {
            profile.objectives[index].confidence =
                profile.objectives[index].confidence.map(level)
        }
        profile.confidence = level(profile.confidence)
        return profile
    }
}
