import Evidence
import Histograms
import Profiles
import Statistics

/// What the evidence holds for one objective, second by second.
struct ObjectiveSample {
    /// A second, or what a judged phase has of one.
    struct Second {
        /// Its begin in seconds from the start of the load.
        var start: Double
        /// Its end.
        var end: Double
        /// Requests of it.
        var total = 0
        /// Those that failed.
        var failures = 0
        /// Those that were answered, right or wrong.
        var answers = 0
        /// Right answers as slow as the threshold or slower, at least and at most: apart if a
        /// bucket of the histogram is divided by the threshold.
        var slow = (least: 0, most: 0)
        /// Failed requests by how they ended.
        var failed: [Outcome: Int] = [:]
        /// Whether it lies whole in a judged phase.
        var isWhole = false

        /// Right answers below the threshold, at least.
        var good: Int { max(0, total - failures - slow.most) }

        /// The failures but for those that ended in one of these ways.
        func failures(without outcomes: [Outcome]) -> Int {
            max(0, failures - outcomes.reduce(0) { $0 + (failed[$1] ?? 0) })
        }

        /// Adds the requests of another one.
        mutating func add(_ other: Second) {
            total += other.total
            failures += other.failures
            answers += other.answers
            slow.least += other.slow.least
            slow.most += other.slow.most
            failed.merge(other.failed, uniquingKeysWith: +)
        }
    }

    /// A row has at least so much of its second in a judged phase, or its requests go to the next.
    private static let leastSeconds = 0.5

    /// The judged seconds in order, with all requests of the sample.
    private(set) var seconds: [Second] = []
    /// Every row of the evidence, with what ended in it.
    private(set) var rows: [Second] = []
    /// Tenths of those seconds in which something failed or was slow, and whole seconds for the
    /// rest; `nil` if the evidence has no tenths.
    private(set) var fineCells: [FailingStretches.Cell]?
    /// When what counts was due, ascending: all of it, or the first and last of each tenth; `nil`
    /// if the evidence does not tell.
    private(set) var badTimes: [Double]?
    /// When the failed requests were due, ascending; `nil` if not all of them were kept.
    let failureTimes: [Double]?
    /// How many of the failures were kept.
    let keptFailures: Int
    /// What is counted, in the plural.
    let noun: String
    /// How the level of latency makes requests hang together; `nil` if it is not known.
    private(set) var dependence: Dependence?

    /// The rows that lie whole in a judged phase.
    var wholeSeconds: [Second] { rows.filter(\.isWhole) }
    var total: Int { seconds.reduce(0) { $0 + $1.total } }
    var failures: Int { seconds.reduce(0) { $0 + $1.failures } }
    /// The time that the seconds make up.
    var length: Double { seconds.reduce(0) { $0 + $1.end - $1.start } }

    /// What `objective` is about, in the judged phases of `profile`.
    ///
    /// - Parameter countsSlow: whether answers beyond the objective's threshold are counted.
    init(
        _ objective: Objective, _ evidence: RunEvidence, _ profile: Profile,
        countsSlow: Bool = true
    ) {
        let phases = Set(
            profile.load.filter {
                $0.isJudged && (objective.phase == nil || objective.phase == $0.name)
            }.map(\.name))
        let name = objective.operation
        let isGroup =
            name.map { evidence.groups.contains($0) && !evidence.operations.contains($0) } ?? false
        func isMeant(_ phase: String, _ operation: String) -> Bool {
            phases.contains(phase) && (name == nil || name == operation)
        }
        let spans = zip(profile.load, profile.spans).filter { phases.contains($0.0.name) }
            .map { (start: Double($0.1.start) / 1e9, end: Double($0.1.end) / 1e9) }
        var rows = Self.rows(evidence, spans, isMeant)
        let threshold = objective.thresholdNanoseconds
        if isGroup {
            Self.addGroups(threshold, evidence, to: &rows, isMeant)
        } else if countsSlow, let threshold,
            !Self.addCounted(threshold, evidence, to: &rows, isMeant)
        {
            Self.addSlow(threshold, evidence, to: &rows, isMeant)
        }
        noun = isGroup ? "passes of \(name ?? "")" : "requests"
        let times = evidence.failures.filter { isMeant($0.phase, $0.operation) }
            .map { Double($0.dueNanoseconds) / 1e9 }
        let failed = rows.reduce(0) { $0 + $1.failures }
        keptFailures = isGroup ? 0 : times.count
        failureTimes = !isGroup && times.count == failed ? times.sorted() : nil
        self.rows = rows
        badTimes = failureTimes
        let due =
            isGroup || !evidence.hasWholeDue
            ? nil
            : DueSeconds(
                evidence.due.filter { isMeant($0.phase, $0.operation) },
                threshold: countsSlow ? threshold : nil)
        if let due {
            deal(due.seconds, spans)
            addDropped()
            fineCells = due.cells(from: seconds)
            if threshold != nil || failureTimes == nil { badTimes = due.badTimes }
        } else {
            deal(rows, spans)
        }
        if threshold != nil, !isGroup {
            dependence = dependence(evidence, isMeant)
        }
    }

    /// Deals rows out to the seconds: those that have too little of a phase go to the one before,
    /// or to the first.
    private mutating func deal(_ rows: [Second], _ spans: [(start: Double, end: Double)]) {
        var early: [Second] = []
        for row in rows {
            let shared = spans.compactMap { span -> (start: Double, end: Double)? in
                let (start, end) = (max(row.start, span.start), min(row.end, span.end))
                return end > start ? (start, end) : nil
            }
            let length = min(
                row.end - row.start, shared.reduce(0) { $0 + $1.end - $1.start })
            if length >= Self.leastSeconds {
                var second = row
                second.start = shared[0].start
                second.end = second.start + length
                seconds.append(second)
            } else if row.total > 0 {
                if seconds.isEmpty {
                    early.append(row)
                } else {
                    seconds[seconds.count - 1].add(row)
                }
            }
        }
        guard let first = early.first, let last = early.last else { return }
        // A phase shorter than half a second is a batch all the same.
        if seconds.isEmpty { seconds = [Second(start: first.start, end: last.end)] }
        for row in early { seconds[0].add(row) }
    }

