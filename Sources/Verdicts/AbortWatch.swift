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
    private var seen: [Key: (count: Int, total: Int)] = [:]

    /// A watch that has seen nothing yet.
    public init(_ profile: Profile) {
        objectives = profile.objectives.filter(\.aborts)
        phases = Set(profile.load.filter(\.isJudged).map(\.name))
        confidence = profile.confidence
    }

    /// The phases that it looks at share what the test may err.
    private func confidence(of objective: Objective) -> Double {
        let looked = objective.phase == nil ? max(1, phases.count) : 1
        return 1 - (1 - (objective.confidence ?? confidence)) / Double(looked)
    }

    /// Takes the next second; the first objective that is broken with it, or absent.
    public mutating func take(_ row: SeriesRow) -> Break? {
        guard !objectives.isEmpty else { return nil }
        for counts in row.counts where phases.contains(counts.phase) { add(counts) }
        for (index, objective) in objectives.enumerated() {
            for phase in phases.sorted() where objective.phase ?? phase == phase {
                guard let (count, total) = seen[Key(objective: index, phase: phase)], total > 0
                else { continue }
                guard let limit = objective.allowedShare else { continue }
                let test = SequentialTest(
                    limit: limit, confidence: confidence(of: objective))
                let evidence = test.evidenceForFail(Double(count), of: Double(total))
                if evidence >= test.needed {
                    return broken(objective, phase, Proportion(count, of: total))
                }
            }
        }
        return nil
    }

    private mutating func add(_ counts: OperationCounts) {
        let total = counts.outcomes.values.reduce(0, +)
        let failures = total - (counts.outcomes[.ok] ?? 0)
        for (index, objective) in objectives.enumerated()
        where objective.operation == nil || objective.operation == counts.operation {
            var slow = 0
            if let threshold = objective.thresholdNanoseconds {
                slow = counts.over[String(threshold)] ?? 0
            }
            var sum = seen[Key(objective: index, phase: counts.phase)] ?? (0, 0)
            sum.count += min(total, failures + slow)
            sum.total += total
            seen[Key(objective: index, phase: counts.phase)] = sum
        }
    }

    private func broken(_ objective: Objective, _ phase: String, _ seen: Proportion) -> Break {
        let share = Figure.percent(Double(seen.count) / Double(max(1, seen.total)))
        let what =
            objective.thresholdNanoseconds.map { "took >= \(Figure.time($0)) or failed" }
            ?? "failed"
        return Break(
            objective: objective.description, phase: phase, count: seen.count, total: seen.total,
            sentence: "\(Figure.whole(seen.count)) of \(Figure.whole(seen.total)) requests in "
                + "\(phase) \(what): \(share), allowed "
                + "\(Figure.percent(objective.allowedShare ?? 0)); by a test that holds at "
                + "every look (likelihood ratio), independent requests.")
    }
}
