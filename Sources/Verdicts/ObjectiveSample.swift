import Evidence
import Histograms
import Profiles
import Statistics

/// What the evidence holds for one objective, second by second.
struct ObjectiveSample {
    /// A second, or what the last row is of one.
    struct Second {
        /// Its begin in seconds from the start of the load.
        var start: Double
        /// Its end.
        var end: Double
        /// Requests that ended in it.
        var total = 0
        /// Those that failed.
        var failures = 0
        /// Those that were answered, right or wrong.
        var answers = 0
        /// Right answers as slow as the threshold or slower, at least and at most: apart where a
        /// bucket of the histogram is divided by the threshold.
        var slow = (least: 0, most: 0)
        /// Whether it lies whole in a judged phase.
        var isWhole = false

        /// Right answers below the threshold, at least.
        var good: Int { max(0, total - failures - slow.most) }
    }

    /// The judged seconds in order.
    let seconds: [Second]
    /// When the failed requests were due, ascending; absent where not all of them were kept.
    let failureTimes: [Double]?
    /// How many of the failures were kept.
    let keptFailures: Int
    /// What is counted, in the plural.
    let noun: String

    var total: Int { seconds.reduce(0) { $0 + $1.total } }
    var failures: Int { seconds.reduce(0) { $0 + $1.failures } }
    /// The time that the seconds make up.
    var length: Double { seconds.reduce(0) { $0 + $1.end - $1.start } }

    /// What `objective` is about, in the judged phases of `profile`.
    init(_ objective: Objective, _ evidence: RunEvidence, _ profile: Profile) {
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
        var all = Self.rows(evidence, spans, isMeant)
        let threshold = objective.thresholdNanoseconds
        if isGroup {
            Self.addGroups(threshold, evidence, to: &all, isMeant)
        } else if let threshold, !Self.addCounted(threshold, evidence, to: &all, isMeant) {
            Self.addSlow(threshold, evidence, to: &all, isMeant)
        }
        seconds = zip(evidence.rows, all).filter { $0.0.isIn(phases) || $0.1.total > 0 }.map(\.1)
        noun = isGroup ? "passes of \(name ?? "")" : "requests"
        let times = evidence.failures.filter { isMeant($0.phase, $0.operation) }
            .map { Double($0.dueNanoseconds) / 1e9 }
        let failed = seconds.reduce(0) { $0 + $1.failures }
        keptFailures = isGroup ? 0 : times.count
        failureTimes = !isGroup && times.count == failed ? times.sorted() : nil
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
                    if outcome.isFailure { second.failures += number }
                    if [.ok, .wrongStatus, .wrongContent, .tooSlow].contains(outcome) {
                        second.answers += number
                    }
                }
            }
            second.isWhole =
                second.end - second.start >= 0.5
                && spans.contains { $0.start - 0.05 <= second.start && second.end <= $0.end + 0.05 }
            return second
        }
    }

    /// Slow answers by the exact counters; false where a row has none for the threshold.
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
