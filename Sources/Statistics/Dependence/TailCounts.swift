/// How many requests of each stretch of time lay above each of a row of levels.
///
/// It shows how requests hang together at a share of them that a run did not come to, whatever
/// bound it is judged by.
public struct TailCounts: Sendable, Equatable {
    /// Batches of so many columns are looked at, where ten or more are left.
    static let scales = [1, 2, 5, 10]
    static let minimumBatches = 10

    /// The requests of each column of time, in order.
    public let totals: [Int]
    /// By column, how many lay above each level; ascending levels, so that counts descend.
    public let above: [[Int]]
    /// The levels themselves, ascending; empty if they are not known.
    public let levels: [Double]

    /// From the requests of each column, and for each column the counts above each level.
    ///
    /// - Parameters:
    ///   - totals: requests of each column of equal length, in the order of time.
    ///   - above: for each column as many counts, each at most its total.
    ///   - levels: as many as there are counts of a column, ascending.
    public init(totals: [Int], above: [[Int]], levels: [Double] = []) {
        precondition(totals.count == above.count, "\(totals.count) and \(above.count)")
        self.totals = totals
        self.above = above
        self.levels = levels
    }

    /// The share of all requests above the highest level that is not above `value`; `nil` if there
    /// is none.
    func share(above value: Double) -> Double? {
        let all = totals.reduce(0, +)
        guard all > 0, let level = levels.lastIndex(where: { $0 <= value }) else { return nil }
        return Double(above.reduce(0) { $0 + $1[level] }) / Double(all)
    }

    /// The requests above the level that the nearest share to `share` of all lay above.
    ///
    /// - Returns: for each column its requests above that level; `nil` if no level divides them.
    func exceedances(near share: Double) -> [Proportion]? {
        let all = totals.reduce(0, +)
        guard all > 0, let levels = above.first?.count else { return nil }
        var sums = [Int](repeating: 0, count: levels)
        for column in above { for (level, count) in column.enumerated() { sums[level] += count } }
        let wanted = Double.log(max(share, 1e-300))
        let nearest = sums.indices.filter { sums[$0] > 0 && sums[$0] < all }.min { left, right in
            func distance(_ level: Int) -> Double {
                (Double.log(Double(sums[level]) / Double(all)) - wanted).magnitude
            }
            return distance(left) < distance(right)
        }
        guard let nearest else { return nil }
        return zip(above, totals).map { Proportion(min($0[nearest], $1), of: $1) }
    }

    /// How many requests weigh as much as one independent request where `share` of them exceed a
    /// level, and how many of the batches that say so are independent.
    ///
    /// The most that batches of several lengths show: slow swings do not show in short ones.
    public func designEffect(at share: Double) -> (effect: Double, batches: Double) {
        guard let columns = exceedances(near: share), columns.count >= 2 else { return (1, 2) }
        var effect = ClusteredProportion(batches: Self.thirty(columns)).batchEffect
        let batches = ClusteredProportion(batches: Self.thirty(columns)).effectiveBatches
        for scale in Self.scales {
            let count = columns.count / scale
            guard count >= Self.minimumBatches || scale == 1 else { break }
            let batched = (0..<count).map { Self.sum(columns[$0 * scale..<($0 + 1) * scale]) }
            effect = max(effect, ClusteredProportion(batches: batched).correlatedEffect)
        }
        return (max(1, effect), batches)
    }

    private static func thirty(_ columns: [Proportion]) -> [Proportion] {
        let count = min(30, columns.count)
        return (0..<count).map { batch in
            // Columns whose batch this is, as `ShareTest` deals seconds out.
            let first = (batch * columns.count + count - 1) / count
            let next = ((batch + 1) * columns.count + count - 1) / count
            return sum(columns[first..<next])
        }
    }

    private static func sum(_ columns: ArraySlice<Proportion>) -> Proportion {
        Proportion(
            columns.reduce(0) { $0 + $1.count }, of: columns.reduce(0) { $0 + $1.total })
    }
}
