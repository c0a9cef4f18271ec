import Statistics

/// What happened in a run to a share of its requests: facts, which hold whatever another run shows.
///
/// - Source: statistics.md, "What happened in this run".
struct ShareFacts {
    /// Why a run that missed its limit FAILs as it stands, without any inference.
    enum Rule: Equatable {
        /// The share is so far beyond the limit that no dependence explains it (Markov).
        case share
        /// Outages alone hold at least twice what the limit allows.
        case outage
        /// A stretch at a far higher level alone holds at least twice what the limit allows.
        case change
    }

    /// A stretch of time with what counts against the limit in it.
    struct Stretch: Equatable {
        /// Its begin in seconds from the start of the load.
        var start: Double
        /// Its end.
        var end: Double
        /// Whether it lasts until the end of what was judged.
        var isOpen: Bool
        /// The part of everything that counts which lies in it, 0 to 1.
        var part: Double
    }

    /// Outages or a level alone must hold this many times what the limit allows.
    private static let timesAllowed = 2.0
    /// A change of level is this many times the limit.
    private static let timesLimit = 5.0

    /// What counts and all requests, among them those that were never sent, which count as good.
    let count: Int
    let total: Int
    let limit: Double
    /// Why it FAILs in this run; `nil` if what happened alone is no FAIL.
    let rule: Rule?
    /// Where what counts came together; `nil` if it is spread over the run or there is none.
    let stretch: Stretch?
    /// The number of spells: stretches of outage.
    let outages: [FailingStretch]

    /// The share of this run.
    var share: Double { total > 0 ? Double(count) / Double(total) : 0 }
    /// Whether this run kept the limit.
    var isKept: Bool { share <= limit }

    /// From the judged seconds.
    ///
    /// - Parameters:
    ///   - cells: seconds, with what was due and what counts of it.
    ///   - fine: the same in shorter cells, in which outages are looked for; `nil` if not known.
    ///   - unsent: requests that were never sent.
    ///   - times: when what counts was due, ascending, or at least its first and last of each
    ///     short time; `nil` if that is not known.
    init(
        _ cells: [FailingStretches.Cell], fine: [FailingStretches.Cell]? = nil, limit: Double,
        confidence: Double, unsent: Int = 0, times: [Double]? = nil
    ) {
        count = cells.reduce(0) { $0 + $1.failed }
        total = cells.reduce(unsent) { $0 + $1.total }
        self.limit = limit
        let fine = fine ?? cells
        outages = count > 0 ? FailingStretches(fine).outages : []
        let allowed = Self.timesAllowed * limit * Double(total)
        let share = total > 0 ? Double(count) / Double(total) : 0
        let change = share > limit ? Self.change(cells, limit, confidence) : nil
        let inOutages = outages.reduce(0) { $0 + $1.failed }
        if share <= limit {
            rule = nil
        } else if inOutages > 0, Double(inOutages) >= allowed {
            rule = .outage
        } else if let change, Double(change.failed) >= allowed {
            rule = .change
        } else if share >= limit / (1 - confidence) {
            rule = .share
        } else {
            rule = nil
        }
        stretch =
            outages.isEmpty
            ? Self.whole([change].compactMap { $0 }, cells, of: count, times)
            : Self.whole(outages, fine, of: count, times)
    }

    /// A stretch of at least 10 s or a sixth of the run at five times the limit, beyond what
    /// independent requests show somewhere in a run by chance.
    private static func change(
        _ cells: [FailingStretches.Cell], _ limit: Double, _ confidence: Double
    ) -> FailingStretch? {
        let seconds = cells.reduce(0) { $0 + $1.end - $1.start }
        guard timesLimit * limit < 1,
            let found = FailingStretches(cells).worst(
                above: timesLimit * limit, seconds: min(10, seconds / 6))
        else { return nil }
        let places = Double(cells.count * (cells.count + 1) / 2)
        let chance = Binomial.atLeast(found.failed, trials: found.total, probability: limit)
        return chance * places <= 1 - confidence ? found : nil
    }

    /// All of the stretches as one, by the times of what counts if they are known.
    private static func whole(
        _ ranges: [FailingStretch], _ cells: [FailingStretches.Cell], of count: Int,
        _ times: [Double]?
    ) -> Stretch? {
        guard let first = ranges.first, let last = ranges.last, count > 0 else { return nil }
        var start = cells[first.cells.lowerBound].start
        var end = cells[last.cells.upperBound - 1].end
        let isOpen = !cells[last.cells.upperBound...].contains { $0.total > $0.failed }
        if let own = times?.filter({ start <= $0 && $0 <= end }), let from = own.first,
            let to = own.last
        {
            (start, end) = (from, to)
        }
        let inside = ranges.reduce(0) { $0 + $1.failed }
        return Stretch(
            start: start, end: end, isOpen: isOpen, part: Double(inside) / Double(count))
    }
}
