import Evidence
import Histograms
import Measurements
import Profiles

extension ObjectiveSample {
    // MARK: From the rows and the interval log

    /// Totals and failures of every row.
    static func rows(
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
                second.end - second.start >= minimumSeconds
                && spans.contains { $0.start - 0.05 <= second.start && second.end <= $0.end + 0.05 }
            return second
        }
    }

    /// Slow answers by the exact counters; false if a row has none for the threshold.
    static func addCounted(
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
    static func addSlow(
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

    /// Everything of a group: by its own counters or, in evidence of earlier versions, by the
    /// interval log alone.
    static func addGroups(
        _ threshold: UInt64?, _ evidence: RunEvidence, to seconds: inout [Second],
        _ isMeant: (String, String) -> Bool
    ) {
        if evidence.rows.contains(where: { $0.groups != nil }) {
            for (index, row) in evidence.rows.enumerated() {
                for counts in row.groups ?? [] where isMeant(counts.phase, counts.operation) {
                    let all = counts.outcomes.values.reduce(0, +)
                    seconds[index].total += all
                    seconds[index].answers += all
                    seconds[index].failures += all - (counts.outcomes[.ok] ?? 0)
                    let over = threshold.flatMap { counts.over[String($0)] } ?? 0
                    seconds[index].slow.least += over
                    seconds[index].slow.most += over
                }
            }
            return
        }
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
