import ArgumentParsing
import Campaigns
import Profiles
import Suggestions
import Targets
import Verdicts

/// What a comparison is asked for on the command line, each value checked against its range.
struct ComparisonInput {
    /// What is compared.
    enum Kind {
        case sideBySide(TargetSource, TargetSource)
        case runs(String, String)
        case baseline(String)
    }

    /// What is compared.
    let kind: Kind
    /// How long a run's judged load takes.
    let roundSeconds: Double
    /// When no further round begins.
    let maximumSeconds: Double
    private let margin: Double
    private let errorMargin: Double
    private let growthMargin: Double
    private let confidence: Double
    private let metrics: [ComparisonMetric]?

    /// The look that every comparison should reach in its time, two runs a round.
    private static let maximumRuns = 40.0
    /// What a run takes beside its judged load, in seconds: start, readiness, warm-up, end.
    private static let overheadSeconds = 0.6
    private static let minimumRoundSeconds = 1.5
    private static let shortestRoundSeconds = 0.2

    init(_ arguments: Arguments) throws {
        kind = try Self.kind(arguments)
        maximumSeconds = try arguments.duration("--max-duration") ?? 90
        let fitting = maximumSeconds / Self.maximumRuns - Self.overheadSeconds
        roundSeconds = try arguments.duration("--round") ?? max(Self.minimumRoundSeconds, fitting)
        guard roundSeconds >= Self.shortestRoundSeconds else {
            throw UsageError("--round is 200ms at least: a shorter one measures its own start")
        }
        margin = try arguments.share("--margin") ?? 0.05
        errorMargin = try arguments.share("--error-margin") ?? 0.001
        growthMargin = try Self.growthMargin(arguments)
        confidence = try arguments.confidence()
        guard confidence > 0.5 else { throw UsageError("--confidence is above 50%, as in 95%") }
        let names = arguments.all("--metric")
        let chosen = try names.map { name throws(UsageError) in
            guard let metric = ComparisonMetric(named: name) else {
                let known = ComparisonMetric.all.map(\.name)
                let hint =
                    Suggestion.closest(to: name, among: known).map { "did you mean \($0)?" }
                    ?? "there are \(known.joined(separator: ", "))"
                throw UsageError("there is no metric \(name); \(hint)")
            }
            return metric
        }
        metrics = chosen.isEmpty ? nil : chosen
    }

    private static func growthMargin(_ arguments: Arguments) throws(UsageError) -> Double {
        guard let text = arguments.value("--growth-margin") else { return 64 }
        guard let bytes = Double(text), bytes > 0, bytes <= ComparisonRule.maximumGrowthMargin
        else {
            throw UsageError(
                "--growth-margin is bytes a request, above 0 and at most "
                    + "\(Figure.whole(Int(ComparisonRule.maximumGrowthMargin))), not \"\(text)\"")
        }
        return bytes
    }

    private static func kind(_ arguments: Arguments) throws -> Kind {
        let words = arguments.arguments
        if let name = arguments.value("--baseline") {
            guard arguments.value("--base") == nil, arguments.value("--candidate") == nil else {
                throw UsageError("--baseline compares runs that were made, without --base")
            }
            return .baseline(name)
        }
        switch (arguments.value("--base"), arguments.value("--candidate")) {
        case (let base?, let candidate?):
            guard words.count == 1 else {
                throw UsageError("compare with --base and --candidate takes one PROFILE")
            }
            return .sideBySide(try TargetSource(base), try TargetSource(candidate))
        case (nil, nil):
            guard words.count == 2 else {
                throw UsageError(
                    "compare wants a PROFILE with --base and --candidate, or two runs: BASE "
                        + "CANDIDATE")
            }
            return .runs(words[0], words[1])
        case (nil, _): throw UsageError("--candidate goes with --base, which is missing")
        case (_, nil): throw UsageError("--base goes with --candidate, which is missing")
        }
    }

    /// The rule for a design.
    func rule(_ design: ComparisonRule.Design) -> ComparisonRule {
        ComparisonRule(
            margin: margin, errorMargin: errorMargin, growthMargin: growthMargin,
            confidence: confidence, metrics: metrics, design: design)
    }
}
