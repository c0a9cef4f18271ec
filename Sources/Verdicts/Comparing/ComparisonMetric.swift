import Statistics

/// One of the things that two builds are compared by.
public enum ComparisonMetric: Sendable, Hashable {
    /// A quantile of latency, where a failed request counts as one that took the whole timeout.
    case latency(partsPerMillion: Int)
    /// Right answers a second.
    case throughput
    /// The share of requests that failed; compared by its difference, since it is often 0.
    case errorRate
    /// CPU time of the target for a request.
    case cpu
    /// Bytes of memory that the target has in use after the load.
    case memory
    /// Bytes by which the target's memory grew for a request; compared by its difference, since it
    /// is near 0 where nothing is kept.
    case growth

    /// Everything that is compared, in the order of reports.
    public static let all: [ComparisonMetric] = [
        .latency(partsPerMillion: 500_000), .latency(partsPerMillion: 950_000),
        .latency(partsPerMillion: 990_000), .throughput, .errorRate, .cpu, .memory,
        .growth,
    ]

    /// The name on the command line and in reports.
    public var name: String {
        switch self {
        case .latency(let partsPerMillion): Figure.quantile(partsPerMillion: partsPerMillion)
        case .throughput: "throughput"
        case .errorRate: "error-rate"
        case .cpu: "cpu"
        case .memory: "memory"
        case .growth: "growth"
        }
    }

    /// The metric of a name; `nil` if there is none.
    public init?(named name: String) {
        guard let found = Self.all.first(where: { $0.name == name }) else { return nil }
        self = found
    }

    /// Whether more is better.
    var isHigherBetter: Bool { self == .throughput }

    /// Whether the difference of two values is compared, rather than their ratio.
    public var isDifference: Bool { self == .errorRate || self == .growth }

    /// A value as people read it.
    public func text(_ value: Double) -> String {
        switch self {
        case .latency: Figure.time(Self.whole(value))
        case .throughput: "\(Figure.significant(value, digits: 4))/s"
        case .errorRate: Figure.percent(value)
        case .cpu: "\(Figure.time(Self.whole(value * 1e9)))/request"
        case .memory: Figure.bytes(Self.whole(value))
        case .growth: "\(Figure.significant(value)) B/request"
        }
    }

    /// By what share of the baseline the candidate's value is higher, or by what difference, where
    /// the candidate is `effect` times worse, or worse by it.
    public func change(_ effect: Double) -> Double {
        isDifference ? effect : isHigherBetter ? 1 / effect - 1 : effect - 1
    }

    /// A difference of two values as people read it, for what is compared by it.
    public func differenceText(_ difference: Double) -> String {
        self == .errorRate ? "\(Figure.significant(difference * 100)) points" : text(difference)
    }

    private static func whole(_ value: Double) -> UInt64 {
        UInt64(clamping: min(1e18, max(0, value.rounded())))
    }

    /// Keeps the exponential of a difference in range: a GiB for a request is 1024 of it.
    private static let growthUnit = 1_048_576.0

    /// The value whose logarithm is compared: lower is better, above 0.
    ///
    /// Of what is compared by its difference the logarithm is the value itself, so that a ratio's
    /// logarithm is the difference; of growth in MiB.
    func scale(_ value: Double) -> Double {
        switch self {
        case .throughput: value > 0 ? 1 / value : .infinity
        case .errorRate: Double.exp(value)
        case .growth: Double.exp(value / Self.growthUnit)
        default: value
        }
    }

    /// The effect that a ratio of scaled values stands for: itself, or a difference.
    func effect(_ ratio: Double) -> Double {
        switch self {
        case .errorRate: Double.log(ratio)
        case .growth: Double.log(ratio) * Self.growthUnit
        default: ratio
        }
    }

    /// The value whose scaled one has this logarithm.
    func value(ofLogarithm logarithm: Double) -> Double {
        switch self {
        case .throughput: Double.exp(-logarithm)
        case .errorRate: max(0, logarithm)
        case .growth: logarithm * Self.growthUnit
        default: Double.exp(logarithm)
        }
    }

    /// By what factor one step of the metric's reading moves a ratio of values of which the smaller
    /// one is `value`.
    func factor(ofStep step: Double, near value: Double) -> Double {
        isDifference ? scale(step) : value > 0 ? 1 + step / value : .infinity
    }

    /// What a worse candidate is called.
    var worse: String {
        switch self {
        case .latency: "slower"
        case .throughput: "lower"
        default: "higher"
        }
    }

    /// What a better candidate is called.
    var better: String {
        switch self {
        case .latency: "faster"
        case .throughput: "higher"
        default: "lower"
        }
    }

    /// How much worse still counts as the same: a share, or a difference.
    func margin(_ rule: ComparisonRule) -> Double {
        switch self {
        case .errorRate: rule.errorMargin
        case .growth: rule.growthMargin
        default: rule.margin
        }
    }

    /// The margin that stands for its ratios.
    func ratioMargin(_ rule: ComparisonRule) -> Double {
        isDifference ? scale(margin(rule)) - 1 : rule.margin
    }
}

/// How a comparison judges.
public struct ComparisonRule: Sendable, Equatable {
    /// How the values of the two builds belong together.
    public enum Design: String, Sendable, Codable {
        /// Both ran in every round, side by side.
        case paired
        /// Their runs were made apart.
        case unpaired
    }

    /// How much worse still counts as the same; 0.05 is 5 %.
    public var margin: Double
    /// The same for the error rate, as a difference of shares.
    public var errorMargin: Double
    /// The same for growth, in bytes a request.
    public var growthMargin: Double
    /// One-sided, of each bound, over all looks.
    public var confidence: Double
    /// Which metrics decide; `nil` for those that a run measures well enough.
    public var metrics: [ComparisonMetric]?
    /// How values belong together.
    public var design: Design
    /// No margin of growth is above this, in bytes a request.
    public static let maximumGrowthMargin = 1e8
    /// Whether the rounds are looked at while they come, at 7, 10, 14 and 20.
    public var isSequential: Bool

    /// A rule from its parts.
    public init(
        margin: Double = 0.05, errorMargin: Double = 0.001, growthMargin: Double = 64,
        confidence: Double = 0.95, metrics: [ComparisonMetric]? = nil,
        design: Design = .paired
    ) {
        precondition(margin > 0 && errorMargin > 0, "\(margin), \(errorMargin)")
        precondition(
            growthMargin > 0 && growthMargin <= Self.maximumGrowthMargin, "\(growthMargin)")
        precondition(confidence > 0.5 && confidence < 1, "\(confidence)")
        self.margin = margin
        self.errorMargin = errorMargin
        self.growthMargin = growthMargin
        self.confidence = confidence
        self.metrics = metrics
        self.design = design
        isSequential = design == .paired
    }
}
