/// The lower envelope of a sawtooth: the smallest value of each block, and where it stands.
public struct Floor: Sendable, Equatable {
    /// The smallest value of each full block.
    public let values: [Double]
    /// The index of its first occurrence in the series.
    public let indices: [Int]

    /// Cuts a series into blocks of `block` values, at least 1; an incomplete last one is left out.
    ///
    /// O(n).
    public init(_ series: Series, block: Int) {
        precondition(block >= 1, "\(block)")
        indices = (0..<series.count / block).compactMap { part in
            (part * block..<(part + 1) * block).min { series.values[$0] < series.values[$1] }
        }
        values = indices.map { series.values[$0] }
    }
}
