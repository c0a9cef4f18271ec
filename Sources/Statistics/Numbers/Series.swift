/// Finite numbers in the order of time: what is not a number does not get past its door.
public struct Series: Sendable, Equatable {
    /// The numbers.
    public let values: [Double]

    /// Checks the numbers.
    ///
    /// - Throws: `StatisticsError.notFinite` with the first value that is none. A series with such
    ///   a value is no measurement (INVALID); it is never skipped silently.
    public init(_ values: [Double]) throws(StatisticsError) {
        if let index = values.firstIndex(where: { !$0.isFinite }) {
            throw .notFinite(values[index], at: index)
        }
        self.values = values
    }

    init(finite values: [Double]) {
        assert(values.allSatisfy(\.isFinite))
        self.values = values
    }

    /// How many there are.
    public var count: Int { values.count }

    /// The mean; `nil` if there is nothing.
    public var mean: Double? { values.mean }

    /// The sample variance; `nil` below two values.
    public var variance: Double? { values.variance }

    /// The median; `nil` if there is nothing.
    ///
    /// O(n log n).
    public var median: Double? { values.median }
}

extension [Double] {
    /// The sum with an error that does not grow with the length.
    ///
    /// - Source: Neumaier 1974.
    var sum: Double {
        var (sum, lost) = (0.0, 0.0)
        for value in self {
            let next = sum + value
            lost += sum.magnitude >= value.magnitude ? sum - next + value : value - next + sum
            sum = next
        }
        return sum + lost
    }

    var mean: Double? { isEmpty ? nil : sum / Double(count) }

    /// The squared deviations from the mean, added up.
    var squaredDeviations: Double {
        guard let mean else { return 0 }
        return map { ($0 - mean) * ($0 - mean) }.sum
    }

    /// The unbiased variance; `nil` below two values.
    var variance: Double? { count < 2 ? nil : squaredDeviations / Double(count - 1) }

    var median: Double? { sorted().medianOfSorted }

    /// The median of numbers that ascend.
    var medianOfSorted: Double? {
        guard !isEmpty else { return nil }
        let middle = count / 2
        return count % 2 == 1 ? self[middle] : (self[middle - 1] + self[middle]) / 2
    }

    /// The largest less the smallest; 0 where there is nothing.
    var range: Double { (self.max() ?? 0) - (self.min() ?? 0) }
}
