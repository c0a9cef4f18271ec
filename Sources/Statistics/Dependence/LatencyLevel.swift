/// The level of latency in a second: mean and variance of its logarithm over the requests.
public struct LatencyLevel: Sendable, Equatable {
    /// How many requests.
    public private(set) var count = 0
    private var sum = 0.0
    private var squares = 0.0

    /// A level of no request.
    public init() {}

    /// A level of requests with these latencies, in any unit, each above 0.
    public init(_ latencies: [Double]) {
        for latency in latencies { add(logarithm: Double.log(latency), count: 1) }
    }

    /// Adds `count` requests whose latency has this natural logarithm.
    public mutating func add(logarithm: Double, count: Int) {
        self.count += count
        sum += logarithm * Double(count)
        squares += logarithm * logarithm * Double(count)
    }

    /// Adds the requests of another level.
    public mutating func add(_ other: LatencyLevel) {
        count += other.count
        sum += other.sum
        squares += other.squares
    }

    /// The mean of the logarithm; 0 without a request.
    var mean: Double { count > 0 ? sum / Double(count) : 0 }

    /// The unbiased variance of the logarithm; 0 below two requests.
    var variance: Double {
        count > 1 ? max(0, (squares - sum * mean) / Double(count - 1)) : 0
    }
}