    /// Arrivals that were dropped end when they are due, so that the rows say which they were.
    private mutating func addDropped() {
        for row in rows {
            guard let dropped = row.failed[.dropped], let second = second(at: row) else { continue }
            seconds[second].failed[.dropped, default: 0] += dropped
        }
    }

    // MARK: How requests hang together

    /// By the level of latency of each second; `nil` if the evidence does not have it of all right
    /// answers.
    private func dependence(
        _ evidence: RunEvidence, _ isMeant: (String, String) -> Bool
    ) -> Dependence? {
        var levels = [LatencyLevel](repeating: LatencyLevel(), count: seconds.count)
        var known = 0
        for (key, trace) in evidence.latencyTraces where isMeant(key.phase, key.operation) {
            for (row, level) in trace.levels.enumerated() where row < rows.count {
                guard level.count > 0, let second = second(at: rows[row]) else { continue }
                levels[second].add(level)
                known += level.count
            }
        }
        guard known > 0, known == total - failures else { return nil }
        return Dependence(levels: levels, tails: tails(evidence.latencyGrid(where: isMeant)))
    }

    /// The second that the middle of a row lies in, else the one before it, else the first.
    private func second(at row: Second) -> Int? {
        let middle = (row.start + row.end) / 2
        var (low, high) = (0, seconds.count)
        while low < high {
            let between = (low + high) / 2
            if seconds[between].start <= middle { low = between + 1 } else { high = between }
        }
        return seconds.isEmpty ? nil : max(0, low - 1)
    }

    /// What lay above each level of latency; a failure lies above all of them.
    private func tails(_ grid: LatencyGrid) -> TailCounts {
        var failed = [Int](repeating: 0, count: grid.columns.count)
        for second in seconds where second.failures > 0 {
            let column = Int((second.start + second.end) / 2 / grid.columnSeconds)
            while failed.count <= column { failed.append(0) }
            failed[column] += second.failures
        }
        var totals: [Int] = []
        var above: [[Int]] = []
        for (column, failures) in failed.enumerated() {
            let cells = column < grid.columns.count ? grid.columns[column] : []
            var sum = failures
            var counts = [Int](repeating: failures, count: LatencyGrid.edges.count)
            for row in cells.indices.reversed() {
                sum += Int(clamping: cells[row])
                counts[row] = sum
            }
            guard sum > 0 else { continue }
            totals.append(sum)
            above.append(counts)
        }
        return TailCounts(totals: totals, above: above)
    }

    // MARK: From the rows and the interval log

    /// Totals and failures of every row.
    private static func rows(
        _ evidence: RunEvidence, _ spans: [(start: Double, end: Double)],
        _ isMeant: (String, String) -> Bool
    ) -> [Second] {
        var start = 0.0
        return evidence.rows.map { row in
            var second = Second(start: start, end: row.timeSeconds)
            start = row.timeSeconds
            for counts in row.counts where isMeant(counts.phase, counts.operation) {
                for (outcome, number) in counts.outcomes {
                    second.total += number
                    if outcome.wasAnswered { second.answers += number }
                    guard outcome.isFailure else { continue }
                    second.failures += number
                    second.failed[outcome, default: 0] += number
                }
            }
            second.isWhole =
                second.end - second.start >= leastSeconds
                && spans.contains { $0.start - 0.05 <= second.start && second.end <= $0.end + 0.05 }
            return second
        }
    }

    /// Slow answers by the exact counters; false if a row has none for the threshold.
    private static func addCounted(
        _ threshold: UInt64, _ evidence: RunEvidence, to seconds: inout [Second],
        _ isMeant: (String, String) -> Bool
    ) -> Bool {
        var counted = seconds
        for (index, row) in evidence.rows.enumerated() {
            for counts in row.counts where isMeant(counts.phase, counts.operation) {
                guard let over = counts.over[String(threshold)] else { return false }
                counted[index].slow.least += over
                counted[index].slow.most += over
            }
        }
        seconds = counted
        return true
    }

    /// Slow answers by the interval log.
    private static func addSlow(
        _ threshold: UInt64, _ evidence: RunEvidence, to seconds: inout [Second],
        _ isMeant: (String, String) -> Bool
    ) {
        evidence.forEachInterval {
            $0.clock == .latency && !$0.isFailed && isMeant($0.phase, $0.operation)
        } body: {
            row, _, histogram in
            let (least, most) = histogram.count(atOrAbove: threshold)
            seconds[row].slow.least += Int(least)
            seconds[row].slow.most += Int(most)
        }
    }

    /// Everything of a group, which only the interval log has.
    private static func addGroups(
        _ threshold: UInt64?, _ evidence: RunEvidence, to seconds: inout [Second],
        _ isMeant: (String, String) -> Bool
    ) {
        evidence.forEachInterval {
            $0.clock == .group && isMeant($0.phase, $0.operation)
        } body: {
            row, key, histogram in
            let count = Int(histogram.totalCount)
            seconds[row].total += count
            seconds[row].answers += count
            if key.isFailed {
                seconds[row].failures += count
            } else if let threshold {
                let (least, most) = histogram.count(atOrAbove: threshold)
                seconds[row].slow.least += Int(least)
                seconds[row].slow.most += Int(most)
            }
        }
    }
}
