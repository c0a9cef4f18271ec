public import Evidence
public import Profiles
import Statistics

/// Watches the objectives with `abort`, second by second: says when one of them is broken for sure.
///
/// Each judged phase is looked at for itself, by a test that holds at every look
/// (statistics.md 1.4), so that the step at which a staircase breaks is found; the phases share
/// what the test may err.
public struct AbortWatch: Sendable {
    /// An objective that is broken.
    public struct Break: Sendable, Equatable {
        /// The objective as people write it.
        public var objective: String
        /// The phase that broke it.
        public var phase: String
        /// Requests of the phase that count against it.
        public var count: Int
        /// All requests of the phase that it is about.
        public var total: Int
        /// What is said of it, with the numbers.
        public var sentence: String
    }

    private struct Key: Hashable {
        let objective: Int
        let phase: String
    }

    private let objectives: [Objective]
    private let phases: Set<String>
    private let confidence: Double
    private var seen: [Key: [Proportion]] = [:]

    /// A watch that has seen nothing yet.
    public init(_ profile: Profile) {
        objectives = profile.objectives.filter { $0.aborts && $0.allowedShare != nil }
        phases = Set(profile.load.filter(\.isJudged).map(\.name))
        confidence = profile.confidence
    }

    /// Takes the next second; the first objective that is broken with it, or absent.
    public mutating func take(_ row: SeriesRow) -> Break? {
        guard !objectives.isEmpty else { return nil }
        for (index, objective) in objectives.enumerated() {
            for phase in phases.sorted() where objective.phase ?? phase == phase {
                guard let second = counts(row, objective, phase) else { continue }
                let key = Key(objective: index, phase: phase)
                seen[key, default: []].append(second)
                if let broken = broken(objective, phase, seen[key] ?? []) { return broken }
            }
        }
        return nil
    }

    /// What counts against an objective in one second of a phase; absent without a request.
    private func counts(
        _ row: SeriesRow, _ objective: Objective, _ phase: String
    ) -> Proportion? {
        var (count, total) = (0, 0)
        for counts in row.counts
        where counts.phase == phase && objective.operation ?? counts.operation == counts.operation {
            let all = counts.outcomes.values.reduce(0, +)
            let failures = all - (counts.outcomes[.ok] ?? 0)
            let slow = objective.thresholdNanoseconds.map { counts.over[String($0)] ?? 0 } ?? 0
            count += min(all, failures + slow)
            total += all
        }
        return total > 0 ? Proportion(count, of: total) : nil
    }

    /// The break that these seconds are, if they are one.
    ///
    /// A burst within one second is no break: the requests are counted by their design effect,
    /// which two seconds are the least to show.
    private func broken(
        _ objective: Objective, _ phase: String, _ seconds: [Proportion]
    ) -> Break? {
        guard seconds.count >= 2, let limit = objective.allowedShare else { return nil }
        let share = ShareTest(perSecond: seconds)
        let test = SequentialTest(limit: limit, confidence: confidence(of: objective))
        let evidence = test.evidenceForFail(
            Double(share.seen.count) / share.designEffect,
            of: Double(share.seen.total) / share.designEffect)
        guard evidence >= test.needed else { return nil }
        return describe(objective, phase, share)
    }

    /// The phases that it looks at share what the test may err, and the judge has the other half.
    private func confidence(of objective: Objective) -> Double {
        let looked = objective.phase == nil ? max(1, phases.count) : 1
        return 1 - (1 - (objective.confidence ?? confidence)) / Double(2 * looked)
    }

    private func describe(_ objective: Objective, _ phase: String, _ test: ShareTest) -> Break {
        let seen = test.seen
        let share = Figure.percent(Double(seen.count) / Double(max(1, seen.total)))
        let what =
            objective.thresholdNanoseconds.map { "took >= \(Figure.time($0)) or failed" }
            ?? "failed"
        return Break(
            objective: objective.description, phase: phase, count: seen.count, total: seen.total,
            sentence: "\(Figure.whole(seen.count)) of \(Figure.whole(seen.total)) requests in "
                + "\(phase) \(what): \(share), allowed "
                + "\(Figure.percent(objective.allowedShare ?? 0)); by a test that holds at every "
                + "look (likelihood ratio), design effect "
                + "\(Figure.significant(test.designEffect)).")
    }
}
