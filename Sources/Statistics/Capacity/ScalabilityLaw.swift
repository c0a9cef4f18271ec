/// The universal scalability law: throughput by concurrency, with a price for waiting on what is
/// shared and one for keeping it coherent.
///
/// - Source: Gunther, Guerrilla Capacity Planning, 2007.
public struct ScalabilityLaw: Sendable, Equatable {
    /// Throughput at concurrency 1, in requests a second.
    public let rate: Double
    /// The share of work that runs one at a time, 0 to 1.
    public let contention: Double
    /// The price of each pair that must agree, from 0.
    public let coherency: Double

    /// A law.
    public init(rate: Double, contention: Double, coherency: Double) {
        precondition(rate >= 0 && (0...1).contains(contention) && coherency >= 0)
        self.rate = rate
        self.contention = contention
        self.coherency = coherency
    }

    /// Requests a second at a concurrency from 0.
    public func throughput(at concurrency: Double) -> Double {
        precondition(concurrency >= 0, "\(concurrency)")
        return rate * concurrency
            / (1 + contention * (concurrency - 1) + coherency * concurrency * (concurrency - 1))
    }

    /// Where throughput is highest; `nil` without a price for coherency, where it never falls.
    public var peakConcurrency: Double? {
        coherency > 0 ? ((1 - contention) / coherency).squareRoot() : nil
    }

    /// The highest throughput; `nil` with `peakConcurrency`.
    public var peakThroughput: Double? { peakConcurrency.map { throughput(at: $0) } }

    /// What contention alone would allow at any concurrency (Amdahl); `nil` without contention.
    public var limit: Double? { contention > 0 ? rate / contention : nil }
}
