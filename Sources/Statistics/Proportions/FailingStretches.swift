/// A stretch of a run in which far more failed than elsewhere.
public struct FailingStretch: Sendable, Equatable {
    /// The cells that it is made of, by index.
    public let cells: Range<Int>
    /// Its requests.
    public let total: Int
    /// Those that failed.
    public let failed: Int
}

/// Finds the stretches of a run that alone break a limit: facts of the run, no inference.
///
/// - Source: statistics.md, "What happened in this run".
public struct FailingStretches: Sendable {
    /// A piece of time with the requests that were due in it.
    public struct Cell: Sendable, Equatable {
        /// Its begin in seconds.
        public var start: Double
        /// Its end in seconds.
        public var end: Double
        /// How many requests.
        public var total: Int
        /// How many of them failed or were slow.
        public var failed: Int

        /// A cell from its parts.
        public init(start: Double, end: Double, total: Int, failed: Int) {
            self.start = start
            self.end = end
            self.total = total
            self.failed = failed
        }

        var share: Double { total > 0 ? Double(failed) / Double(total) : 0 }
    }

    /// Shorter failures are no outage, in seconds.
    static let minimumOutageSeconds = 0.5
    /// Fewer requests are none either.
    static let minimumOutageRequests = 10
    /// From this share on a cell is part of an outage's edge.
    private static let edgeShare = 0.2

    private let cells: [Cell]
    private let perSecond: Double

    /// Of cells in the order of time.
    public init(_ cells: [Cell]) {
        self.cells = cells
        let seconds = cells.reduce(0) { $0 + $1.end - $1.start }
        perSecond = seconds > 0 ? Double(cells.reduce(0) { $0 + $1.total }) / seconds : 0
    }

    // MARK: Outages

    /// The outages: at least half a second and ten requests, of which at least half failed.
    ///
    /// O(cells). An outage begins and ends within a cell, so that at its edges a smaller share of
    /// the cell is enough.
    public var outages: [FailingStretch] {
        var found: [FailingStretch] = []
        var begin = 0
        while begin < cells.count {
            guard cells[begin].share >= Self.edgeShare else {
                begin += 1
                continue
            }
            var end = begin + 1
            // Cells between the edges fail by half at least; one without a request breaks nothing.
            while end < cells.count, isPart(end, of: begin) { end += 1 }
            while cells[end - 1].failed == 0 { end -= 1 }
            let stretch = stretch(begin..<end)
            if isOutage(stretch) { found.append(stretch) }
            begin = end
        }
        return found
    }

    private func isPart(_ index: Int, of begin: Int) -> Bool {
        let cell = cells[index]
        if cell.total == 0 || cell.share >= 0.5 { return true }
        // The last one: what follows it is no part.
        return cell.share >= Self.edgeShare
            && (index - begin == 1 || cells[index - 1].share >= 0.5 || cells[index - 1].total == 0)
    }

    private func isOutage(_ stretch: FailingStretch) -> Bool {
        let own = cells[stretch.cells]
        let core = own.map(\.share).max() ?? 0
        let isHalf = core >= 0.5 || own.reduce(0) { $0 + $1.share } >= 0.8
        return isHalf && stretch.failed * 2 >= Self.minimumOutageRequests
            && stretch.total >= Self.minimumOutageRequests
            && Double(stretch.failed) >= Self.minimumOutageSeconds * perSecond * 0.999
    }

    // MARK: A change of level

    /// The stretch in which the share exceeds `share` by the most requests, of at least `seconds`;
    /// `nil` if there is none.
    ///
    /// O(cells), by sums from the beginning.
    public func worst(above share: Double, seconds: Double) -> FailingStretch? {
        var sums = [0.0]
        for cell in cells {
            sums.append((sums.last ?? 0) + Double(cell.failed) - share * Double(cell.total))
        }
        var best: (excess: Double, range: Range<Int>)?
        var lowest = 0
        var first = 0
        for end in cells.indices.map({ $0 + 1 }) {
            // Beginnings that leave enough time until this end.
            while first < end, cells[end - 1].end - cells[first].start >= seconds - 1e-6 {
                if sums[first] < sums[lowest] { lowest = first }
                first += 1
            }
            guard first > 0 else { continue }
            let excess = sums[end] - sums[lowest]
            if excess > best?.excess ?? 0 { best = (excess, lowest..<end) }
        }
        return best.map { stretch($0.range) }
    }

    private func stretch(_ range: Range<Int>) -> FailingStretch {
        FailingStretch(
            cells: range, total: cells[range].reduce(0) { $0 + $1.total },
            failed: cells[range].reduce(0) { $0 + $1.failed })
    }
}
