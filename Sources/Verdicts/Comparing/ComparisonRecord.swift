/// A comparison with the values that it rests on: comparison.json.
public struct ComparisonRecord: Sendable, Codable, Equatable {
    /// The version of its form.
    public static let schema = "loadgen/comparison/1"

    /// The version of its form.
    public var schema = Self.schema
    /// The comparison.
    public var comparison: Comparison
    /// What the baseline is: a URL, a command, or folders.
    public var baselineName: String
    /// What the candidate is.
    public var candidateName: String
    /// The profile that both were loaded by.
    public var profile: String
    /// How long the comparison took; `nil` if its runs were there.
    public var seconds: Double?
    /// The baseline's runs, in the order of the rounds.
    public var baseline: [RunFigures]
    /// The candidate's runs, in the order of the rounds.
    public var candidate: [RunFigures]

    /// A record from its parts.
    public init(
        comparison: Comparison, baselineName: String, candidateName: String, profile: String,
        baseline: [RunFigures], candidate: [RunFigures]
    ) {
        self.comparison = comparison
        self.baselineName = baselineName
        self.candidateName = candidateName
        self.profile = profile
        self.baseline = baseline
        self.candidate = candidate
    }
}
