public import Measurements

/// The requests of a run that failed in one way.
public struct FailureSum: Sendable {
    /// The way.
    public var kind: FailureKind
    /// How many there were.
    public var count: Int
    /// When the first of them was due, in nanoseconds from the start of the load; the begin of its
    /// second in evidence without exact times.
    public var firstDueNanoseconds: Int64
    /// When the last of them was due, likewise; else the end of its second.
    public var lastDueNanoseconds: Int64
    /// One that was kept whole; `nil` if none was.
    public var example: FailureRecord?
}

extension RunEvidence {
    /// Whether every request that failed was kept whole; dropped arrivals, which are never sent,
    /// are no requests here.
    public var hasEveryFailure: Bool {
        let counts = outcomes { _, _ in true }.filter { $0.key.isFailure && $0.key != .dropped }
        return counts.values.reduce(0, +) == failures.count
    }

    /// Every kind of failure with its exact count, over phases and operations that `include` takes,
    /// the most frequent first.
    ///
    /// Counts agree with those of outcomes: what a row counts as failed and tells no kind of, as
    /// rows of earlier versions, is of a kind without status and error.
    public func failureKinds(
        where include: (_ phase: String, _ operation: String) -> Bool
    ) -> [FailureSum] {
        var sums: [FailureKind: FailureSum] = [:]
        var start: Int64 = 0
        for row in rows {
            let end = Int64(max(-1e9, min(row.timeSeconds, 1e9)) * 1e9)
            for count in row.failures ?? [] where include(count.phase, count.operation) {
                Self.add(count, to: &sums)
            }
            for counts in row.counts where include(counts.phase, counts.operation) {
                for (outcome, number) in counts.outcomes where outcome.isFailure {
                    let told = (row.failures ?? []).reduce(0) { sum, failure in
                        let isSame =
                            failure.phase == counts.phase && failure.outcome == outcome
                            && failure.operation == counts.operation
                        return isSame ? sum + failure.count : sum
                    }
                    guard number > told else { continue }
                    let kind = FailureKind(operation: counts.operation, outcome: outcome)
                    Self.add(
                        FailureCount(
                            phase: counts.phase, kind: kind, count: number - told,
                            firstDueNanoseconds: start, lastDueNanoseconds: end), to: &sums)
                }
            }
            start = end
        }
        addExamples(to: &sums, where: include)
        return sums.values.sorted { Self.order($0) < Self.order($1) }
    }

    private static func add(_ count: FailureCount, to sums: inout [FailureKind: FailureSum]) {
        let new = FailureSum(
            kind: count.kind, count: 0, firstDueNanoseconds: count.firstDueNanoseconds,
            lastDueNanoseconds: count.lastDueNanoseconds)
        var sum = sums[count.kind] ?? new
        sum.count += count.count
        sum.firstDueNanoseconds = min(sum.firstDueNanoseconds, count.firstDueNanoseconds)
        sum.lastDueNanoseconds = max(sum.lastDueNanoseconds, count.lastDueNanoseconds)
        sums[count.kind] = sum
    }

    /// The first record of each kind; of what has no kind of its own, the first one that fits.
    private func addExamples(
        to sums: inout [FailureKind: FailureSum],
        where include: (_ phase: String, _ operation: String) -> Bool
    ) {
        for record in failures where include(record.phase, record.operation) {
            let bare = FailureKind(operation: record.operation, outcome: record.outcome)
            var other = bare
            other.error = FailureKind.other
            let kind = [record.kind, other, bare].first { sums[$0] != nil }
            guard let kind, sums[kind]?.example == nil else { continue }
            sums[kind]?.example = record
        }
    }

    /// By count, then by the first time, then by what always differs.
    private static func order(_ sum: FailureSum) -> (Int, Int64, String, String, Int, String) {
        (
            -sum.count, sum.firstDueNanoseconds, sum.kind.operation, sum.kind.outcome.rawValue,
            sum.kind.status ?? 0, sum.kind.error ?? ""
        )
    }
}
