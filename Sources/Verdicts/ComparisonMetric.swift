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

    /// Everything that is compared, in the order of reports.
    public static let all: [ComparisonMetric] = [
        .latency(partsPerMillion: 500_000), .latency(partsPerMillion: 950_000),
        .latency(partsPerMillion: 990_000), .throughput, .errorRate, .cpu, .memory,
    ]

    /// The name on the command line and in reports.
    public var name: String {
        switch self {
        case .latency(let partsPerMillion): Figure.quantile(partsPerMillion: partsPerMillion)
        case .throughput: "throughput"
        case .errorRate: "error-rate"
        case .cpu: "cpu"
        case .memory: "memory"
        }
    }

    /// The metric of a name; absent where there is none.
    public init?(named name: String) {
        guard let found = Self.all.first(where: { $0.name == name }) else { return nil }
        self = found
    }

    /// Whether more is better.
    var isHigherBetter: Bool { self == .throughput }

    /// A value as people read it.
    public func text(_ value: Double) -> String {
        switch self {
        case .latency: Figure.time(Self.whole(value))
        case .throughput: "\(Figure.significant(value, digits: 4))/s"
        case .errorRate: Figure.percent(value)
        case .cpu: "\(Figure.time(Self.whole(value * 1e9)))/request"
        case .memory: Figure.bytes(Self.whole(value))
        }
    }

    private static func whole(_ value: Double) -> UInt64 {
        UInt64(min(1e18, max(0, value.rounded())))
    }

    /// The value whose logarithm is compared: lower is better, above 0.
    ///
    /// The logarithm of an error rate's is the rate itself, so that a ratio's logarithm is the
    /// difference of rates.
    func scale(_ value: Double) -> Double {
        switch self {
        case .throughput: value > 0 ? 1 / value : .infinity
        case .errorRate: Double.exp(value)
        default: value
        }
    }

    /// The margin that stands for its ratios.
    func ratioMargin(_ rule: ComparisonRule) -> Double {
        self == .errorRate ? Double.exp(rule.errorMargin) - 1 : rule.margin
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
    /// One-sided, of each bound, over all looks.
    public var confidence: Double
    /// Which metrics decide; absent for those that a run measures well enough.
    public var metrics: [ComparisonMetric]?
    /// How values belong together.
    public var design: Design
    /// Whether the rounds are looked at while they come, at 7, 10, 14 and 20.
    public var isSequential: Bool

    /// A rule from its parts.
    public init(
        margin: Double = 0.05, errorMargin: Double = 0.001, confidence: Double = 0.95,
        metrics: [ComparisonMetric]? = nil, design: Design = .paired
    ) {
        precondition(margin > 0 && errorMargin > 0, "\(margin), \(errorMargin)")
        precondition(confidence > 0.5 && confidence < 1, "\(confidence)")
        self.margin = margin
        self.errorMargin = errorMargin
        self.confidence = confidence
        self.metrics = metrics
        self.design = design
        isSequential = design == .paired
    }
}
