import Evidence
import Histograms
import Measurements
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
        /// Of what counts, what the generator may have caused because it did not look then.
        var excused = 0
        /// Failed requests by how they ended.
        var failed: [Outcome: Int] = [:]
        /// Whether it lies whole in a judged phase.
        var isWhole = false

        /// Right answers below the threshold, at least.
        var good: Int { max(0, total - failures - slow.most) }

        /// What counts at least, of so many: neither what ended in one of these ways nor what the
        /// generator may have caused.
        func proven(_ count: Int, without outcomes: [Outcome]) -> Int {
            max(0, count - excused - outcomes.reduce(0) { $0 + (failed[$1] ?? 0) })
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
    static let minimumSeconds = 0.5

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
        let phases = Set(profile.load.filter(objective.isAbout).map(\.name))
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
        excuse(evidence.blindStretches, timeout: profile.limits.timeout.inSeconds)
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
            if length >= Self.minimumSeconds {
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

    /// What was due, or may have been waiting, while the generator did not look proves nothing
    /// against the target.
    private mutating func excuse(_ blind: [BlindStretch], timeout: Double) {
        let stretches = blind.map { stretch in
            (
                from: Double(stretch.fromNanoseconds) / 1e9 - timeout,
                to: Double(stretch.toNanoseconds) / 1e9
            )
        }
        guard !stretches.isEmpty else { return }
        func part(_ start: Double, _ end: Double) -> Double {
            let shared = stretches.reduce(0) { $0 + max(0, min($1.to, end) - max($1.from, start)) }
            return min(1, shared / max(1e-9, end - start))
        }
        var excused: [Int: Int] = [:]
        if var cells = fineCells {
            for index in cells.indices where cells[index].failed > 0 {
                let share = part(cells[index].start, cells[index].end)
                guard share > 0 else { continue }
                let count = Int(clamping: (share * Double(cells[index].failed)).rounded(.up))
                cells[index].failed -= count
                let middle = (cells[index].start + cells[index].end) / 2
                if let second = second(at: middle) { excused[second, default: 0] += count }
            }
            fineCells = cells
        } else {
            for (index, second) in seconds.enumerated() {
                let share = part(second.start, second.end)
                excused[index] = Int(clamping: (share * Double(second.total)).rounded(.up))
            }
        }
        for (second, count) in excused { seconds[second].excused = count }
    }

    /// Arrivals that were dropped end when they are due, so that the rows say which they were.
    private mutating func addDropped() {
        for row in rows {
            guard let dropped = row.failed[.dropped],
                let second = second(at: (row.start + row.end) / 2)
            else { continue }
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
            for (middle, level) in trace.levels {
                guard let second = second(at: middle) else { continue }
                levels[second].add(level)
                known += level.count
            }
        }
        guard known > 0, known == total - failures else { return nil }
        return Dependence(levels: levels, tails: tails(evidence.latencyGrid(where: isMeant)))
    }

    /// The second that a time lies in, else the one before it, else the first.
    private func second(at middle: Double) -> Int? {
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
            let middle = (second.start + second.end) / 2 / grid.columnSeconds
            let column = Int(max(0, min(middle, Double(LatencyGrid.maximumColumns - 1))))
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
        return TailCounts(
            totals: totals, above: above, levels: LatencyGrid.edges.map { Double($0) })
    }
}
