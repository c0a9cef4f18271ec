import Measurements

extension RunEvidence {
    /// Whether what was due agrees with what ended, by phase and operation: totals, failures and
    /// right answers as slow as each threshold.
    ///
    /// `due` is to be used only if it does. It does not in evidence of earlier versions, which has
    /// none, nor in that of a run that was killed, whose last seconds are missing.
    static func isWhole(_ due: [DueSecond], _ rows: [SeriesRow]) -> Bool {
        var left: [String: DueSecond] = [:]
        for part in due {
            var sum = part
            (sum.second, sum.slots) = (0, nil)
            left["\(part.phase)\n\(part.operation)", default: Self.nothing(sum)].add(sum)
        }
        for row in rows {
            for counts in row.counts {
                let key = "\(counts.phase)\n\(counts.operation)"
                guard left[key] != nil else { return false }
                for (outcome, number) in counts.outcomes {
                    left[key]?.total -= number
                    if outcome.isFailure { left[key]?.failed -= number }
                }
                left[key]?.over.merge(counts.over.mapValues { -$0 }, uniquingKeysWith: +)
            }
        }
        return !due.isEmpty
            && left.values.allSatisfy { sum in
                sum.total == 0 && sum.failed == 0 && sum.over.values.allSatisfy { $0 == 0 }
            }
    }

    private static func nothing(_ part: DueSecond) -> DueSecond {
        DueSecond(second: 0, phase: part.phase, operation: part.operation)
    }
}
