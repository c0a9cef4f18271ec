import Generator
import Profiles
import Schedules

/// For how long a target has given no right answer of what objectives with `abort` are about.
///
/// Between two rows, so that a target that is gone ends the run soon. Time in which nobody looked
/// is no silence of the target.
struct SilenceWatch {
    /// A silence that goes on.
    struct Silence: Equatable {
        /// The objective's place among those that are watched.
        let objective: Int
        /// How long it is, in seconds.
        let seconds: Double
        /// The requests that were due in it.
        let requests: Int
    }

    static let pollNanoseconds: UInt64 = 100_000_000
    /// Looks further apart than this have not watched what was between them; a target that does not
    /// answer holds one up by the half second in which its metrics are asked for.
    private static let longestPollNanoseconds: UInt64 = 900_000_000

    /// The operations of each objective, by their indices in the plan.
    let operations: [[Int]]
    /// The judged time of each objective.
    private let spans: [[PhaseSpan]]
    private var planned: PlannedCounter
    /// Looks, with the arrivals that were planned until then.
    private var looks: [(time: UInt64, planned: Int)] = []
    private var watchedSince: UInt64 = 0

    /// A watch of these objectives.
    init(_ objectives: [Objective], _ plan: GeneratorPlan) {
        operations = objectives.map { objective in
            plan.operations.indices.filter {
                objective.operation ?? plan.operations[$0] == plan.operations[$0]
            }
        }
        spans = objectives.map { objective in
            zip(plan.phases, plan.schedule.spans).filter { objective.isAbout($0.0) }.map(\.1)
        }
        planned = PlannedCounter(plan.schedule)
    }

    /// Looks at a time in nanoseconds from the start of the load.
    ///
    /// - Parameter lastRight: for each objective when the last right answer was done.
    /// - Returns: the silences that go on.
    mutating func look(at now: UInt64, lastRight: [UInt64]) -> [Silence] {
        if now > (looks.last?.time ?? 0) + Self.longestPollNanoseconds {
            watchedSince = now
            looks.removeAll()
        }
        let before = looks.last?.planned ?? 0
        looks.append((now, before + planned.count(until: now)))
        // What is older than every last answer is never asked for again.
        let oldest = lastRight.min() ?? 0
        while looks.count > 2, looks[1].time <= oldest { looks.removeFirst() }
        return lastRight.indices.compactMap { index in
            guard let span = spans[index].first(where: { $0.start <= now && now < $0.end }) else {
                return nil
            }
            let from = max(lastRight[index], watchedSince, span.start)
            guard from < now, let first = looks.first(where: { $0.time >= from }) else {
                return nil
            }
            return Silence(
                objective: index, seconds: Double(now - from) / 1e9,
                requests: (looks.last?.planned ?? 0) - first.planned)
        }
    }
}
