import EventLoops
import Histograms
import Statistics

/// What it costs to record a sample, and to merge few samples and many.
struct HistogramBenchmark {
    /// Latencies to record, in nanoseconds; more than the fastest cache holds is not the point.
    private let latencies: [UInt64]
    private static let fewSamples: UInt64 = 10_000
    private static let manySamples: UInt64 = 100_000_000
    private static let repetitions = 9

    /// Latencies spread evenly over the octaves from 20 us to 80 ms, in a random order.
    init() {
        var random = SeededRandom(seed: 42)
        latencies = (0..<4096).map { _ in
            let octave = UInt64(random.nextUnit() * 12)
            return UInt64((1 + random.nextUnit()) * Double(20_000 << octave))
        }
    }

    /// The figures as one JSON object: the median of several repetitions each.
    func measure() -> String {
        let few = histogram(of: Self.fewSamples)
        let many = histogram(of: Self.manySamples)
        // In turn, so that a noisy moment of the machine meets both.
        var mergeFew: [Double] = []
        var mergeMany: [Double] = []
        for _ in 0..<Self.repetitions {
            mergeFew.append(mergeNanoseconds(few))
            mergeMany.append(mergeNanoseconds(many))
        }
        let record = median((0..<Self.repetitions).map { _ in recordNanoseconds() })
        return """
            {"record_ns": \(rounded(record)), \
            "few_samples": \(few.totalCount), "merge_few_ns": \(rounded(median(mergeFew))), \
            "many_samples": \(many.totalCount), "merge_many_ns": \(rounded(median(mergeMany)))}
            """
    }

    private func recordNanoseconds() -> Double {
        var histogram = Histogram()
        let turns = 500
        let start = MonotonicClock.system.nowNanoseconds
        for _ in 0..<turns {
            for latency in latencies { histogram.record(latency) }
        }
        let took = MonotonicClock.system.nowNanoseconds - start
        precondition(histogram.totalCount == UInt64(turns * latencies.count))
        return Double(took) / Double(turns * latencies.count)
    }

    /// The same values whatever the count, so that only the count differs.
    private func histogram(of samples: UInt64) -> Histogram {
        var histogram = Histogram()
        let each = samples / UInt64(latencies.count)
        for latency in latencies { histogram.record(latency, count: each) }
        histogram.record(latencies[0], count: samples - each * UInt64(latencies.count))
        return histogram
    }

    private func mergeNanoseconds(_ other: Histogram) -> Double {
        var histogram = Histogram()
        histogram.add(other)
        let turns = 2_000
        let start = MonotonicClock.system.nowNanoseconds
        for _ in 0..<turns { histogram.add(other) }
        let took = MonotonicClock.system.nowNanoseconds - start
        precondition(histogram.totalCount == UInt64(turns + 1) * other.totalCount)
        return Double(took) / Double(turns)
    }

    private func median(_ values: [Double]) -> Double {
        values.sorted()[values.count / 2]
    }

    private func rounded(_ value: Double) -> Double {
        (value * 100).rounded() / 100
    }
}
