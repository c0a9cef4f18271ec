import Statistics
import Verdicts

/// What is known of the two targets of a row of comparisons, and how often it may be misjudged.
struct GateTruth: Sendable {
    /// What is counted in a row.
    enum Counted: String, Sendable {
        /// REGRESSED.
        case regressed = "REGRESSED"
        /// REGRESSED, by the margin or more.
        case byMargin = "by the margin"
        /// SAME or IMPROVED, which both say that nothing is worse by the margin.
        case passed = "SAME or IMPROVED"

        func counts(_ comparison: Comparison) -> Bool {
            switch self {
            case .regressed: comparison.word == .regressed
            case .byMargin: comparison.word == .regressed && comparison.isWorseByMargin
            case .passed: comparison.word == .same || comparison.word == .improved
            }
        }
    }

    /// The folder of its comparisons, and its name on the command line.
    let name: String
    let description: String
    /// How many times slower the candidate is.
    let factor: Double
    let margin: Double
    let counted: Counted
    /// The share of comparisons in which it is counted, at most or at least.
    let share: Double
    let isAtLeast: Bool

    /// Rows of real nodes.
    static let nodes = [
        GateTruth(
            name: "equal", description: "equal nodes", factor: 1, margin: 0.05,
            counted: .regressed, share: 0.05, isAtLeast: false),
        GateTruth(
            name: "noisy", description: "equal nodes, a busy loop on and off", factor: 1,
            margin: 0.05, counted: .regressed, share: 0.05, isAtLeast: false),
        GateTruth(
            name: "slower", description: "candidate 10 % slower", factor: 1.1, margin: 0.05,
            counted: .regressed, share: 0.9, isAtLeast: true),
        GateTruth(
            name: "slightly", description: "candidate 3 % slower", factor: 1.03, margin: 0.05,
            counted: .byMargin, share: 0.05, isAtLeast: false),
    ]

    /// Rows of simulated rounds.
    static let simulated =
        nodes.filter { $0.name != "noisy" } + [
            GateTruth(
                name: "margin", description: "candidate 5 % slower, at the margin", factor: 1.05,
                margin: 0.05, counted: .passed, share: 0.05, isAtLeast: false)
        ]

    /// Whether a count is as it must be, but for what chance does in one of a thousand tries.
    func allows(_ count: Int, of comparisons: Int) -> Bool {
        isAtLeast
            ? Binomial.atMost(comparisons - count - 1, trials: comparisons, probability: 1 - share)
                <= 0.999
            : Binomial.atMost(count - 1, trials: comparisons, probability: share) <= 0.999
    }

    /// What must hold, in words.
    var bound: String {
        "\(counted.rawValue) in at \(isAtLeast ? "least" : "most") \(Figure.percent(share))"
    }
}
